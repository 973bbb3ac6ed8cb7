import type { ExpressionNode, ModifierNode, Statement, StatementNode } from '@qfs/qasm';
import { convert, integerOf, numberOf } from './conversions.ts';
import { Scope, type Shot } from './environment.ts';
import { evaluate, qubitsOf, steps } from './expressions.ts';
import {
  adjoint,
  controlled,
  embedded,
  identity,
  type Matrix,
  phase,
  power,
  product,
  scaled,
} from './matrices.ts';
import { Fault, float, type Value } from './values.ts';

/** A gate with its parameters and modifiers: what it does to its operands. */
interface Unitary {
  readonly matrix: Matrix;
  readonly operands: number;
  /** Operands that something inside the gate acts on. */
  readonly acted: readonly number[];
}

/** Applies a gate to qubits, or to every element of registers. */
export function applyGate(node: Statement<'gateCall'>, scope: Scope, shot: Shot): void {
  const gate = unitaryOf(node, scope, shot);
  const operands = node.operands.map((operand) => qubitsOf(operand, scope, shot));
  if (operands.length !== gate.operands) throw new Fault('the number of qubits is wrong');
  const registers = operands.filter(({ isSingle }) => !isSingle);
  const times = registers.length === 0 ? 1 : registers[0]!.qubits.length;
  for (let at = 0; at < times; at += 1) {
    const qubits = operands.map((operand) => operand.qubits[operand.isSingle ? 0 : at]!);
    if (new Set(qubits).size !== qubits.length) throw new Fault('two operands are the same qubit');
    shot.state.apply(
      gate.matrix,
      qubits,
      gate.acted.map((operand) => qubits[operand]!),
    );
  }
}

function unitaryOf(node: Statement<'gateCall'>, scope: Scope, shot: Shot): Unitary {
  const parameters = (node.arguments ?? []).map((argument) => {
    const value = numberOf(convert(evaluate(argument, scope, shot), { kind: 'float', width: 64 }));
    if (!Number.isFinite(value)) throw new Fault('a parameter is not finite');
    return value;
  });
  const plain = named(node.name.name, parameters, scope, shot);
  // The modifier that stands next to the gate is applied first.
  return node.modifiers.reduceRight((gate, modifier) => modified(gate, modifier, scope, shot), plain);
}

function modified(gate: Unitary, modifier: ModifierNode, scope: Scope, shot: Shot): Unitary {
  if (modifier.kind === 'inv') return { ...gate, matrix: adjoint(gate.matrix) };
  if (modifier.kind === 'pow') {
    const exponent = numberOf(evaluate(modifier.argument, scope, shot));
    return { ...gate, matrix: power(gate.matrix, exponent), acted: exponent === 0 ? [] : gate.acted };
  }
  const count =
    modifier.argument === undefined ? 1 : Number(integerOf(evaluate(modifier.argument, scope, shot)));
  let { matrix } = gate;
  for (let times = 0; times < count; times += 1) matrix = controlled(matrix, modifier.kind === 'ctrl');
  return { matrix, operands: gate.operands + count, acted: controlsAnd(gate, count) };
}

/** The controls of a gate that does nothing have nothing to do either; a phase is something. */
function controlsAnd({ acted, matrix }: Unitary, count: number): readonly number[] {
  const isNothing = acted.length === 0 && matrix.length > 1;
  const controls = Array.from({ length: count }, (_, at) => at);
  return isNothing ? [] : [...controls, ...acted.map((operand) => operand + count)];
}

function named(name: string, parameters: readonly number[], scope: Scope, shot: Shot): Unitary {
  if (name === 'gphase') return { matrix: [[phase(parameters[0]!)]], operands: 0, acted: [] };
  if (name === 'U') return { matrix: builtinU(parameters), operands: 1, acted: [0] };
  const gate = scope.lookUp(name);
  if (gate.kind !== 'gate') throw new Fault(`\`${name}\` is no gate`);
  const { definition } = gate;
  const inside = new Scope(gate.scope, true);
  (definition.parameters ?? []).forEach((parameter, at) => {
    inside.declare(parameter.name, { kind: 'constant', value: float(parameters[at]!) });
  });
  definition.qubits.forEach((qubit, at) => {
    inside.declare(qubit.name, { kind: 'qubits', qubits: [at], isSingle: true });
  });
  return bodyOf(definition.body.statements, definition.qubits.length, inside, shot);
}

/** U(θ, φ, λ) = ½·[[1 + e^iθ, −i·e^iλ·(1 − e^iθ)], [i·e^iφ·(1 − e^iθ), e^i(φ+λ)·(1 + e^iθ)]]. */
function builtinU([theta, phi, lambda]: readonly number[]): Matrix {
  const half = theta! / 2;
  // 1 + e^iθ = 2·cos(θ/2)·e^iθ/2, and −i·(1 − e^iθ) = −2·sin(θ/2)·e^iθ/2.
  const entry = (factor: number, angle: number) => scaled(phase(half + angle), factor);
  return [
    [entry(Math.cos(half), 0), entry(-Math.sin(half), lambda!)],
    [entry(Math.sin(half), phi!), entry(Math.cos(half), phi! + lambda!)],
  ];
}

/** The gates of a body one after another. */
function bodyOf(statements: readonly StatementNode[], qubits: number, scope: Scope, shot: Shot): Unitary {
  let matrix = identity(2 ** qubits);
  const acted = new Set<number>();
  const then = (part: Unitary): void => {
    matrix = product(part.matrix, matrix);
    for (const operand of part.acted) acted.add(operand);
  };
  for (const statement of statements) {
    if (statement.kind === 'gateCall') {
      const operands = statement.operands.map((operand) => qubitsOf(operand, scope, shot).qubits[0]!);
      const gate = unitaryOf(statement, scope, shot);
      then({
        matrix: embedded(gate.matrix, operands, qubits),
        operands: qubits,
        acted: gate.acted.map((at) => operands[at]!),
      });
    } else if (statement.kind === 'scope') then(bodyOf(statement.statements, qubits, new Scope(scope), shot));
    else if (statement.kind === 'for') {
      for (const value of constantsOf(statement, scope, shot)) {
        const inside = new Scope(scope);
        inside.declare(statement.variable.name, { kind: 'constant', value });
        const { body } = statement;
        then(bodyOf(body.kind === 'scope' ? body.statements : [body], qubits, inside, shot));
      }
    } else if (statement.kind !== 'barrier') throw new Fault(`${statement.kind} inside a gate`);
  }
  return { matrix, operands: qubits, acted: [...acted] };
}

function constantsOf({ over }: Statement<'for'>, scope: Scope, shot: Shot): readonly Value[] {
  if (over.kind === 'set') return over.elements.map((element) => evaluate(element, scope, shot));
  if (over.kind !== 'range') throw new Fault('a loop inside a gate is over constants');
  const integer = (node: ExpressionNode | undefined): bigint =>
    node === undefined ? 1n : integerOf(evaluate(node, scope, shot));
  return steps(integer(over.from), integer(over.step), integer(over.to)).map((value) => ({
    kind: 'int',
    width: 64,
    value,
  }));
}
