import { gatesOfLibrary, type LibraryGate } from '../lower/library.ts';
import { QELIB1 } from './qelib1.ts';
import { OPENQASM2_WORDS } from './words.ts';

/** A gate of the table with positive controls before it, as `qelib1.inc` calls it. */
export interface OpenQasm2Form {
  readonly name: string;
  readonly gate: string;
  readonly controls: number;
}

function formOf({ name, meaning }: LibraryGate): OpenQasm2Form[] {
  if (meaning.template === undefined) return [{ name, gate: meaning.name, controls: 0 }];
  const [only, ...others] = meaning.template;
  if (only?.kind !== 'gate' || others.length > 0 || meaning.parameters > 0) return [];
  const controls = only.controls?.length ?? 0;
  const isDirect = only.qubits.length === meaning.qubits && only.qubits.every((qubit, at) => qubit === at);
  return isDirect && only.controls?.every(Boolean) ? [{ name, gate: only.gate, controls }] : [];
}

/** What the gates of `qelib1.inc` stand for; of several names for one gate the oldest comes first. */
export const openQasm2Forms = (): readonly OpenQasm2Form[] => gatesOfLibrary(QELIB1).flatMap(formOf);

/** Names that a declaration of a program in OpenQASM 2 must leave alone. */
export const openQasm2Names = (): ReadonlySet<string> =>
  new Set([...OPENQASM2_WORDS, ...gatesOfLibrary(QELIB1).map(({ name }) => name)]);
