import type { Block, Expression, Instruction } from '@qfs/circuit';
import type { Span } from '../findings.ts';
import type { Statement, StatementNode } from '../syntax/ast.ts';
import { lowerAlias } from './aliases.ts';
import { isOwnAnnotation, nearestAnnotation } from './annotations.ts';
import { lowerAssignment, measureInto } from './assignments.ts';
import {
  lowerConst,
  lowerDeclaration,
  lowerInclude,
  lowerIo,
  lowerOldStyle,
  lowerQubits,
  requireTopLevel,
} from './declarations.ts';
import { coerce, lowerCondition, lowerExpression } from './expressions.ts';
import { lowerGateCall, lowerGateDefinition } from './gates.ts';
import { lowerFor } from './loops.ts';
import { type Lowering, Meaningless } from './lowering.ts';
import { lowerOperand } from './operands.ts';
import { lowerPragma } from './pragmas.ts';
import { lowerExpressionStatement, lowerReturn, lowerSubroutine } from './subroutines.ts';
import { checkDuration, isTimed, lowerTimed } from './timing.ts';
import type { Value } from './types.ts';

/** Lowers statements in order; one without meaning is reported and the next one is tried. */
export function lowerStatements(lowering: Lowering, statements: readonly StatementNode[]): void {
  for (const statement of statements) {
    if (lowering.findings.full) return;
    lowering.spend(1, statement);
    try {
      lowerStatement(lowering, statement);
    } catch (thrown) {
      if (!(thrown instanceof Meaningless)) throw thrown;
      lowering.skipped++;
      declareBroken(lowering, statement);
    }
  }
}

/** A name whose declaration failed still exists, so that its uses are not reported as well. */
function declareBroken(lowering: Lowering, node: StatementNode): void {
  if (!('name' in node) || typeof node.name !== 'object' || node.kind === 'gateCall') return;
  lowering.scopes.spoil(node.name.name, node.name);
}

function lowerStatement(lowering: Lowering, node: StatementNode): void {
  reportAnnotations(lowering, node);
  switch (node.kind) {
    case 'gateCall':
      lowerGateCall(lowering, node);
      return;
    case 'measureArrow':
      measureInto(lowering, lowerOperand(lowering, node.measure.operand).qubits, node.target, node);
      return;
    case 'assignment':
      lowerAssignment(lowering, node);
      return;
    case 'reset':
      for (const qubit of lowerOperand(lowering, node.operand).qubits)
        lowering.emit({ kind: 'reset', qubit }, node);
      return;
    case 'barrier':
      lowerBarrier(lowering, node);
      return;
    case 'include':
      lowerInclude(lowering, node);
      return;
    case 'qubits':
      lowerQubits(lowering, node);
      return;
    case 'oldStyle':
      lowerOldStyle(lowering, node);
      return;
    case 'declaration':
      if (isTimed(node)) lowerTimed(lowering, node);
      else lowerDeclaration(lowering, node);
      return;
    case 'const':
      if (isTimed(node)) lowerTimed(lowering, node);
      else lowerConst(lowering, node);
      return;
    case 'io':
      lowerIo(lowering, node);
      return;
    case 'alias':
      lowerAlias(lowering, node);
      return;
    case 'gate':
      lowerGateDefinition(lowering, node);
      return;
    default:
      lowerControl(lowering, node);
      return;
  }
}

function lowerControl(lowering: Lowering, node: StatementNode): void {
  switch (node.kind) {
    case 'if':
      lowerIf(lowering, node);
      return;
    case 'for':
      lowerFor(lowering, node);
      return;
    case 'while':
      lowerWhile(lowering, node);
      return;
    case 'switch':
      lowerSwitch(lowering, node);
      return;
    case 'scope':
      lowering.scopes.nested(() => lowerStatements(lowering, node.statements));
      return;
    case 'break':
    case 'continue':
      if (lowering.frame.loops === 0)
        lowering.fail('QASM_CONTEXT', node, `\`${node.kind}\` stands outside of a loop.`);
      lowering.emit({ kind: node.kind }, node);
      return;
    case 'end':
      lowering.emit({ kind: 'end' }, node);
      return;
    case 'return':
      lowerReturn(lowering, node);
      return;
    case 'expression':
      lowerExpressionStatement(lowering, node);
      return;
    default:
      lowerRemaining(lowering, node);
      return;
  }
}

/** What is checked only, or has no effect. */
function lowerRemaining(lowering: Lowering, node: StatementNode): void {
  switch (node.kind) {
    case 'nop':
      for (const operand of node.operands) lowerOperand(lowering, operand);
      return;
    case 'delay':
      checkDuration(lowering, node.duration);
      for (const operand of node.operands) lowerOperand(lowering, operand);
      lowering.findings.add('QASM_IGNORED', node, 'The delay has no effect: execution has no clock.');
      return;
    case 'box':
      if (node.duration !== undefined) checkDuration(lowering, node.duration);
      lowering.findings.add(
        'QASM_IGNORED',
        { start: node.start, end: node.start + 3 },
        'The box has no effect beyond its content.',
      );
      lowering.scopes.nested(() => lowerStatements(lowering, node.body.statements));
      return;
    case 'pragma':
      lowerPragma(lowering, node);
      return;
    case 'calibrationGrammar':
    case 'cal':
    case 'defcal':
      lowering.unsupported(node, 'Pulse-level calibration');
      return;
    case 'def':
      lowerSubroutine(lowering, node);
      return;
    case 'opaque':
      requireTopLevel(lowering, node, 'An opaque gate');
      lowering.declare(node.name, { kind: 'unsupported', what: `The opaque gate \`${node.name.name}\`` });
      return;
    case 'extern':
      lowering.unsupported(node, `The extern function \`${node.name.name}\``);
      return;
  }
}

function reportAnnotations(lowering: Lowering, node: StatementNode): void {
  if (node.annotations === undefined) return;
  for (const annotation of node.annotations) {
    if (isOwnAnnotation(annotation.name)) continue;
    const nearest = nearestAnnotation(annotation.name);
    lowering.findings.add(
      'QASM_IGNORED',
      annotation,
      `The annotation \`@${annotation.name}\` is not known and has no effect.`,
      nearest === undefined ? {} : { hint: `did you mean \`@${nearest}\`?` },
    );
  }
}

function lowerBarrier(lowering: Lowering, node: Statement<'barrier' | 'nop'>): void {
  const named = node.operands.flatMap((operand) => lowerOperand(lowering, operand).qubits);
  const everything = (): number[] => Array.from({ length: lowering.frame.qubits }, (_, qubit) => qubit);
  const qubits = node.operands.length === 0 ? everything() : [...new Set(named)];
  lowering.spend(qubits.length, node);
  if (qubits.length > 0) lowering.emit({ kind: 'barrier', qubits }, node);
}

/** The instructions of a body that may run not at all or more than once. */
export function lowerBody(lowering: Lowering, node: StatementNode): Block {
  return lowering.collect(() => {
    lowering.frame.conditional++;
    try {
      lowering.scopes.nested(() =>
        lowerStatements(lowering, node.kind === 'scope' ? node.statements : [node]),
      );
    } finally {
      lowering.frame.conditional--;
    }
  });
}

function lowerIf(lowering: Lowering, node: Statement<'if'>): void {
  const condition = lowerCondition(lowering, node.condition);
  const errors = lowering.findings.errors;
  const body = lowerBody(lowering, node.body);
  const otherwise = node.otherwise === undefined ? undefined : lowerBody(lowering, node.otherwise);
  if (lowering.findings.errors > errors) throw new Meaningless();
  // Both branches are checked; a constant condition keeps one of them.
  if (condition.ir.kind === 'bool') {
    splice(lowering, (condition.ir.value ? body : otherwise) ?? [], node);
    return;
  }
  const isEmpty = otherwise === undefined || otherwise.length === 0;
  lowering.emit({ kind: 'if', condition: condition.ir, body, ...(isEmpty ? {} : { otherwise }) }, node);
}

function splice(lowering: Lowering, block: Block, span: Span): void {
  for (const instruction of block) lowering.emit(instruction as Instruction, span);
}

function lowerWhile(lowering: Lowering, node: Statement<'while'>): void {
  let value: Value | undefined;
  const before = lowering.collect(() => {
    value = lowerCondition(lowering, node.condition);
  });
  lowering.frame.loops++;
  const body = lowerBody(lowering, node.body);
  lowering.frame.loops--;
  const { ir } = value!;
  if (ir.kind === 'bool' && !ir.value) return;
  if (before.length === 0) {
    lowering.emit({ kind: 'while', condition: ir, body }, node);
    return;
  }
  // What prepares the condition is done whenever it is computed, and so inside of the loop.
  const leave: Instruction = { kind: 'if', condition: negated(ir), body: [{ kind: 'break' }] };
  const checked = ir.kind === 'bool' ? before : [...before, leave];
  const condition: Expression = { kind: 'bool', value: true };
  lowering.emit({ kind: 'while', condition, body: [...checked, ...body] }, node);
}

const negated = (operand: Expression): Expression => ({ kind: 'unary', operator: '!', operand });

function lowerSwitch(lowering: Lowering, node: Statement<'switch'>): void {
  const subject = lowerExpression(lowering, node.subject);
  if (subject.type.kind !== 'int' && subject.type.kind !== 'uint') {
    lowering.fail('QASM_TYPE', node.subject, 'A switch needs an integer.', {
      hint: 'cast the bits: `switch (int(c))`',
    });
  }
  const seen = new Set<bigint>();
  const cases: { values: bigint[]; body: Block }[] = [];
  let otherwise: Block | undefined;
  for (const item of node.cases) {
    if (otherwise !== undefined)
      lowering.fail('QASM_CONTEXT', item, '`default` is the last case of a switch.');
    const values = (item.values ?? []).map((value) => {
      const { ir } = coerce(lowering, value, lowerExpression(lowering, value), subject.type);
      if (ir.kind !== 'int')
        return lowering.fail(
          'QASM_NOT_CONSTANT',
          value,
          'The value of a case must be known when the program is compiled.',
        );
      if (seen.has(ir.value)) lowering.fail('QASM_VALUE', value, `The value ${ir.value} has a case already.`);
      seen.add(ir.value);
      return ir.value;
    });
    const body = lowerBody(lowering, item.body);
    if (item.values === undefined) otherwise = body;
    else cases.push({ values, body });
  }
  if (cases.length === 0) {
    splice(lowering, otherwise ?? [], node);
    return;
  }
  lowering.emit(
    { kind: 'switch', subject: subject.ir, cases, ...(otherwise === undefined ? {} : { otherwise }) },
    node,
  );
}
