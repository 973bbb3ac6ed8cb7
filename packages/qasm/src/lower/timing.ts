import { duration, FEMTOSECONDS_PER_SECOND } from '@qfs/circuit/classical';
import type { Span } from '../findings.ts';
import type { ExpressionNode, ProgramNode, ScopeNode, Statement, TimeUnit } from '../syntax/ast.ts';
import { toNumber } from './conversions.ts';
import { lowerConst, lowerDeclaration, requireName } from './declarations.ts';
import { lowerExpression } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperand } from './operands.ts';
import { lowerStatements } from './statements.ts';
import { hasCall } from './subroutines.ts';
import { isConstant, isInteger, secondsValue, typeText, type Value } from './types.ts';

/*
 * Execution has no clock, so delays and boxes have no effect. Durations are values like others, as long as
 * their length is known: that of a `dt`, of a stretch and of gates is a device's matter, and what depends on
 * it is checked only.
 */

const NOTE = 'This duration is checked and has no effect: execution has no clock.';

const FEMTOSECONDS: Readonly<Record<Exclude<TimeUnit, 'dt'>, number>> = {
  ns: 1e6,
  us: 1e9,
  ms: 1e12,
  s: 1e15,
};

const DEVICE_CYCLE = 'the length of a `dt`, which a device has';
const GATE_LENGTHS = 'how long gates take, which a device says';

/** Does this declare a duration or a stretch? */
export const isTimed = ({ type }: Statement<'declaration'> | Statement<'const'>): boolean =>
  type.kind === 'scalarType' && (type.name === 'duration' || type.name === 'stretch');

/**
 * A duration that never changes is its value, so that a program that only declares one stays a static
 * circuit; others are variables.
 */
export function lowerTimed(lowering: Lowering, node: Statement<'declaration'> | Statement<'const'>): void {
  requireName(lowering, node.name);
  const { initial, type } = node;
  const { name } = node.name;
  if (initial?.kind === 'array' || initial?.kind === 'measure')
    lowering.fail('QASM_TYPE', initial, 'A duration is needed here.');
  const isStretch = type.kind === 'scalarType' && type.name === 'stretch';
  const assigned = lowering.assignedValues(name);
  const given = initial === undefined ? assigned : [initial, ...assigned];
  const dependsOn = isStretch ? `the stretch \`${name}\`` : firstDependence(lowering, given);
  if (dependsOn !== undefined) {
    if (initial !== undefined) checkTimed(lowering, initial);
    lowering.declare(node.name, { kind: 'timing', dependsOn });
    note(lowering, node);
    return;
  }
  if (node.kind === 'const') {
    lowerConst(lowering, node);
    return;
  }
  const value = initial === undefined || assigned.length > 0 ? undefined : knownValue(lowering, initial);
  if (value === undefined) lowerDeclaration(lowering, node);
  else lowering.declare(node.name, { kind: 'value', value });
}

/** The duration that an expression is, if it is known when the program is compiled. */
function knownValue(lowering: Lowering, node: ExpressionNode): Value | undefined {
  let value: Value | undefined;
  lowering.collect(() => {
    value = lowerExpression(lowering, node);
  });
  return value !== undefined && value.type.kind === 'duration' && isConstant(value.ir) ? value : undefined;
}

/** The expressions that a program assigns to each name, found when they are first asked for. */
export function assignmentsOf(ast: ProgramNode): (name: string) => readonly ExpressionNode[] {
  let found: Map<string, ExpressionNode[]> | undefined;
  return (name) => {
    if (found === undefined) {
      found = new Map();
      collectAssignments(ast.statements, found);
    }
    return found.get(name) ?? [];
  };
}

function collectAssignments(node: unknown, to: Map<string, ExpressionNode[]>): void {
  if (typeof node !== 'object' || node === null) return;
  if ('kind' in node && node.kind === 'assignment') {
    const { target, value } = node as Statement<'assignment'>;
    const { name } = target.name;
    if (value.kind === 'measure') return;
    const known = to.get(name);
    if (known === undefined) to.set(name, [value]);
    else known.push(value);
    return;
  }
  for (const part of Object.values(node)) collectAssignments(part, to);
}

export const note = (lowering: Lowering, span: Span): void =>
  lowering.findings.add('QASM_IGNORED', span, NOTE);

export const withoutLength = (lowering: Lowering, span: Span, dependsOn: string): never =>
  lowering.fail(
    'QASM_UNSUPPORTED',
    span,
    `The value of this duration depends on ${dependsOn}, so it is not known here.`,
    {
      hint: 'it may stand in `delay`, `box` and gates; what is computed needs durations in ns, us, ms or s',
    },
  );

export function durationLiteral(
  lowering: Lowering,
  node: Extract<ExpressionNode, { kind: 'timing' }>,
): Value {
  if (node.unit === 'dt') return withoutLength(lowering, node, DEVICE_CYCLE);
  const femtoseconds = node.value * FEMTOSECONDS[node.unit];
  if (!Number.isFinite(femtoseconds)) lowering.fail('QASM_VALUE', node, 'The duration is too long.');
  if (node.unit === 's') return secondsValue(node.value);
  return secondsValue(toSeconds(femtoseconds));
}

const toSeconds = (femtoseconds: number): number =>
  (duration(femtoseconds) as { readonly value: number }).value / FEMTOSECONDS_PER_SECOND;

/** What nobody here knows the length of, if the value of an expression depends on such a thing. */
function dependence(lowering: Lowering, node: ExpressionNode): string | undefined {
  lowering.spend(1, node);
  switch (node.kind) {
    case 'timing':
      return node.unit === 'dt' ? DEVICE_CYCLE : undefined;
    case 'durationof':
      return delaysOf(lowering, node.body) === undefined ? GATE_LENGTHS : undefined;
    case 'identifier': {
      const meaning = lowering.scopes.find(node.name)?.meaning;
      return meaning?.kind === 'timing' ? meaning.dependsOn : undefined;
    }
    case 'unary':
    case 'cast':
      return dependence(lowering, node.operand);
    case 'binary':
      return firstDependence(lowering, [node.left, node.right]);
    case 'call':
      return firstDependence(lowering, node.arguments);
    default:
      return undefined;
  }
}

function firstDependence(lowering: Lowering, nodes: readonly ExpressionNode[]): string | undefined {
  for (const node of nodes) {
    const found = dependence(lowering, node);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The delays that a body consists of; undefined if anything else is in it, or decides their length. */
function delaysOf(lowering: Lowering, body: ScopeNode): readonly Statement<'delay'>[] | undefined {
  const delays = body.statements.filter((statement) => statement.kind === 'delay');
  lowering.spend(body.end - body.start, body);
  const areKnown = delays.every(
    ({ duration: given }) => !hasDurationOf(given) && dependence(lowering, given) === undefined,
  );
  return areKnown && delays.length === body.statements.length ? delays : undefined;
}

/** A `durationof` inside of another one is not looked into, which bounds the work. */
function hasDurationOf(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if ('kind' in node && node.kind === 'durationof') return true;
  return Object.values(node).some(hasDurationOf);
}

/** How long a block takes: delays of one qubit follow each other, those of different qubits run at once. */
export function durationOf(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'durationof' }>): Value {
  const delays = delaysOf(lowering, node.body);
  if (delays === undefined) return withoutLength(lowering, node, GATE_LENGTHS);
  const clocks = new Map<unknown, number>();
  let everywhere = 0;
  for (const delay of delays) {
    const value = lowerDuration(lowering, delay.duration);
    if (!isConstant(value.ir))
      return lowering.fail(
        'QASM_NOT_CONSTANT',
        delay.duration,
        'This delay is only known when the program runs.',
      );
    const length = toNumber(value);
    const qubits = delay.operands.flatMap((operand) => lowerOperand(lowering, operand).qubits);
    if (delay.operands.length === 0) everywhere += length;
    for (const qubit of qubits) clocks.set(qubit, (clocks.get(qubit) ?? 0) + length);
  }
  return secondsValue(toSeconds(everywhere + Math.max(0, ...clocks.values())));
}

/** A value that must be a duration. */
function lowerDuration(lowering: Lowering, node: ExpressionNode): Value {
  const value = lowerExpression(lowering, node);
  if (value.type.kind === 'duration') return value;
  return lowering.fail('QASM_TYPE', node, `A duration is needed here, not ${typeText(value.type)}.`, {
    hint: 'write a number with a unit: `20ns`, `1.5us`, `10dt`',
  });
}

/** How long a delay, a box or a gate shall take. Calls in it are made. */
export function checkDuration(lowering: Lowering, node: ExpressionNode): void {
  if (dependence(lowering, node) !== undefined) {
    checkTimed(lowering, node);
    return;
  }
  const value = lowerDuration(lowering, node);
  if (isConstant(value.ir) && toNumber(value) < 0)
    lowering.fail('QASM_VALUE', node, 'How long something takes cannot be negative.');
  if (hasCall(value.ir)) lowering.emit({ kind: 'evaluate', value: value.ir }, node);
}

/** Checks a duration whose value nobody here knows. */
export function checkTimed(lowering: Lowering, node: ExpressionNode): void {
  if (dependence(lowering, node) === undefined) {
    lowerDuration(lowering, node);
    return;
  }
  switch (node.kind) {
    case 'timing':
    case 'identifier':
      return;
    case 'durationof':
      lowering.collect(() => lowering.scopes.nested(() => lowerStatements(lowering, node.body.statements)));
      return;
    case 'unary':
      if (node.operator !== '-')
        lowering.fail('QASM_TYPE', node, `\`${node.operator}\` does not apply to a duration.`);
      checkTimed(lowering, node.operand);
      return;
    case 'binary':
      checkCombination(lowering, node);
      return;
    default:
      // Its parts are computed, so what they depend on is reported.
      lowerDuration(lowering, node);
  }
}

function checkCombination(lowering: Lowering, node: Extract<ExpressionNode, { kind: 'binary' }>): void {
  const { operator, left, right } = node;
  if (operator === '+' || operator === '-') {
    checkTimed(lowering, left);
    checkTimed(lowering, right);
  } else if (operator === '*' && dependence(lowering, left) === undefined) {
    checkNumber(lowering, left);
    checkTimed(lowering, right);
  } else if (operator === '*' || operator === '/') {
    checkTimed(lowering, left);
    checkNumber(lowering, right);
  } else lowering.fail('QASM_TYPE', node, `\`${operator}\` does not give a duration.`);
}

function checkNumber(lowering: Lowering, node: ExpressionNode): void {
  const { type } = lowerExpression(lowering, node);
  if (!isInteger(type) && type.kind !== 'float')
    lowering.fail(
      'QASM_TYPE',
      node,
      `A duration is multiplied and divided by numbers, not ${typeText(type)}.`,
    );
}
