import {
  CIRCUIT_QUBITS_MAX,
  IONQ_SHOTS_KEPT_MAX,
  JOB_ITEMS_MAX,
  JOB_NAME_CHARS_MAX,
  PRIORITY_DEFAULT,
  QfsError,
  REQUEST_BODY_BYTES_MAX,
  SEED_MAX,
  SHOTS_MAX,
  SHOTS_MIN,
} from '@qfs/core';
import { TARGET_DEFAULT } from '../../door.ts';
import { programBytes, type Submission, type SubmissionItem } from '../../submission.ts';
import { deviceOf } from './backend-names.ts';
import { type CircuitProgram, circuitProgram } from './circuit-program.ts';
import { type Fields, isFields, refuse } from './gate-fields.ts';
import { GATESETS, type Gateset } from './gates.ts';
import { type KeptCircuit, type KeptRequest, writeKept } from './kept-request.ts';

/** Shots where the client gives none, as IonQ documents them. */
const SHOTS_DEFAULT = 100;

interface Circuits {
  readonly items: readonly SubmissionItem[];
  readonly circuits: readonly KeptCircuit[];
}

/** How the `input` of each type of job is read. */
export const JOB_TYPES = {
  'ionq.circuit.v1': (input: Fields): Circuits => {
    const program = circuitProgram(
      input.circuit,
      gatesetOf(input),
      qubitsOf(input, 'input'),
      'input.circuit',
    );
    return { items: [itemOf(program)], circuits: [keptCircuit(program, null)] };
  },
  'ionq.multi-circuit.v1': readBatch,
  'ionq.qasm3.v1': (input: Fields): Circuits => readText(input, 'openqasm3'),
  'ionq.qasm2.v1': (input: Fields): Circuits => readText(input, 'openqasm2'),
} as const;

type JobType = keyof typeof JOB_TYPES;

export const isBatch = (type: string): boolean => type === 'ionq.multi-circuit.v1';

/** The body of `POST /v0.4/jobs`; further members are ignored, as IonQ ignores them. */
export interface IonqJobBody {
  readonly type?: string | undefined;
  readonly backend: string;
  readonly input: Fields;
  readonly shots?: unknown;
  readonly name?: string | null | undefined;
  readonly metadata?: Fields | null | undefined;
  readonly noise?: Fields | null | undefined;
  readonly settings?: Fields | null | undefined;
  readonly dry_run?: boolean | null | undefined;
  readonly session_id?: string | null | undefined;
}

/**
 * An IonQ job in the terms of every door: one job, with one item per circuit.
 * @throws QfsError BODY_INVALID, NOT_IMPLEMENTED, PAYLOAD_TOO_LARGE
 */
export function ionqSubmission(body: IonqJobBody, idempotencyKey: string): Submission {
  const { backend, name, metadata, noise, settings, dry_run: dryRun, session_id: sessionId } = body;
  const type = typeOf(body.type);
  refuseUnknownPhysics(noise, settings);
  if (dryRun === true) refuseDryRun(backend);
  const shots = shotsOf(body.shots);
  const { items, circuits } = JOB_TYPES[type](body.input);
  const seed = seedOf(noise);
  const kept: KeptRequest = {
    ...{ type, backend, name: name ?? null, metadata: metadata ?? null, noise: noise ?? null },
    ...{ settings: settings ?? null, dryRun: dryRun ?? false, circuits },
  };
  return {
    items: items.map((item) => ({ ...item, shots, memory: shots * items.length <= IONQ_SHOTS_KEPT_MAX })),
    name: plainName(name ?? ''),
    target: deviceOf(backend),
    priority: PRIORITY_DEFAULT,
    metadataKvs: writeKept(kept),
    sessionId: sessionId ?? '',
    sourceDoor: 'ionq',
    idempotencyKey,
    fingerprint: JSON.stringify(['POST /v0.4/jobs', body]),
    ...(seed === undefined ? {} : { seed }),
  };
}

function typeOf(type = 'ionq.circuit.v1'): JobType {
  if (Object.hasOwn(JOB_TYPES, type)) return type as JobType;
  return refuse('type', `is "${type.slice(0, 60)}"; known are ${Object.keys(JOB_TYPES).join(', ')}`);
}

function gatesetOf({ gateset = 'qis' }: Fields): Gateset {
  if (typeof gateset === 'string' && Object.hasOwn(GATESETS, gateset)) return gateset as Gateset;
  return refuse('input.gateset', `must be one of ${Object.keys(GATESETS).join(', ')}`);
}

function qubitsOf({ qubits }: Fields, place: string): number | undefined {
  if (qubits === undefined || qubits === null) return undefined;
  if (Number.isInteger(qubits) && (qubits as number) >= 1 && (qubits as number) <= CIRCUIT_QUBITS_MAX)
    return qubits as number;
  return refuse(`${place}.qubits`, `must be a whole number from 1 to ${CIRCUIT_QUBITS_MAX}`);
}

function readBatch(input: Fields): Circuits {
  const { circuits } = input;
  if (!Array.isArray(circuits) || circuits.length === 0 || circuits.length > JOB_ITEMS_MAX)
    return refuse('input.circuits', `must be a list of 1 to ${JOB_ITEMS_MAX} circuits`);
  const shared = gatesetOf(input);
  const width = qubitsOf(input, 'input');
  let bytes = 0;
  const read = circuits.map((circuit: unknown, index) => {
    const place = `input.circuits[${index}]`;
    if (!isFields(circuit)) return refuse(place, 'must be an object with `circuit`');
    const gateset = circuit.gateset === undefined ? shared : gatesetOf(circuit);
    const qubits = qubitsOf(circuit, place) ?? width;
    const program = circuitProgram(circuit.circuit, gateset, qubits, `${place}.circuit`);
    bytes += program.text.length;
    // A letter of a Pauli string is many of OpenQASM: a batch may be as large as if it had come as that.
    if (bytes > REQUEST_BODY_BYTES_MAX) {
      const message = `The circuits are more than ${REQUEST_BODY_BYTES_MAX} bytes of OpenQASM 3.`;
      throw new QfsError('PAYLOAD_TOO_LARGE', message);
    }
    return { item: itemOf(program), kept: keptCircuit(program, textOrNull(circuit.name)) };
  });
  return { items: read.map(({ item }) => item), circuits: read.map(({ kept }) => kept) };
}

function readText(input: Fields, language: string): Circuits {
  const { data } = input;
  if (typeof data !== 'string' || data.trim() === '')
    return refuse('input.data', 'must be an OpenQASM program');
  const qubits = qubitsOf(input, 'input') ?? 0;
  return {
    items: [{ language, program: programBytes(data) }],
    circuits: [{ name: null, qubits, oneQubitGates: 0, multiQubitGates: 0 }],
  };
}

const itemOf = ({ text }: CircuitProgram): SubmissionItem => ({
  language: 'openqasm3',
  program: programBytes(text),
});

const keptCircuit = (program: CircuitProgram, name: string | null): KeptCircuit => {
  const { qubits, oneQubitGates, multiQubitGates } = program;
  return { name, qubits, oneQubitGates, multiQubitGates };
};

/** Cirq's client sends them as text. */
function shotsOf(given: unknown): number {
  if (given === undefined || given === null) return SHOTS_DEFAULT;
  const shots = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : given;
  if (Number.isInteger(shots) && (shots as number) >= SHOTS_MIN && (shots as number) <= SHOTS_MAX)
    return shots as number;
  return refuse('shots', `must be a whole number from ${SHOTS_MIN} to ${SHOTS_MAX}`);
}

function seedOf(noise: Fields | null | undefined): bigint | undefined {
  const seed = noise?.seed;
  if (seed === undefined || seed === null) return undefined;
  if (Number.isInteger(seed) && (seed as number) >= 0 && (seed as number) <= SEED_MAX)
    return BigInt(seed as number);
  return refuse('noise.seed', `must be a whole number from 0 to ${SEED_MAX}`);
}

/** What would change results is refused, never passed over. */
function refuseUnknownPhysics(noise: Fields | null | undefined, settings: Fields | null | undefined): void {
  const model = noise?.model ?? 'ideal';
  if (model !== 'ideal') {
    const named = JSON.stringify(model).slice(0, 60);
    const message = `noise.model is ${named}; this door knows "ideal". A noisy device is a backend of its own here.`;
    throw new QfsError('NOT_IMPLEMENTED', message);
  }
  const mitigation = settings?.error_mitigation;
  if (isFields(mitigation) && Object.values(mitigation).some((value) => value !== false && value !== null)) {
    const message = 'settings.error_mitigation asks for a method that no device here has; leave it out.';
    throw new QfsError('NOT_IMPLEMENTED', message);
  }
}

function refuseDryRun(backend: string): void {
  if (deviceOf(backend) === TARGET_DEFAULT) return;
  const message = `A dry run is possible on "simulator", where running costs nothing; "${backend.slice(0, 60)}" would run it.`;
  throw new QfsError('NOT_IMPLEMENTED', message);
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The client reads its own name again; the one for people has the bounds of every job. */
const plainName = (name: string): string =>
  [...name.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')].slice(0, JOB_NAME_CHARS_MAX / 2).join('');
