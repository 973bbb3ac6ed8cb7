import type {
  Expression,
  GateInstruction,
  GphaseInstruction,
  Instruction,
  Parameter,
  QubitOperand,
} from '@qfs/circuit';
import { gateByName, inverseOf, operandsOf } from '@qfs/circuit';
import { CIRCUIT_OPERATIONS_MAX, CIRCUIT_QUBITS_MAX, PARAMETER_NODES_MAX } from '@qfs/core';
import { DIALECTS } from '../dialects.ts';
import type { Span } from '../findings.ts';
import { QELIB1 } from '../openqasm2/qelib1.ts';
import type {
  ExpressionNode,
  GateCallNode,
  Identifier,
  ModifierNode,
  Statement,
  StatementNode,
} from '../syntax/ast.ts';
import { applyBuiltin } from './builtins.ts';
import { convert, toNumber } from './conversions.ts';
import { constantSize, gateParameter, lookUp, lowerExpression } from './expressions.ts';
import { lowerUnrolledFor } from './loops.ts';
import { type Lowering, Meaningless } from './lowering.ts';
import { broadcast, lowerOperand, requireDistinct } from './operands.ts';
import { applyBinary, applyUnary } from './operators.ts';
import { plainQubits } from './plain-qubits.ts';
import { generalPower } from './powers.ts';
import { lowerPragma } from './pragmas.ts';
import { evaluatedOnce } from './subroutines.ts';
import { type GateSymbol, type GateTemplate, MEANING_TEXT } from './symbols.ts';
import { checkDuration } from './timing.ts';
import { FLOAT, floatValue, isConstant, isInteger, typeText, type Value } from './types.ts';

type Unitary = GateInstruction | GphaseInstruction;
type GateCall = GateCallNode & Span;

/** What it takes to find the eigenvalues of a gate of several parts, in steps. */
const SPECTRUM_STEPS = 2_000;
const GPHASE: GateSymbol = { kind: 'gate', name: 'gphase', qubits: 0, parameters: 1 };

/** Applies a gate call, with modifiers and broadcasting. */
export function lowerGateCall(lowering: Lowering, node: GateCall): void {
  const gate = resolveGate(lowering, node.name);
  if (node.duration !== undefined) {
    checkDuration(lowering, node.duration);
    lowering.findings.add('QASM_IGNORED', node.duration, 'The duration of the gate has no effect here.');
  }
  const controls = lowerControls(lowering, node.modifiers);
  const parameters = lowerParameters(lowering, node, gate);
  const wanted = gate.qubits + controls.length;
  if (node.operands.length !== wanted) requireOperands(lowering, node, gate, controls.length);
  const needsInverse = node.modifiers.some(({ kind }) => kind !== 'ctrl' && kind !== 'negctrl');
  const plain =
    gate.template === undefined && !needsInverse ? plainQubits(lowering, node.operands) : undefined;
  if (plain !== undefined) {
    requireDistinct(lowering, plain, node);
    lowering.emit(instruction(gate.name, parameters, controls, plain), node);
    return;
  }
  const operands = node.operands.map((operand) => lowerOperand(lowering, operand));
  if (gate.template === undefined && !needsInverse) {
    for (const qubits of broadcast(lowering, operands, node)) {
      requireDistinct(lowering, qubits, node);
      lowering.emit(instruction(gate.name, parameters, controls, qubits), node);
    }
    return;
  }
  const body = modifiedBody(lowering, node, gate, parameters);
  for (const qubits of broadcast(lowering, operands, node)) {
    requireDistinct(lowering, qubits, node);
    for (const part of body) lowering.emit(place(part, qubits), node);
  }
}

function requireOperands(lowering: Lowering, node: GateCall, gate: GateSymbol, controls: number): void {
  const count = gate.qubits + controls;
  const how = controls === 0 ? '' : ` with its ${controls} control${controls === 1 ? '' : 's'}`;
  lowering.fail(
    'QASM_ARITY',
    node,
    `\`${node.name.name}\`${how} acts on ${plural(count, 'qubit')}, but ${node.operands.length} ${node.operands.length === 1 ? 'is' : 'are'} given.`,
  );
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Where a gate that is not declared would come from; undefined if nothing of ours has it. */
function originHint({ isVersion2 }: Lowering, name: string): string | undefined {
  const isOld = QELIB1.weakNames.includes(name);
  const file = isVersion2 ? isOld && 'qelib1.inc' : gateByName(name)?.include;
  if (file) return `add \`include "${file}";\` at the top`;
  if (isOld) return 'a gate of OpenQASM 2, whose programs begin with `OPENQASM 2.0;`';
  return DIALECTS.braket.gates.weakNames.includes(name)
    ? 'a gate of Amazon Braket, whose programs are the dialect `braket`'
    : undefined;
}

function resolveGate(lowering: Lowering, name: Identifier): GateSymbol {
  // OpenQASM 2 leaves the name to the program.
  if (name.name === 'gphase' && lowering.scopes.find('gphase') === undefined) return GPHASE;
  const symbol = lowering.scopes.find(name.name);
  const replaced = symbol?.meaning.kind === 'gate' ? undefined : lowering.scopes.replacedGate(name.name);
  if (replaced !== undefined) return replaced;
  const hint = symbol === undefined ? originHint(lowering, name.name) : undefined;
  if (hint !== undefined) {
    if (lowering.lostNames.has('include')) throw new Meaningless();
    lowering.undeclared(name, `The gate \`${name.name}\` is not declared.`, { hint });
  }
  const { meaning } = symbol ?? lookUp(lowering, name, ({ kind }) => kind === 'gate');
  if (meaning.kind === 'broken') throw new Meaningless();
  if (meaning.kind === 'unsupported') return lowering.unsupported(name, meaning.what);
  if (meaning.kind !== 'gate')
    return lowering.fail(
      'QASM_TYPE',
      name,
      `\`${name.name}\` is ${MEANING_TEXT[meaning.kind]}, not a gate.`,
      meaning.kind === 'subroutine' ? { hint: `call it with its arguments: \`${name.name}(…);\`` } : {},
    );
  return meaning;
}

/** Polarities of all controls, outermost first, as their qubits stand in the operand list. */
function lowerControls(lowering: Lowering, modifiers: readonly ModifierNode[]): boolean[] {
  const controls: boolean[] = [];
  for (const modifier of modifiers) {
    if (modifier.kind !== 'ctrl' && modifier.kind !== 'negctrl') continue;
    const count =
      modifier.argument === undefined ? 1 : constantSize(lowering, modifier.argument, CIRCUIT_QUBITS_MAX);
    for (let at = 0; at < count; at++) controls.push(modifier.kind === 'ctrl');
  }
  return controls;
}

const NO_PARAMETERS: readonly Parameter[] = [];

function lowerParameters(lowering: Lowering, node: GateCall, gate: GateSymbol): readonly Parameter[] {
  const given = node.arguments ?? [];
  if (given.length !== gate.parameters) {
    lowering.fail(
      'QASM_ARITY',
      node,
      `\`${node.name.name}\` takes ${plural(gate.parameters, 'parameter')}, but ${given.length} ${given.length === 1 ? 'is' : 'are'} given.`,
    );
  }
  if (given.length === 0) return NO_PARAMETERS;
  const isPlain =
    gate.template === undefined && !node.modifiers.some(({ kind }) => kind === 'inv' || kind === 'pow');
  return given.map((argument) => {
    const { parameter, type } = gateParameter(lowering, argument);
    if (typeof parameter === 'number' || isPlain) return parameter;
    // What is computed further is computed with floats of one width.
    return convert({ type, ir: parameter }, FLOAT)?.ir ?? parameter;
  });
}

function instruction(
  name: string,
  parameters: readonly Parameter[],
  controls: readonly boolean[],
  qubits: readonly QubitOperand[],
): Unitary {
  if (name !== 'gphase') {
    return controls.length === 0
      ? { kind: 'gate', gate: name, parameters, qubits }
      : { kind: 'gate', gate: name, parameters, controls, qubits };
  }
  const angle = parameters[0]!;
  return controls.length === 0 ? { kind: 'gphase', angle } : { kind: 'gphase', angle, controls, qubits };
}

/** The gate with `inv`, `pow` and controls applied, innermost modifier first, on operands 0…n-1. */
function modifiedBody(
  lowering: Lowering,
  node: GateCall,
  gate: GateSymbol,
  parameters: readonly Parameter[],
): Unitary[] {
  const own = Array.from({ length: gate.qubits }, (_, at) => at);
  let body: Unitary[] =
    gate.template === undefined
      ? [instruction(gate.name, parameters, [], own)]
      : expand(lowering, node, gate.template, parameters);
  for (let at = node.modifiers.length - 1; at >= 0; at--) {
    const modifier = node.modifiers[at]!;
    lowering.spend(body.length, modifier);
    if (modifier.kind === 'inv') body = inverted(body);
    else if (modifier.kind === 'pow') body = powered(lowering, modifier, body);
    else {
      const polarities = lowerControls(lowering, [modifier]);
      lowering.spend(2 * body.length * (polarities.length + 1 + (body[0]?.qubits?.length ?? 0)), modifier);
      body = body.map((part) => controlledBy(part, polarities));
    }
  }
  return body;
}

const inverted = (body: readonly Unitary[]): Unitary[] => body.map((part) => inverseOf(part)).reverse();

function powered(
  lowering: Lowering,
  modifier: Extract<ModifierNode, { kind: 'pow' }>,
  body: Unitary[],
): Unitary[] {
  const power = exponent(lowering, modifier.argument);
  if (typeof power !== 'number' || !Number.isInteger(power)) {
    lowering.charge(body.length, modifier);
    if (body.length > 1) lowering.spend(SPECTRUM_STEPS, modifier);
    const raised = generalPower(body, power);
    if (!('problem' in raised)) return raised;
    const kind = typeof power === 'number' ? 'that is not an integer' : 'only known when the program runs';
    return lowering.unsupported(modifier, `A power ${kind} of this gate (${raised.problem})`);
  }
  const once = power < 0 ? inverted(body) : body;
  const total = once.length * Math.abs(power);
  if (total > CIRCUIT_OPERATIONS_MAX)
    lowering.tooLarge(modifier, `The power would repeat ${total} operations.`);
  lowering.spend(total, modifier);
  const repeated: Unitary[] = [];
  while (repeated.length < total) for (const part of once) repeated.push(part);
  return repeated;
}

/** What a gate is raised to: a number if it is known, else a float that is computed when the program runs. */
function exponent(lowering: Lowering, node: ExpressionNode): number | Value {
  const value = lowerExpression(lowering, node);
  const asFloat = isInteger(value.type) || value.type.kind === 'float' ? convert(value, FLOAT) : undefined;
  if (asFloat === undefined)
    return lowering.fail('QASM_TYPE', node, `A power must be a number, not ${typeText(value.type)}.`);
  if (!isConstant(asFloat.ir)) return { type: FLOAT, ir: evaluatedOnce(lowering, asFloat, node) };
  const power = toNumber(asFloat);
  if (!Number.isFinite(power)) lowering.fail('QASM_VALUE', node, 'The power must be a finite number.');
  return power;
}

function controlledBy(part: Unitary, polarities: readonly boolean[]): Unitary {
  const count = polarities.length;
  const shifted = (part.qubits ?? []).map((qubit) => (typeof qubit === 'number' ? qubit + count : qubit));
  const qubits = [...polarities.map((_, at) => at), ...shifted];
  return { ...part, controls: [...polarities, ...(part.controls ?? [])], qubits };
}

/** A part of a body over operands 0…n-1, on the qubits of one application. */
function place(part: Unitary, qubits: readonly QubitOperand[]): Unitary {
  if (part.qubits === undefined) return part;
  return {
    ...part,
    qubits: part.qubits.map((qubit) => (typeof qubit === 'number' ? qubits[qubit]! : qubit)),
  };
}

/** The body of a definition with values for its placeholders. */
function expand(
  lowering: Lowering,
  node: GateCall,
  template: GateTemplate,
  parameters: readonly Parameter[],
): Unitary[] {
  lowering.spend(template.length, node);
  if (parameters.length === 0) return [...template];
  const values = parameters.map(
    (parameter): Value =>
      typeof parameter === 'number' ? floatValue(parameter) : { type: FLOAT, ir: parameter },
  );
  const bind = (parameter: Parameter): Parameter => {
    if (typeof parameter === 'number') return parameter;
    const { ir } = substitute(lowering, node, parameter, values);
    if (ir.kind !== 'float') return bounded(lowering, node, ir);
    if (!Number.isFinite(ir.value))
      lowering.fail('QASM_VALUE', node, 'A parameter inside the gate is not a finite number.');
    return ir.value + 0;
  };
  return template.map((part) =>
    part.kind === 'gphase'
      ? { ...part, angle: bind(part.angle) }
      : { ...part, parameters: part.parameters.map(bind) },
  );
}

/** Definitions that use a parameter twice double it at every level. */
function bounded(lowering: Lowering, node: Span, ir: Expression): Expression {
  let nodes = 0;
  const visit = (part: Expression): void => {
    nodes += 1;
    if (nodes > PARAMETER_NODES_MAX)
      lowering.tooLarge(node, `A parameter inside the gate has more than ${PARAMETER_NODES_MAX} parts.`);
    for (const inner of operandsOf(part)) visit(inner);
  };
  visit(ir);
  lowering.spend(nodes, node);
  return ir;
}

/**
 * Puts values for placeholders and computes what has become constant. Template expressions are floats
 * throughout.
 */
function substitute(lowering: Lowering, node: Span, ir: Expression, values: readonly Value[]): Value {
  const inner = (part: Expression): Value => substitute(lowering, node, part, values);
  const done = (outcome: ReturnType<typeof applyUnary>): Value =>
    'problem' in outcome
      ? lowering.fail('QASM_VALUE', node, `A parameter inside the gate has no value: ${outcome.problem}.`)
      : outcome;
  switch (ir.kind) {
    case 'variable':
      return ir.variable < 0 ? values[-1 - ir.variable]! : { type: FLOAT, ir };
    case 'unary':
      return done(applyUnary(ir.operator, inner(ir.operand)));
    case 'binary':
      return done(applyBinary(ir.operator, inner(ir.left), inner(ir.right)));
    case 'builtin':
      return done(applyBuiltin(ir.name, ir.arguments.map(inner)));
    case 'cast':
      return convert(inner(ir.operand), ir.type) ?? { type: ir.type, ir };
    default:
      return { type: FLOAT, ir };
  }
}

/**
 * A gate definition becomes its flattened body. It is checked here, once, and costs its size against the
 * bound on operations, so that definitions that double each other cannot grow without limit.
 */
export function lowerGateDefinition(lowering: Lowering, node: Statement<'gate'>): void {
  if (lowering.scopes.depth > 1)
    lowering.fail('QASM_CONTEXT', node, 'A gate can only be defined at the top level.');
  let body: readonly Instruction[] = [];
  lowering.scopes.apart(() => {
    (node.parameters ?? []).forEach((name, at) => {
      lowering.declare(name, {
        kind: 'value',
        value: { type: FLOAT, ir: { kind: 'variable', variable: -1 - at } },
      });
    });
    node.qubits.forEach((name, at) => {
      lowering.declare(name, { kind: 'qubits', qubits: [at], isSingle: true });
    });
    body = lowering.collect(() => lowerGateBody(lowering, node));
  });
  const template = body.filter((part) => part.kind === 'gate' || part.kind === 'gphase');
  if (template.length < body.length)
    lowering.fail('QASM_CONTEXT', node.name, 'A gate definition cannot call a subroutine.');
  const parameters = node.parameters?.length ?? 0;
  lowering.declare(node.name, {
    kind: 'gate',
    name: node.name.name,
    qubits: node.qubits.length,
    parameters,
    template,
  });
}

function lowerGateBody(lowering: Lowering, node: Statement<'gate'>): void {
  const { skipped } = lowering;
  lowerGateStatements(lowering, node.body.statements);
  if (lowering.skipped > skipped) throw new Meaningless();
}

/** Gates, and loops over constants around gates. */
function lowerGateStatements(lowering: Lowering, statements: readonly StatementNode[]): void {
  for (const statement of statements) {
    try {
      if (statement.kind === 'gateCall') lowerGateCall(lowering, statement);
      else if (statement.kind === 'barrier' || statement.kind === 'nop' || statement.kind === 'delay') {
        lowering.findings.add('QASM_IGNORED', statement, 'Inside a gate definition this has no effect.');
      } else if (statement.kind === 'pragma') {
        lowerPragma(lowering, statement);
      } else if (statement.kind === 'for') {
        lowerUnrolledFor(lowering, statement, (inner) => lowerGateStatements(lowering, inner));
      } else if (statement.kind === 'box') {
        lowerGateStatements(lowering, statement.body.statements);
      } else if (statement.kind === 'scope') {
        lowering.scopes.nested(() => lowerGateStatements(lowering, statement.statements));
      } else lowering.fail('QASM_CONTEXT', statement, 'A gate definition may only contain gates.');
    } catch (thrown) {
      if (!(thrown instanceof Meaningless)) throw thrown;
      lowering.skipped++;
    }
  }
}
