import {
  type Argument,
  argumentsOf,
  type Block,
  type Expression,
  operandsOf,
  type Program,
  partsOf,
  type Subroutine,
  type Target,
  targetExpressions,
  targetVariables,
  type VariableId,
} from '@qfs/circuit';

/** A variable that a call passes on by reference. */
interface Passed {
  readonly variable: VariableId;
  readonly subroutine: number;
  readonly position: number;
}

/** What one subroutine does to its variables itself, and what it has others do. */
class Uses {
  readonly written = new Set<VariableId>();
  readonly passed: Passed[] = [];

  constructor({ body }: Subroutine) {
    this.#block(body);
  }

  #block(block: Block): void {
    for (const instruction of block) {
      const { qubits, expressions, targets, blocks } = partsOf(instruction);
      for (const qubit of qubits) if (typeof qubit !== 'number') this.#expression(qubit.index);
      for (const expression of expressions) this.#expression(expression);
      for (const target of targets) {
        for (const variable of targetVariables(target)) this.written.add(variable);
        this.#indices(target);
      }
      for (const inner of blocks) this.#block(inner);
    }
  }

  #indices(target: Target): void {
    for (const expression of targetExpressions(target)) this.#expression(expression);
  }

  #expression(expression: Expression): void {
    for (const operand of operandsOf(expression)) this.#expression(operand);
    if (expression.kind !== 'call') return;
    argumentsOf(expression).forEach((argument, position) => {
      this.#argument(argument, expression.subroutine, position);
    });
  }

  #argument(argument: Argument, subroutine: number, position: number): void {
    if (argument.kind === 'value') this.#expression(argument.value);
    else if (argument.kind === 'reference') {
      for (const variable of targetVariables(argument.target))
        this.passed.push({ variable, subroutine, position });
      this.#indices(argument.target);
    }
  }
}

/**
 * The variables that each subroutine writes to, itself or through the calls that it makes. References to
 * others may be written as `readonly`, which takes inputs as well.
 */
export function writtenVariables({ subroutines }: Program): readonly ReadonlySet<VariableId>[] {
  const uses = subroutines.map((subroutine) => new Uses(subroutine));
  const isWritten = ({ subroutine, position }: Passed): boolean => {
    const parameter = subroutines[subroutine]?.parameters[position];
    return parameter?.kind === 'reference' && uses[subroutine]!.written.has(parameter.variable);
  };
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const { written, passed } of uses) {
      for (const use of passed) {
        if (written.has(use.variable) || !isWritten(use)) continue;
        written.add(use.variable);
        isChanged = true;
      }
    }
  }
  return uses.map(({ written }) => written);
}
