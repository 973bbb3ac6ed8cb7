import { createHash } from 'node:crypto';
import {
  CIRCUIT_QUBITS_MAX,
  CLASSICAL_BITS_MAX,
  IONQ_SHOTS_KEPT_MAX,
  QfsError,
  REMOTE_CIRCUITS_MAX,
  SEED_MAX,
  SHOTS_MAX,
} from '@qfs/core';
import { utf8Decode } from '@qfs/core/exact';
import { type JsonValue, parseJson } from '@qfs/core/json';
import { deriveSeed } from '@qfs/core/math';
import type { ExecutionItem, ExecutionRequest } from '../contract.ts';
import { bindInputs, readCompiledText } from './compiled-text.ts';
import { type GateList, gateList } from './gate-list.ts';
import { memberOf, textAt } from './ionq-client.ts';

/** What it takes to read a circuit's results again. It travels in the metadata of its remote job. */
export interface CircuitNote {
  readonly item: number;
  readonly shots: number;
  readonly seed: number;
  readonly memory: boolean;
  readonly qubits: number;
  /** Widths of the groups of a count key, leftmost first. */
  readonly groups: readonly number[];
  /** Where it went as gates, whose outcomes are of qubits: the qubit of every bit, rightmost first. */
  readonly measured?: readonly (number | null)[];
}

/** One job of the backend: one item with one set of values. */
export interface RemoteCircuit {
  readonly text: string;
  readonly note: CircuitNote;
  /** The same as gates, where it is no more than that. */
  readonly gates: GateList | undefined;
}

/** Member of the remote job's metadata that holds the note. */
const NOTE = 'qfs_circuit';

/**
 * The circuits of a request, in the order of its items and their parameters.
 * @throws QfsError for what IonQ's API cannot express
 */
export function remoteCircuits({ items, options }: ExecutionRequest): readonly RemoteCircuit[] {
  const [option] = Object.keys(options);
  if (option !== undefined) unsupported(`It takes no option "${option}".`);
  const circuits = items.flatMap((item, index) => circuitsOf(item, index));
  if (circuits.length > REMOTE_CIRCUITS_MAX) {
    throw new QfsError(
      'PAYLOAD_TOO_LARGE',
      `The job has ${circuits.length} circuits; the device takes at most ${REMOTE_CIRCUITS_MAX} of one job.`,
    );
  }
  return circuits;
}

function circuitsOf(item: ExecutionItem, index: number): RemoteCircuit[] {
  const { circuit, format, memory, observables, parameters, seed, shots } = item;
  if (format !== 'qasm3_text') unsupported(`It takes OpenQASM 3, not ${format}.`);
  if (observables.length > 0)
    unsupported('It computes no expectation values; measure, and compute them from the counts.');
  if (memory && shots > IONQ_SHOTS_KEPT_MAX)
    unsupported(`It keeps single shots up to ${IONQ_SHOTS_KEPT_MAX}; this item has ${shots}.`);
  const source = utf8Decode(circuit);
  if (!source.ok) throw new QfsError('JOB_SPEC_INVALID', 'The circuit is not UTF-8.');
  const compiled = readCompiledText(source.value);
  const { groups, qubits } = compiled;
  const bindings = parameters.length === 0 ? [new Map()] : parameters;
  return bindings.map((binding, set) => {
    const text = bindInputs(source.value, binding);
    const note = { item: index, shots, seed: deriveSeed(seed, set), memory, qubits, groups };
    return { text, note, gates: gateList(text, compiled) };
  });
}

function unsupported(why: string): never {
  throw new QfsError('NOT_IMPLEMENTED', `The device speaks IonQ's API. ${why}`);
}

/** Seeds of the API are small. */
const SEED_MODULUS = 2 ** 31;

/** The body of `POST /jobs` for a circuit as OpenQASM 3. */
export const textBody = (circuit: RemoteCircuit, backend: string, jobId: string): object => ({
  ...jobBody(circuit.note, backend, jobId),
  type: 'ionq.qasm3.v1',
  input: { qubits: circuit.note.qubits, data: circuit.text },
});

/** The same as a list of gates; undefined where the circuit is more. */
export function gatesBody(
  { gates, note }: RemoteCircuit,
  backend: string,
  jobId: string,
): object | undefined {
  if (gates === undefined) return undefined;
  return {
    ...jobBody({ ...note, measured: gates.measured }, backend, jobId),
    type: 'ionq.circuit.v1',
    input: { gateset: 'qis', qubits: note.qubits, circuit: gates.gates },
  };
}

const jobBody = (note: CircuitNote, backend: string, jobId: string): object => ({
  backend,
  name: jobId,
  shots: note.shots,
  // Hardware has no seed.
  ...(backend === 'simulator' ? { noise: { model: 'ideal', seed: note.seed % SEED_MODULUS } } : {}),
  metadata: { [NOTE]: JSON.stringify(note) },
});

/** The note of a remote job; undefined where there is none of ours, or none that can be. */
export function noteOf(job: JsonValue): CircuitNote | undefined {
  const read = parseJson(textAt(memberOf(job, 'metadata'), NOTE) ?? '');
  return read.ok && isNote(read.value) ? (read.value as unknown as CircuitNote) : undefined;
}

function isNote(note: JsonValue): boolean {
  const {
    item,
    shots,
    seed,
    memory,
    qubits,
    groups,
    measured = [],
  } = Object(note) as Record<string, JsonValue>;
  const isWhole = (value: JsonValue | undefined, most: number): boolean =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;
  const areWhole = (list: JsonValue | undefined, most: number): boolean =>
    Array.isArray(list) && list.length <= CLASSICAL_BITS_MAX && list.every((value) => isWhole(value, most));
  return (
    isWhole(item, REMOTE_CIRCUITS_MAX) &&
    isWhole(shots, SHOTS_MAX) &&
    isWhole(seed, SEED_MAX) &&
    isWhole(qubits, CIRCUIT_QUBITS_MAX) &&
    typeof memory === 'boolean' &&
    areWhole(groups, CLASSICAL_BITS_MAX) &&
    (groups as number[]).reduce((sum, size) => sum + size, 0) <= CLASSICAL_BITS_MAX &&
    Array.isArray(measured) &&
    areWhole(
      measured.filter((qubit) => qubit !== null),
      CIRCUIT_QUBITS_MAX,
    )
  );
}

/** One key per circuit, the same for the same submission; of a form that every backend takes. */
export const idempotencyKey = (token: string, index: number): string =>
  createHash('sha256').update(`${token}/${index}`).digest('hex');
