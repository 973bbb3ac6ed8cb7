import type { Statement } from '../syntax/ast.ts';
import { lowerBraketUnitary } from './braket-unitary.ts';
import type { Lowering } from './lowering.ts';

/** What becomes of other pragmas that Amazon Braket gives a meaning, by the word behind `braket`. */
const BRAKET_PRAGMAS: Readonly<Record<string, { readonly note: string } | { readonly refused: string }>> = {
  result: {
    note: 'The result type is not computed: ask for it in the job, with `observables` for expectation values.',
  },
  verbatim: { note: 'The gates are executed as they are written anyway.' },
  noise: { refused: 'Noise inside a program' },
};

/** A pragma that is not known has no effect; one that would change the outcomes is not passed over. */
export function lowerPragma(lowering: Lowering, node: Statement<'pragma'>): void {
  const [, word = '', rest = ''] = /^braket\s+([a-z]+)\s*(.*)$/.exec(node.content) ?? [];
  if (word === 'unitary') {
    lowerBraketUnitary(lowering, rest, node);
    return;
  }
  const row = Object.hasOwn(BRAKET_PRAGMAS, word) ? BRAKET_PRAGMAS[word] : undefined;
  if (row !== undefined && 'refused' in row) lowering.unsupported(node, row.refused);
  lowering.findings.add('QASM_IGNORED', node, row?.note ?? 'The pragma is not known and has no effect.');
}
