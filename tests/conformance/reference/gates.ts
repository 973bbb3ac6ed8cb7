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

/** Applies a gate to qubits, or to every element of registers. */
export function applyGate(node: Statement<'gateCall'>, scope: Scope, shot: Shot): void {
  const gate = unitaryOf(node, scope, shot);
  const operands = node.operands.map((operand) => qubitsOf(operand, scope, shot));
  if (gate.length !== 2 ** operands.length) throw new Fault('the number of qubits is wrong');
  const registers = operands.filter(({ isSingle }) => !isSingle);
  const times = registers.length === 0 ? 1 : registers[0]!.qubits.length;
  for (let at = 0; at < times; at += 1) {
    const qubits = operands.map((operand) => operand.qubits[operand.isSingle ? 0 : at]!);
    if (new Set(qubits).size !== qubits.length) throw new Fault('two operands are the same qubit');
    shot.state.apply(gate, qubits);
  }
}

/** What a gate with its parameters and modifiers does to its operands. */
function unitaryOf(node: Statement<'gateCall'>, scope: Scope, shot: Shot): Matrix {
  const parameters = (node.arguments ?? []).map((argument) => {
    const value = numberOf(convert(evaluate(argument, scope, shot), { kind: 'float', width: 64 }));
    if (!Number.isFinite(value)) throw new Fault('a parameter is not finite');
    return value;
  });
  const plain = named(node.name.name, parameters, scope, shot);
  // The modifier that stands next to the gate is applied first.
  return node.modifiers.reduceRight((gate, modifier) => modified(gate, modifier, scope, shot), plain);
}

function modified(gate: Matrix, modifier: ModifierNode, scope: Scope, shot: Shot): Matrix {
  if (modifier.kind === 'inv') return adjoint(gate);
  if (modifier.kind === 'pow') return power(gate, numberOf(evaluate(modifier.argument, scope, shot)));
  const count =
    modifier.argument === undefined ? 1 : Number(integerOf(evaluate(modifier.argument, scope, shot)));
  let matrix = gate;
  for (let times = 0; times < count; times += 1) matrix = controlled(matrix, modifier.kind === 'ctrl');
  return matrix;
}

function named(name: string, parameters: readonly number[], scope: Scope, shot: Shot): Matrix {
  if (name === 'gphase') return [[phase(parameters[0]!)]];
  if (name === 'U') return builtinU(parameters);
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
function bodyOf(statements: readonly StatementNode[], qubits: number, scope: Scope, shot: Shot): Matrix {
  let matrix = identity(2 ** qubits);
  const then = (next: Matrix): void => {
    matrix = product(next, matrix);
  };
  for (const statement of statements) {
    if (statement.kind === 'gateCall') {
      const operands = statement.operands.map((operand) => qubitsOf(operand, scope, shot).qubits[0]!);
      then(embedded(unitaryOf(statement, scope, shot), operands, qubits));
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
  return matrix;
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
