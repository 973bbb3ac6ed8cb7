import type { ClassicalType, Target, Variable } from '@qfs/circuit';
import { constantIndex, GATES, INCLUDES } from '@qfs/circuit';
import { CLASSICAL_BITS_MAX, nearestName, QASM_NAME_CHARS_MAX } from '@qfs/core';
import type { Span } from '../findings.ts';
import { QELIB1 } from '../openqasm2/qelib1.ts';
import type {
  ArrayLiteral,
  ExpressionNode,
  Identifier,
  IndexedIdentifier,
  IndexOperator,
  MeasureNode,
  Statement,
  StatementNode,
} from '../syntax/ast.ts';
import { annotationOf, irName } from './annotations.ts';
import { assignValue, measureInto } from './assignments.ts';
import { coerce, constantSize, lookUp, lowerExpression, registerSize, resolveType } from './expressions.ts';
import { gatesOfLibrary, tableGate } from './library.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperand } from './operands.ts';
import { type LiteralElement, literalElements } from './places.ts';
import type { Meaning, ScopeEntry } from './symbols.ts';
import { isConstant } from './types.ts';

export function lowerInclude(lowering: Lowering, node: Statement<'include' | 'calibrationGrammar'>): void {
  if (lowering.scopes.depth > 1) lowering.fail('QASM_CONTEXT', node, '`include` stands at the top level.');
  const gates = includedGates(lowering, node.name);
  if (gates === undefined) {
    lowering.fail('QASM_INCLUDE_UNKNOWN', node, `The file "${node.name}" is not built in.`, {
      hint: includeHint(lowering, node.name),
    });
  }
  if (lowering.includes.has(node.name)) return;
  lowering.includes.add(node.name);
  for (const gate of gates) {
    const earlier = lowering.scopes.declare(gate);
    if (earlier?.declared !== undefined) {
      lowering.findings.add(
        'QASM_REDECLARED',
        node,
        `"${node.name}" declares \`${gate.name}\`, which is declared already.`,
        {
          related: [{ message: 'declared here first', start: earlier.declared.start }],
        },
      );
    }
  }
}

function includeHint({ isVersion2 }: Lowering, file: string): string {
  if (isVersion2) return 'OpenQASM 2 has its gates in "qelib1.inc"';
  if (file === 'qelib1.inc')
    return 'that is the file of OpenQASM 2; OpenQASM 3 has its gates in "stdgates.inc"';
  const nearest = nearestName(
    file,
    INCLUDES.filter((include) => include !== 'builtin'),
  );
  return nearest === undefined ? 'use "stdgates.inc" or "qfs.inc"' : `did you mean "${nearest}"?`;
}

/** What an included file declares; undefined for a file that does not exist in the version of the program. */
function includedGates(lowering: Lowering, file: string): readonly ScopeEntry[] | undefined {
  if (lowering.isVersion2) return file === 'qelib1.inc' ? gatesOfLibrary(QELIB1) : undefined;
  if (file === 'builtin' || !INCLUDES.some((include) => include === file)) return undefined;
  return GATES.filter((gate) => gate.include === file).flatMap((gate) =>
    [gate.name, ...gate.aliases].map((name) => ({ name, meaning: tableGate(gate.name) })),
  );
}

export function requireTopLevel(lowering: Lowering, node: StatementNode, what: string): void {
  if (lowering.scopes.depth > 1 || lowering.frame.conditional > 0)
    lowering.fail('QASM_CONTEXT', node, `${what} can only be declared at the top level.`);
}

export function requireName(lowering: Lowering, name: Identifier): void {
  if (name.name.length > QASM_NAME_CHARS_MAX) {
    lowering.fail(
      'QASM_VALUE',
      name,
      `The name has ${name.name.length} characters; it may have at most ${QASM_NAME_CHARS_MAX}.`,
    );
  }
}

export function lowerQubits(lowering: Lowering, node: Statement<'qubits'> | Statement<'oldStyle'>): void {
  requireTopLevel(lowering, node, 'Qubits');
  requireName(lowering, node.name);
  const designator = node.kind === 'qubits' ? node.type.designator : node.designator;
  const size = designator === undefined ? 1 : registerSize(lowering, designator);
  const isSingle = designator === undefined;
  const span: Span = node;
  requireFree(lowering, node.name);
  const qubits = lowering.addRegister(irName(node, node.name.name), size, span, isSingle);
  lowering.declare(node.name, { kind: 'qubits', qubits, isSingle });
}

/** Reports a second declaration before anything is allocated for it. */
function requireFree(lowering: Lowering, name: Identifier): void {
  const probe: Meaning = { kind: 'broken' };
  const earlier = lowering.scopes.find(name.name);
  if (earlier !== undefined && lowering.scopes.isInnermost(earlier)) lowering.declare(name, probe);
}

export function lowerOldStyle(lowering: Lowering, node: Statement<'oldStyle'>): void {
  if (node.keyword === 'qreg') {
    lowerQubits(lowering, node);
    return;
  }
  const width =
    node.designator === undefined ? 1 : constantSize(lowering, node.designator, CLASSICAL_BITS_MAX);
  declareVariable(lowering, node, node.name, { kind: 'bit', width }, node.designator === undefined, 'local');
}

export function lowerDeclaration(lowering: Lowering, node: Statement<'declaration'>): void {
  const type = resolveType(lowering, node.type);
  const isLoose =
    type.kind === 'bit' && node.type.kind === 'scalarType' && node.type.designator === undefined;
  // The initial value is read before the name exists, so that `int x = x;` does not read itself.
  const initial = node.initial === undefined ? undefined : readInitial(lowering, node.initial, type);
  declareVariable(lowering, node, node.name, type, isLoose, 'local');
  if (initial === undefined) return;
  const target: IndexedIdentifier = {
    kind: 'indexed',
    name: node.name,
    indices: [],
    start: node.name.start,
    end: node.name.end,
  };
  if (Array.isArray(initial)) {
    assignElements(lowering, node, initial);
    return;
  }
  if ('qubits' in initial) {
    measureInto(lowering, initial.qubits, target, node);
    return;
  }
  if (!(isAtStart(lowering) && isZero(initial.ir))) assignValue(lowering, target, initial, node);
}

const isAtStart = (lowering: Lowering): boolean =>
  lowering.frame.conditional === 0 && lowering.scopes.depth === 1;

/** An array literal is assigned element by element. */
function assignElements(
  lowering: Lowering,
  node: Statement<'declaration'>,
  elements: readonly LiteralElement[],
): void {
  const { meaning } = lookUp(lowering, node.name, ({ kind }) => kind === 'variable');
  const variable = meaning.kind === 'variable' ? meaning.id : 0;
  for (const { path, value } of elements) {
    if (isAtStart(lowering) && isZero(value.ir)) continue;
    const target = path.reduce<Target>((base, at) => ({ kind: 'index', base, index: constantIndex(at) }), {
      kind: 'variable',
      variable,
    });
    lowering.emit({ kind: 'assign', target, value: value.ir }, node);
  }
}

/** Variables start at zero, so saying so again needs no instruction. */
function isZero(ir: ReturnType<typeof coerce>['ir']): boolean {
  return (
    (ir.kind === 'int' && ir.value === 0n) ||
    (ir.kind === 'bits' && !ir.value.includes('1')) ||
    (ir.kind === 'bool' && !ir.value) ||
    (ir.kind === 'float' && Object.is(ir.value, 0)) ||
    (ir.kind === 'complex' && ir.re === 0 && ir.im === 0)
  );
}

function readInitial(
  lowering: Lowering,
  node: ExpressionNode | MeasureNode | ArrayLiteral,
  type: ClassicalType,
) {
  if (node.kind === 'array') return literalElements(lowering, node, type);
  if (node.kind === 'measure') return lowerOperand(lowering, node.operand);
  return coerce(lowering, node, lowerExpression(lowering, node), type);
}

function declareVariable(
  lowering: Lowering,
  node: StatementNode,
  name: Identifier,
  type: ClassicalType,
  isLoose: boolean,
  role: Variable['role'],
): void {
  requireName(lowering, name);
  requireFree(lowering, name);
  const isInner = lowering.scopes.depth > 1 || annotationOf(node, 'inner') !== undefined;
  const known = isInner ? lowering.slots.get(node.start) : undefined;
  const id =
    known ??
    lowering.addVariable(irName(node, name.name), type, node, {
      role,
      ...(isLoose ? { loose: true } : {}),
      ...(isInner ? { inner: true } : {}),
    });
  if (isInner) lowering.slots.set(node.start, id);
  lowering.declare(name, { kind: 'variable', id, type, isLoose, isReadonly: role === 'input' });
}

export function lowerIo(lowering: Lowering, node: Statement<'io'>): void {
  requireTopLevel(lowering, node, `An ${node.direction}`);
  const type = resolveType(lowering, node.type);
  const isLoose =
    type.kind === 'bit' && node.type.kind === 'scalarType' && node.type.designator === undefined;
  declareVariable(lowering, node, node.name, type, isLoose, node.direction);
}

export function lowerConst(lowering: Lowering, node: Statement<'const'>): void {
  const type = resolveType(lowering, node.type);
  if (node.initial.kind === 'measure' || node.initial.kind === 'array') {
    lowering.fail(
      'QASM_NOT_CONSTANT',
      node.initial,
      'A constant needs a value that is known when the program is compiled.',
    );
  }
  const value = coerce(lowering, node.initial, lowerExpression(lowering, node.initial), type);
  if (!isConstant(value.ir)) {
    lowering.fail(
      'QASM_NOT_CONSTANT',
      node.initial,
      `The value of \`${node.name.name}\` is not known when the program is compiled.`,
    );
  }
  lowering.declare(node.name, { kind: 'value', value });
}

/** A name with indices, where the language wants a register or a part of one. */
export function asIndexed(lowering: Lowering, node: ExpressionNode) {
  if (node.kind === 'hardwareQubit') return node;
  const indices: IndexOperator[] = [];
  let base: ExpressionNode = node;
  for (; base.kind === 'index'; base = base.base) indices.unshift(base.index);
  if (base.kind !== 'identifier')
    return lowering.fail('QASM_TYPE', node, 'Here stands the name of a register, or of a part of one.');
  return { kind: 'indexed' as const, name: base, indices, start: node.start, end: node.end };
}
