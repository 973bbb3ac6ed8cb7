import type { CompileTarget } from '@qfs/circuit';

/** Small devices of every kind of basis and coupling. */
const LINE = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
];
const RING = [...LINE, [4, 0]];
const STAR = [
  [2, 0],
  [2, 1],
  [2, 3],
  [2, 4],
];
/** Two triangles that share a qubit, of six in all. */
const KITE = [
  [0, 1],
  [1, 2],
  [0, 2],
  [2, 3],
  [3, 4],
  [2, 4],
  [4, 5],
];

const target = (
  name: string,
  basisGates: readonly string[],
  coupling?: readonly (readonly number[])[],
  directed = false,
): CompileTarget => ({
  name,
  qubits: 1 + Math.max(4, ...(coupling ?? []).flat()),
  directed,
  basisGates,
  ...(coupling && { coupling }),
});

export const TARGETS: readonly CompileTarget[] = [
  target('line, cz', ['id', 'rz', 'sx', 'x', 'cz'], LINE),
  target('ring, cx', ['rz', 'sx', 'x', 'cx'], RING),
  target('directed star, cx', ['rz', 'sx', 'x', 'cx'], STAR, true),
  target('kite, ecr', ['rz', 'sx', 'x', 'ecr'], KITE, true),
  target('all to all, u and cx', ['u', 'cx']),
  target('all to all, rxx', ['rx', 'ry', 'rz', 'rxx']),
  target('kite, rzz', ['rx', 'rz', 'rzz'], KITE),
];
