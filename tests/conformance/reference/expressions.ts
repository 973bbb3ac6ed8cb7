import type {
  ExpressionNode,
  GateOperand,
  IndexOperator,
  ParameterNode,
  RangeNode,
  TypeNode,
} from '@qfs/qasm';
import { convert, integerOf, isTrue } from './conversions.ts';
import { type Meaning, Scope, type Shot } from './environment.ts';
import { BUILTINS } from './functions.ts';
import { binary, unary } from './operators.ts';
import { bitsAt, elementAt, lengthOf, listed, normal, type Place, temporary, variable } from './places.ts';
import { runBody } from './statements.ts';
import {
  type ArrayType,
  bits,
  boolean,
  complex,
  Fault,
  float,
  type Type,
  type Value,
  whole,
} from './values.ts';

const CONSTANTS: Readonly<Record<string, number>> = {
  pi: Math.PI,
  π: Math.PI,
  tau: 2 * Math.PI,
  τ: 2 * Math.PI,
  euler: Math.E,
  ℇ: Math.E,
};

export function evaluate(node: ExpressionNode, scope: Scope, shot: Shot): Value {
  switch (node.kind) {
    case 'integer':
      return whole('int', Math.max(64, node.value.toString(2).length + 1), node.value);
    case 'float':
      return float(node.value);
    case 'imaginary':
      return complex(0, node.value);
    case 'boolean':
      return boolean(node.value);
    case 'bitString':
      return bits([...node.value].reverse().map((digit) => digit === '1'));
    case 'identifier':
    case 'index':
      return placeOf(node, scope, shot).read();
    case 'unary':
      return unary(node.operator, evaluate(node.operand, scope, shot));
    case 'binary': {
      const left = evaluate(node.left, scope, shot);
      if (node.operator === '&&' || node.operator === '||') {
        const isDecided = isTrue(left) === (node.operator === '||');
        return isDecided ? boolean(isTrue(left)) : boolean(isTrue(evaluate(node.right, scope, shot)));
      }
      return binary(node.operator, left, evaluate(node.right, scope, shot));
    }
    case 'cast':
      return convert(evaluate(node.operand, scope, shot), resolveType(node.type, scope, shot));
    case 'call':
      return call(node, scope, shot) ?? boolean(false);
    default:
      throw new Fault(`${node.kind} is no value here`);
  }
}

/** Where the value of a name, or of a part of it, is; other values are nowhere. */
export function placeOf(node: ExpressionNode, scope: Scope, shot: Shot): Place {
  if (node.kind === 'index') return selected(placeOf(node.base, scope, shot), node.index, scope, shot);
  if (node.kind !== 'identifier') return temporary(evaluate(node, scope, shot));
  const meaning = scope.find(node.name);
  if (meaning === undefined && Object.hasOwn(CONSTANTS, node.name))
    return temporary(float(CONSTANTS[node.name]!));
  if (meaning?.kind === 'place') return meaning.place;
  if (meaning?.kind === 'constant') return temporary(meaning.value);
  throw new Fault(`\`${node.name}\` has no value`);
}

/** The part of a place that an index operator selects. */
export function selected(place: Place, operator: IndexOperator, scope: Scope, shot: Shot): Place {
  const items = operator.kind === 'set' ? [operator] : operator.items;
  const [first, ...rest] = items.map((item) => (length: number) => indices(item, length, scope, shot));
  return dimension(place, first!, rest);
}

type Selection = (length: number) => number | readonly number[];

function dimension(place: Place, selection: Selection, rest: readonly Selection[]): Place {
  const [next, ...others] = rest;
  const inner = (index: number): Place => {
    const element = elementAt(place, index);
    return next === undefined ? element : dimension(element, next, others);
  };
  const chosen = selection(lengthOf(place.type));
  if (typeof chosen === 'number') return inner(chosen);
  return place.type.kind === 'array' ? listed(chosen.map(inner)) : bitsAt(place, chosen);
}

/** One index, or those of a range or set, from the front. */
function indices(
  item: ExpressionNode | RangeNode | Extract<IndexOperator, { kind: 'set' }>,
  length: number,
  scope: Scope,
  shot: Shot,
): number | readonly number[] {
  const integer = (node: ExpressionNode): bigint => integerOf(evaluate(node, scope, shot));
  if (item.kind === 'set') return item.elements.map((element) => normal(integer(element), length));
  if (item.kind !== 'range') return normal(integer(item), length);
  const step = item.step === undefined ? 1 : Number(integer(item.step));
  const end = (node: ExpressionNode | undefined, otherwise: number): number =>
    node === undefined ? otherwise : normal(integer(node), length);
  const from = end(item.from, step > 0 ? 0 : length - 1);
  const to = end(item.to, step > 0 ? length - 1 : 0);
  const list = steps(BigInt(from), BigInt(step), BigInt(to)).map(Number);
  if (list.length === 0) throw new Fault('the range selects nothing');
  return list;
}

/** from, from + step, …, not beyond `to`. */
export function steps(from: bigint, step: bigint, to: bigint): readonly bigint[] {
  if (step === 0n) throw new Fault('a range with step 0');
  const list: bigint[] = [];
  for (let at = from; step > 0n ? at <= to : at >= to; at += step) list.push(at);
  return list;
}

export function resolveType(node: TypeNode, scope: Scope, shot: Shot): Type {
  const size = (of: ExpressionNode | undefined, otherwise: number): number =>
    of === undefined ? otherwise : Number(integerOf(evaluate(of, scope, shot)));
  if (node.kind === 'arrayType') {
    const element = resolveType(node.element, scope, shot);
    return { kind: 'array', element, sizes: node.dimensions.map((dimension) => size(dimension, 0)) };
  }
  switch (node.name) {
    case 'bool':
      return { kind: 'bool' };
    case 'bit':
      return { kind: 'bit', width: size(node.designator, 1) };
    case 'int':
    case 'uint':
    case 'angle':
      return { kind: node.name, width: size(node.designator, 64) };
    case 'float':
      return { kind: 'float', width: size(node.designator, 64) as 32 | 64 };
    case 'complex':
      return { kind: 'complex', width: size(node.component?.designator, 64) as 32 | 64 };
    default:
      throw new Fault(`${node.name} is no type of a value here`);
  }
}

/** The qubits that an operand names, and whether it is a single one. */
export function qubitsOf(
  node: GateOperand | ExpressionNode,
  scope: Scope,
  shot: Shot,
): Extract<Meaning, { kind: 'qubits' }> {
  if (node.kind === 'identifier') return named(node.name, scope);
  if (node.kind === 'index') return picked(qubitsOf(node.base, scope, shot), node.index, scope, shot);
  if (node.kind !== 'indexed') throw new Fault(`${node.kind} is no qubit here`);
  return node.indices.reduce(
    (from, operator) => picked(from, operator, scope, shot),
    named(node.name.name, scope),
  );
}

type Qubits = Extract<Meaning, { kind: 'qubits' }>;

function named(name: string, scope: Scope): Qubits {
  const meaning = scope.lookUp(name);
  if (meaning.kind !== 'qubits') throw new Fault(`\`${name}\` is no qubit`);
  return meaning;
}

function picked(from: Qubits, operator: IndexOperator, scope: Scope, shot: Shot): Qubits {
  const item = operator.kind === 'set' ? operator : operator.items[0]!;
  const chosen = indices(item, from.qubits.length, scope, shot);
  return typeof chosen === 'number'
    ? { kind: 'qubits', qubits: [from.qubits[chosen]!], isSingle: true }
    : { kind: 'qubits', qubits: chosen.map((index) => from.qubits[index]!), isSingle: false };
}

type CallNode = Extract<ExpressionNode, { kind: 'call' }>;

/** Calls a built-in function or a subroutine; undefined if it returns nothing. */
export function call(node: CallNode, scope: Scope, shot: Shot): Value | undefined {
  const { name } = node.name;
  const meaning = scope.find(name);
  if (meaning?.kind === 'subroutine') return callSubroutine(node, meaning, scope, shot);
  if (name === 'sizeof') return sizeOf(node, scope, shot);
  const builtin = BUILTINS[name];
  if (meaning !== undefined || builtin === undefined) throw new Fault(`\`${name}\` cannot be called`);
  return builtin(node.arguments.map((argument) => evaluate(argument, scope, shot)));
}

function sizeOf(node: CallNode, scope: Scope, shot: Shot): Value {
  const { type } = placeOf(node.arguments[0]!, scope, shot);
  const at = node.arguments[1] === undefined ? 0n : integerOf(evaluate(node.arguments[1], scope, shot));
  const size = (type as ArrayType).sizes[Number(at)];
  if (size === undefined) throw new Fault('the array has no such dimension');
  return whole('uint', 64, BigInt(size));
}

function callSubroutine(
  node: CallNode,
  { definition, scope: global }: Extract<Meaning, { kind: 'subroutine' }>,
  scope: Scope,
  shot: Shot,
): Value | undefined {
  const inside = new Scope(global, true);
  // All arguments are evaluated before any parameter has its name.
  const meanings = definition.parameters.map((parameter, at) =>
    passed(parameter, node.arguments[at]!, inside, scope, shot),
  );
  const qubits = meanings.flatMap((meaning) => (meaning.kind === 'qubits' ? meaning.qubits : []));
  if (new Set(qubits).size !== qubits.length) throw new Fault('two arguments are the same qubit');
  definition.parameters.forEach((parameter, at) => {
    inside.declare(parameter.name.name, meanings[at]!);
  });
  const ended = runBody(definition.body.statements, new Scope(inside), shot);
  if (definition.result === undefined) return undefined;
  const value = ended.kind === 'return' ? ended.value : undefined;
  if (value === undefined) throw new Fault('the subroutine ends without a value');
  return convert(value, resolveType(definition.result, inside, shot));
}

/** Qubits and arrays are passed by reference, other values are copied. */
function passed(
  { type }: ParameterNode,
  argument: ExpressionNode,
  inside: Scope,
  scope: Scope,
  shot: Shot,
): Meaning {
  if (type.kind === 'qubitType')
    return { ...qubitsOf(argument, scope, shot), isSingle: type.designator === undefined };
  if (type.kind === 'arrayReference') return { kind: 'place', place: placeOf(argument, scope, shot) };
  if (type.kind === 'oldStyleType') throw new Fault(`${type.keyword} is no parameter here`);
  const value = evaluate(argument, scope, shot);
  return { kind: 'place', place: variable(resolveType(type, inside, shot), value) };
}
