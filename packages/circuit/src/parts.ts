import type {
  Argument,
  Block,
  Expression,
  ForRange,
  Instruction,
  Parameter,
  QubitOperand,
  Selector,
  Target,
  VariableId,
} from './ir.ts';

/** What an instruction consists of, one level deep; every walk over programs is built on this. */
export interface Parts {
  readonly qubits: readonly QubitOperand[];
  /** What it evaluates, apart from the indices in qubits and targets. */
  readonly expressions: readonly Expression[];
  /** What it writes to. */
  readonly targets: readonly Target[];
  readonly blocks: readonly Block[];
}

const NOTHING: Parts = { qubits: [], expressions: [], targets: [], blocks: [] };

const symbolic = (parameters: readonly Parameter[]): Expression[] =>
  parameters.filter((parameter): parameter is Expression => typeof parameter !== 'number');

const present = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

export function partsOf(instruction: Instruction): Parts {
  switch (instruction.kind) {
    case 'gate':
      return { ...NOTHING, qubits: instruction.qubits, expressions: symbolic(instruction.parameters) };
    case 'gphase':
      return { ...NOTHING, qubits: instruction.qubits ?? [], expressions: symbolic([instruction.angle]) };
    case 'measure':
      return { ...NOTHING, qubits: [instruction.qubit], targets: present(instruction.target) };
    case 'reset':
      return { ...NOTHING, qubits: [instruction.qubit] };
    case 'barrier':
      return { ...NOTHING, qubits: instruction.qubits };
    case 'delay':
      return { ...NOTHING, qubits: instruction.qubits, expressions: [instruction.duration] };
    case 'assign':
      return { ...NOTHING, targets: [instruction.target], expressions: [instruction.value] };
    case 'evaluate':
      return { ...NOTHING, expressions: [instruction.value] };
    case 'return':
      return { ...NOTHING, expressions: present(instruction.value) };
    default:
      return controlFlowParts(instruction);
  }
}

function controlFlowParts(instruction: Instruction): Parts {
  switch (instruction.kind) {
    case 'box':
      return { ...NOTHING, expressions: present(instruction.duration), blocks: [instruction.body] };
    case 'if': {
      const blocks = [instruction.body, ...present(instruction.otherwise)];
      return { ...NOTHING, expressions: [instruction.condition], blocks };
    }
    case 'switch': {
      const blocks = [...instruction.cases.map(({ body }) => body), ...present(instruction.otherwise)];
      return { ...NOTHING, expressions: [instruction.subject], blocks };
    }
    case 'for': {
      const targets: Target[] = [{ kind: 'variable', variable: instruction.variable }];
      return { ...NOTHING, targets, expressions: rangeParts(instruction.over), blocks: [instruction.body] };
    }
    case 'while':
      return { ...NOTHING, expressions: [instruction.condition], blocks: [instruction.body] };
    default:
      return NOTHING;
  }
}

function rangeParts(range: ForRange): readonly Expression[] {
  switch (range.kind) {
    case 'range':
      return [range.start, range.step, range.stop];
    case 'set':
      return range.values;
    case 'elements':
      return [range.array];
  }
}

/** The arguments of an expression that are expressions; those of calls are in `argumentsOf`. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'index':
      return [expression.base, expression.index];
    case 'slice':
      return [expression.base, expression.start, expression.step, expression.stop];
    case 'select':
      return [expression.base, ...expression.selectors.flatMap(selectorExpressions)];
    case 'unary':
    case 'cast':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'builtin':
      return expression.arguments;
    default:
      return [];
  }
}

function selectorExpressions(selector: Selector): readonly Expression[] {
  switch (selector.kind) {
    case 'index':
      return [selector.index];
    case 'range':
      return [...present(selector.start), ...present(selector.step), ...present(selector.stop)];
    case 'set':
      return selector.indices;
  }
}

/** What a target evaluates to find its place. */
export function targetExpressions(target: Target): readonly Expression[] {
  switch (target.kind) {
    case 'variable':
      return [];
    case 'index':
      return [target.index, ...targetExpressions(target.base)];
    case 'select':
      return [...target.selectors.flatMap(selectorExpressions), ...targetExpressions(target.base)];
    case 'join':
      return target.parts.flatMap(targetExpressions);
  }
}

/** The variables that a target is part of: one, unless it joins several. */
export function targetVariables(target: Target): readonly VariableId[] {
  if (target.kind === 'variable') return [target.variable];
  return target.kind === 'join' ? target.parts.flatMap(targetVariables) : targetVariables(target.base);
}

/** Every qubit that an operand may be. */
export function candidatesOf(operand: QubitOperand): readonly number[] {
  if (typeof operand === 'number') return [operand];
  if ('among' in operand) return operand.among;
  return Array.from({ length: operand.size }, (_, at) => operand.offset + at);
}

export const argumentsOf = (expression: Expression): readonly Argument[] =>
  expression.kind === 'call' ? expression.arguments : [];

/** What the calls inside an expression are given by reference, and may write to. */
export const referencesOf = (expression: Expression): readonly Target[] => [
  ...operandsOf(expression).flatMap(referencesOf),
  ...argumentsOf(expression).flatMap((argument) => {
    if (argument.kind === 'reference') return [argument.target];
    return argument.kind === 'value' ? referencesOf(argument.value) : [];
  }),
];

/** Qubits and variables that a part of a program reads or writes. */
export interface Touched {
  readonly qubits: Set<number>;
  /** Runs of qubits of which one is chosen at run time, by `offset:size`. Kept whole: there can be many. */
  readonly runs: Map<string, QubitRun>;
  readonly variables: Set<VariableId>;
}

interface QubitRun {
  readonly offset: number;
  readonly size: number;
}

const nothingTouched = (): Touched => ({ qubits: new Set(), runs: new Map(), variables: new Set() });

/** All qubits touched, those of runs included, ascending. */
export function touchedQubits({ qubits, runs }: Touched): number[] {
  // How many runs begin less how many end at each qubit: one pass for any number of overlapping runs.
  const changes = new Map<number, number>();
  const change = (qubit: number, by: number): void => void changes.set(qubit, (changes.get(qubit) ?? 0) + by);
  for (const { offset, size } of runs.values()) {
    change(offset, 1);
    change(offset + size, -1);
  }
  const touched = new Set(qubits);
  let open = 0;
  let from = 0;
  for (const [qubit, by] of [...changes].sort(([a], [b]) => a - b)) {
    if (open > 0) for (let inside = from; inside < qubit; inside++) touched.add(inside);
    open += by;
    from = qubit;
  }
  return [...touched].sort((a, b) => a - b);
}

/** Collects what instructions touch. Each block is walked once, however often it is asked for. */
export class TouchedCollector {
  readonly #blocks = new Map<Block, Touched>();

  ofBlock(block: Block): Touched {
    const known = this.#blocks.get(block);
    if (known !== undefined) return known;
    const touched = nothingTouched();
    for (const instruction of block) this.#addInstruction(instruction, touched);
    this.#blocks.set(block, touched);
    return touched;
  }

  ofInstruction(instruction: Instruction): Touched {
    const touched = nothingTouched();
    this.#addInstruction(instruction, touched);
    return touched;
  }

  #addInstruction(instruction: Instruction, into: Touched): void {
    const { qubits, expressions, targets, blocks } = partsOf(instruction);
    for (const qubit of qubits) this.#addQubit(qubit, into);
    for (const expression of expressions) this.#addExpression(expression, into);
    for (const target of targets) this.#addTarget(target, into);
    for (const block of blocks) {
      const inner = this.ofBlock(block);
      for (const qubit of inner.qubits) into.qubits.add(qubit);
      for (const [name, run] of inner.runs) into.runs.set(name, run);
      for (const variable of inner.variables) into.variables.add(variable);
    }
  }

  #addQubit(qubit: QubitOperand, into: Touched): void {
    if (typeof qubit === 'number') {
      into.qubits.add(qubit);
      return;
    }
    if ('among' in qubit) for (const candidate of qubit.among) into.qubits.add(candidate);
    else into.runs.set(`${qubit.offset}:${qubit.size}`, qubit);
    this.#addExpression(qubit.index, into);
  }

  #addTarget(target: Target, into: Touched): void {
    for (const variable of targetVariables(target)) into.variables.add(variable);
    for (const expression of targetExpressions(target)) this.#addExpression(expression, into);
  }

  #addExpression(expression: Expression, into: Touched): void {
    if (expression.kind === 'variable') into.variables.add(expression.variable);
    for (const operand of operandsOf(expression)) this.#addExpression(operand, into);
    for (const argument of argumentsOf(expression)) {
      if (argument.kind === 'value') this.#addExpression(argument.value, into);
      else if (argument.kind === 'reference') this.#addTarget(argument.target, into);
      else for (const qubit of argument.qubits) this.#addQubit(qubit, into);
    }
  }
}
