import type { Expression } from '@qfs/circuit';
import { CLASSICAL_BITS_MAX } from '@qfs/core';
import type { Span } from '../findings.ts';
import type { ExpressionNode, Statement } from '../syntax/ast.ts';
import { bitsPlace, joined } from './bits.ts';
import { asIndexed } from './declarations.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperand } from './operands.ts';
import { lowerStorage, type Place, type Storage, storedValue } from './places.ts';
import type { KeepIndex } from './selection.ts';
import type { Meaning } from './symbols.ts';
import { bitType, isConstant, typeText, type Value } from './types.ts';

/** An alias is a list of what it names, and is kept as long as its program is read. */
const STEPS_PER_PART = 16;

/** `let` names qubits, bits or parts of variables that exist already; nothing is copied. */
export function lowerAlias(lowering: Lowering, node: Statement<'alias'>): void {
  const written = node.value.kind === 'concatenation' ? node.value.parts : [node.value];
  const parts = written.flatMap(concatenated).map((part) => asIndexed(lowering, part));
  const first = parts[0]!;
  const isQuantum =
    first.kind === 'hardwareQubit' || lowering.scopes.find(first.name.name)?.meaning.kind === 'qubits';
  if (isQuantum) {
    lowering.declare(
      node.name,
      aliasOfQubits(
        lowering,
        node,
        parts.map((part) => lowerOperand(lowering, part)),
      ),
    );
    return;
  }
  // An index belongs to the alias as it is now, whatever its variable becomes later.
  const keep: KeepIndex = (index, span) => kept(lowering, index, span);
  const storages = parts.map((part) =>
    part.kind === 'hardwareQubit'
      ? lowering.fail('QASM_TYPE', part, 'Bits and qubits cannot be joined.')
      : lowerStorage(lowering, part, keep),
  );
  lowering.declare(node.name, classicalAlias(lowering, node, storages));
}

const concatenated = (node: ExpressionNode): ExpressionNode[] =>
  node.kind === 'binary' && node.operator === '++'
    ? [...concatenated(node.left), ...concatenated(node.right)]
    : [node];

function aliasOfQubits(
  lowering: Lowering,
  node: Statement<'alias'>,
  picked: readonly ReturnType<typeof lowerOperand>[],
): Meaning {
  const qubits = picked.flatMap((part) => part.qubits);
  lowering.spend(STEPS_PER_PART * qubits.length, node);
  const fixed = qubits.filter((qubit) => typeof qubit === 'number');
  if (fixed.length !== qubits.length)
    lowering.fail(
      'QASM_NOT_CONSTANT',
      node,
      'An alias needs indices that are known when the program is compiled.',
    );
  if (new Set(fixed).size !== fixed.length)
    lowering.fail('QASM_DUPLICATE_QUBIT', node, 'The alias names the same qubit twice.');
  return { kind: 'qubits', qubits: fixed, isSingle: picked.length === 1 && picked[0]!.isSingle };
}

function kept(lowering: Lowering, index: Value, span: Span): Expression {
  if (isConstant(index.ir)) return index.ir;
  const variable = lowering.addVariable('index', index.type, span, { role: 'local', inner: true });
  lowering.emit({ kind: 'assign', target: { kind: 'variable', variable }, value: index.ir }, span);
  return { kind: 'variable', variable };
}

function classicalAlias(lowering: Lowering, span: Span, parts: readonly Storage[]): Meaning {
  const known = parts.flatMap((part) => (part.kind === 'bits' && !part.isReadonly ? [part] : []));
  if (known.length === parts.length) {
    const bits = known.flatMap((part) => part.bits);
    lowering.spend(STEPS_PER_PART * bits.length, span);
    if (new Set(bits.map(({ variable, bit }) => variable * CLASSICAL_BITS_MAX + bit)).size < bits.length)
      lowering.fail('QASM_VALUE', span, 'A register cannot be joined with a part of itself.');
    return { kind: 'bits', bits };
  }
  const places = parts.map(asPlace);
  if (places.length === 1) return { kind: 'view', place: places[0]! };
  const other = places.find(({ type }) => type.kind !== 'bit');
  if (other !== undefined) {
    lowering.fail(
      'QASM_TYPE',
      span,
      `\`++\` copies what is ${typeText(other.type)}, so there is nothing to name.`,
      {
        hint: 'declare an array and assign the concatenation to it',
      },
    );
  }
  const width = places.reduce((sum, { type }) => sum + (type.kind === 'bit' ? type.width : 0), 0);
  const place: Place = {
    kind: 'place',
    target: { kind: 'join', parts: places.map(({ target }) => target) },
    ir: joined(places.map(({ ir }) => ir)),
    type: bitType(width),
    isReadonly: places.some(({ isReadonly }) => isReadonly),
  };
  return { kind: 'view', place };
}

function asPlace(storage: Storage): Place {
  if (storage.kind === 'place') return storage;
  return {
    kind: 'place',
    target: bitsPlace(storage.bits),
    ...storedValue(storage),
    isReadonly: storage.isReadonly,
  };
}
