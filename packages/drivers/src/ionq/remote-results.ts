import type { CircuitResult, Results } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import type { JsonValue } from '@qfs/core/json';
import { countKey } from './compiled-text.ts';
import type { CircuitNote } from './remote-circuit.ts';

/** What a backend answered for one circuit. */
export interface RemoteOutcome {
  readonly note: CircuitNote;
  /** Shots per outcome, or probabilities of outcomes, by the number of the outcome. */
  readonly histogram: JsonValue;
  readonly shots: JsonValue | undefined;
}

const NOTHING_COUNTED = 'No statement writes a classical bit, so that there is nothing to count.';

const incomplete = (why: string): QfsError =>
  new QfsError('RESULT_INCOMPLETE', `The backend's results ${why}.`);

/** The results document: outcomes in the order of the circuits, which is that of items and parameter sets. */
export function remoteResults(outcomes: readonly RemoteOutcome[], backend: string): Results {
  const items: CircuitResult[][] = [];
  for (const outcome of outcomes) {
    const results = items[outcome.note.item] ?? [];
    results.push(circuitResult(outcome, backend));
    items[outcome.note.item] = results;
  }
  return { items: items.map((results) => ({ results })) };
}

function circuitResult({ note, histogram, shots }: RemoteOutcome, backend: string): CircuitResult {
  const counts = countsOf(histogram, note);
  return {
    counts,
    shots: note.shots,
    seed: note.seed,
    expectationValues: [],
    outputs: new Map(),
    warnings: counts.size === 0 ? [NOTHING_COUNTED] : [],
    ...(note.memory ? { memory: memoryOf(shots, note) } : {}),
    metadata: {
      ...{ method: 'remote', precision: '', fast: false, engine: backend, engineVersion: '' },
      ...{ aqoDigest: '', qubits: note.qubits },
    },
  };
}

function countsOf(histogram: JsonValue, note: CircuitNote): Map<string, number> {
  const { groups, shots } = note;
  if (typeof histogram !== 'object' || histogram === null || Array.isArray(histogram))
    throw incomplete('hold no histogram');
  const entries = Object.entries(histogram).map(([outcome, value]): [string, number] => {
    if (!/^\d{1,2000}$/.test(outcome) || typeof value !== 'number' || value < 0)
      throw incomplete('hold an outcome that is none');
    return [keyOf(outcome, note), value];
  });
  // No statement writes a bit: there is nothing to count.
  if (groups.length === 0 || entries.length === 0) return new Map();
  const whole = entries.every(([, value]) => Number.isSafeInteger(value));
  const sum = entries.reduce((total, [, value]) => total + value, 0);
  const counts = whole && sum === shots ? entries : shared(entries, shots, sum);
  const merged = new Map<string, number>();
  for (const [key, count] of counts) if (count > 0) merged.set(key, (merged.get(key) ?? 0) + count);
  return merged;
}

/** Outcomes of gates are numbers of qubits: qubits that are not measured do not show in the key. */
function keyOf(outcome: string, { groups, measured }: CircuitNote): string {
  const number = BigInt(outcome);
  const bits =
    measured === undefined
      ? number
      : measured.reduceRight((value, qubit) => {
          const bit = qubit === null ? 0n : (number >> BigInt(qubit)) & 1n;
          return 2n * value + bit;
        }, 0n);
  const width = groups.reduce((sum, size) => sum + size, 0);
  if (bits >> BigInt(width) !== 0n)
    throw incomplete(`hold the outcome ${outcome}, which is wider than its register`);
  return countKey(bits, groups);
}

/** Probabilities as shots: each gets its whole part, and the largest remainders what is left. */
function shared(entries: readonly [string, number][], shots: number, sum: number): [string, number][] {
  if (Math.abs(sum - 1) > 1e-6) throw incomplete(`sum to ${sum} instead of ${shots} shots`);
  const parts = entries.map(([key, share]) => {
    const exact = share * shots;
    return { key, count: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = shots - parts.reduce((total, { count }) => total + count, 0);
  for (const part of parts.toSorted((a, b) => b.rest - a.rest)) {
    if (left <= 0) break;
    part.count += 1;
    left -= 1;
  }
  return parts.map(({ key, count }) => [key, count]);
}

function memoryOf(shots: JsonValue | undefined, note: CircuitNote): string[] {
  if (!Array.isArray(shots)) throw incomplete('do not list the shots');
  return shots.map((shot) => {
    const outcome = String(shot);
    if (!/^\d{1,2000}$/.test(outcome)) throw incomplete('hold a shot that is none');
    return keyOf(outcome, note);
  });
}
