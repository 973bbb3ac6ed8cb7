import type { CompileTarget } from '@qfs/circuit';

const UNREACHABLE = 0xffff;

/** Which qubits of a device can interact, and how many steps they are apart. */
export interface Coupling {
  readonly qubits: number;
  /** Neighbours of each qubit, ascending. */
  readonly neighbours: readonly (readonly number[])[];
  /** Steps between qubits a and b, at `a * qubits + b`; `UNREACHABLE` where no way leads. */
  readonly distance: Uint16Array;
  /** The qubits of the largest connected part, ascending; of equal ones the part with the lowest qubit. */
  readonly connected: readonly number[];
}

/** The coupling of a target; undefined where every pair can interact. */
export function couplingOf({ qubits, coupling }: CompileTarget): Coupling | undefined {
  if (coupling === undefined) return undefined;
  const sets = Array.from({ length: qubits }, () => new Set<number>());
  for (const [a = 0, b = 0] of coupling) {
    sets[a]!.add(b);
    sets[b]!.add(a);
  }
  const neighbours = sets.map((set) => [...set].sort((a, b) => a - b));
  if (neighbours.every(({ length }) => length === qubits - 1)) return undefined;
  const distance = distances(neighbours);
  return { qubits, neighbours, distance, connected: largestPart(qubits, distance) };
}

function distances(neighbours: readonly (readonly number[])[]): Uint16Array {
  const { length } = neighbours;
  const distance = new Uint16Array(length * length).fill(UNREACHABLE);
  const queue = new Int32Array(length);
  for (let from = 0; from < length; from++) {
    const row = from * length;
    distance[row + from] = 0;
    queue[0] = from;
    for (let head = 0, tail = 1; head < tail; head++) {
      const at = queue[head]!;
      for (const next of neighbours[at]!) {
        if (distance[row + next] !== UNREACHABLE) continue;
        distance[row + next] = distance[row + at]! + 1;
        queue[tail++] = next;
      }
    }
  }
  return distance;
}

function largestPart(qubits: number, distance: Uint16Array): readonly number[] {
  let largest: number[] = [];
  const seen = new Uint8Array(qubits);
  for (let from = 0; from < qubits; from++) {
    if (seen[from] === 1) continue;
    const part: number[] = [];
    for (let to = 0; to < qubits; to++) {
      if (distance[from * qubits + to] === UNREACHABLE) continue;
      seen[to] = 1;
      part.push(to);
    }
    if (part.length > largest.length) largest = part;
  }
  return largest;
}
