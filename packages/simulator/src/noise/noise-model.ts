import { gateByName } from '@qfs/circuit';
import {
  type Codec,
  checked,
  DocumentFault,
  dictionary,
  integer,
  list,
  number,
  oneOf,
  optional,
  Reader,
  required,
  type Schema,
  struct,
  tagged,
} from '@qfs/circuit/codec';
import { NOISE_CHANNELS_MAX, QfsError, STATE_VECTOR_QUBITS_MAX } from '@qfs/core';
import { digestOf, utf8 } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';

/**
 * What the strength of depolarizing noise means, for a gate on n qubits. `uniform_pauli`: with this probability one
 * of the 4^n - 1 Pauli operators other than the identity, each equally likely, as Stim's DEPOLARIZE1 and
 * DEPOLARIZE2 say it. `maximally_mixed`: with this probability the qubits are replaced by the maximally mixed
 * state, so that the identity is one of the outcomes.
 */
export type NoiseConvention = 'uniform_pauli' | 'maximally_mixed';

/** What happens after a gate. Channels of one qubit act on each of the gate's qubits, or on its operand `operand`. */
export type Channel =
  | { readonly kind: 'depolarizing'; readonly probability: number }
  /** |1⟩ decays to |0⟩ with probability `gamma`. */
  | { readonly kind: 'amplitude_damping'; readonly gamma: number; readonly operand?: number }
  /** Coherences shrink by √(1 - lambda). */
  | { readonly kind: 'phase_damping'; readonly lambda: number; readonly operand?: number }
  /** Decay and dephasing at zero temperature for `duration`; all in seconds, and t2 ≤ 2 t1. */
  | {
      readonly kind: 'thermal_relaxation';
      readonly t1: number;
      readonly t2: number;
      readonly duration: number;
      readonly operand?: number;
    };

/** Row: the true outcome; column: the one that is reported. Rows add up to 1. */
export type Confusion = readonly (readonly number[])[];

/** Channels by the qubits that a gate acts on, `0,1` in the order of its operands, or `*` for all others. */
export type GateNoise = ReadonlyMap<string, readonly Channel[]>;

/** A noise model: a plain value, so that it can cross threads. */
export interface NoiseModel {
  readonly convention: NoiseConvention;
  /** By the name of the gate, else `*n` for gates on n qubits, else `*`. */
  readonly gates: ReadonlyMap<string, GateNoise>;
  /** By qubit, else `*`. */
  readonly readout: ReadonlyMap<string, Confusion>;
}

/** Differences from 1 that the sum of a row may have: rounding of decimal numbers. */
const ROW_SUM_ERROR_MAX = 1e-9;
const SECONDS_MAX = 1e6;
const SECONDS_MIN = 1e-12;

const probability = number(0, 1);
const operand = optional('operand', integer(0, STATE_VECTOR_QUBITS_MAX - 1));
const time = number(SECONDS_MIN, SECONDS_MAX);

const CHANNEL: Codec<Channel> = checked(
  tagged<Channel>('channel', {
    depolarizing: { probability: required('probability', probability) },
    amplitude_damping: { gamma: required('gamma', probability), operand },
    phase_damping: { lambda: required('lambda', probability), operand },
    thermal_relaxation: {
      t1: required('t1', time),
      t2: required('t2', time),
      duration: required('duration', number(0, SECONDS_MAX)),
      operand,
    },
  }),
  (channel) =>
    channel.kind === 'thermal_relaxation' && channel.t2 > 2 * channel.t1
      ? `t2 is ${channel.t2}, more than twice t1 (${channel.t1}), which no qubit can have`
      : undefined,
);

const CHANNELS = list(CHANNEL, 0, NOISE_CHANNELS_MAX);

const QUBITS = /^(?:0|[1-9]\d{0,3})(?:,(?:0|[1-9]\d{0,3}))*$/;

function gateNoiseFault(noise: GateNoise): string | undefined {
  for (const [qubits, channels] of noise) {
    if (qubits === '*') continue;
    if (!QUBITS.test(qubits))
      return `"${qubits.slice(0, 40)}" is neither "*" nor qubits such as "0" or "0,1"`;
    const count = qubits.split(',').length;
    const absent = channels.find((channel) => 'operand' in channel && (channel.operand ?? 0) >= count);
    if (absent !== undefined) return `a channel on ${qubits} names an operand beyond ${count - 1}`;
  }
  return undefined;
}

const isGateKey = (name: string): boolean =>
  /^\*(?:[1-9]\d?)?$/.test(name) || gateByName(name)?.name === name;

const GATES = checked(dictionary(checked(dictionary(CHANNELS), gateNoiseFault)), (gates) => {
  const unknown = [...gates.keys()].find((name) => !isGateKey(name));
  return unknown === undefined
    ? undefined
    : `"${unknown.slice(0, 40)}" is no gate of the gate table, "*", or "*2" for gates on two qubits`;
});

const CONFUSION: Codec<Confusion> = checked(list(list(probability, 2, 2), 2, 2), (rows) => {
  const wrong = rows.find(([zero = 0, one = 0]) => Math.abs(zero + one - 1) > ROW_SUM_ERROR_MAX);
  return wrong === undefined ? undefined : `the row ${wrong.join(', ')} does not add up to 1`;
});

const READOUT = checked(dictionary(CONFUSION), (readout) => {
  const wrong = [...readout.keys()].find((key) => key !== '*' && !/^(?:0|[1-9]\d{0,3})$/.test(key));
  return wrong === undefined ? undefined : `"${wrong.slice(0, 40)}" is neither "*" nor a qubit`;
});

/** A noise model as JSON. */
export const NOISE_MODEL: Codec<NoiseModel> = struct<NoiseModel>({
  convention: required('convention', oneOf(['uniform_pauli', 'maximally_mixed'])),
  gates: required('gates', GATES),
  readout: required('readout', READOUT),
});

/** JSON Schema of a noise model, published as `docs/reference/noise-model.schema.json`. */
export const noiseModelSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A noise model',
  ...NOISE_MODEL.schema,
});

const DEPOLARIZING = /^depolarizing:(\d{1,3}(?:\.\d{1,20})?(?:[eE]-?\d{1,3})?)$/;

/** Depolarizing noise of strength p after every gate. */
const depolarizing = (p: number): NoiseModel => ({
  convention: 'uniform_pauli',
  gates: new Map([['*', new Map([['*', [{ kind: 'depolarizing', probability: p }]]])]]),
  readout: new Map(),
});

/**
 * Reads the option `noise_model`: `depolarizing:p` or the JSON of a model.
 * @throws QfsError JOB_SPEC_INVALID with the place inside the model
 */
export function readNoiseModel(text: string): NoiseModel {
  if (!text.trimStart().startsWith('{')) {
    const p = Number(DEPOLARIZING.exec(text)?.[1] ?? Number.NaN);
    if (p >= 0 && p <= 1) return depolarizing(p);
    throw invalid(`it is "${text.slice(0, 60)}"; write depolarizing:p with p from 0 to 1, or a JSON model`);
  }
  const json = parseJson(text);
  if (!json.ok) throw invalid(json.error.message);
  try {
    return NOISE_MODEL.read(json.value, new Reader(1));
  } catch (thrown) {
    if (thrown instanceof DocumentFault) throw invalid(thrown.message);
    throw thrown;
  }
}

/** Nothing goes wrong. */
export const NOISELESS: NoiseModel = { convention: 'uniform_pauli', gates: new Map(), readout: new Map() };

const invalid = (why: string): QfsError =>
  new QfsError('JOB_SPEC_INVALID', `The noise model cannot be read: ${why}.`, {
    violations: [{ field: 'options.noise_model', description: why }],
  });

/** `sha256:` of the model's canonical JSON. */
export const noiseDigest = (model: NoiseModel): string => digestOf(utf8(NOISE_MODEL.write(model)));
