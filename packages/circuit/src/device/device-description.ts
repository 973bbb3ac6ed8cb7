import { DEVICE_QUBITS_MAX, DEVICE_SLOTS_MAX, DEVICE_WAIT_MS_MAX, QfsError, SHOTS_MAX } from '@qfs/core';
import { digestOf, utf8 } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';
import {
  boolean,
  type Codec,
  checked,
  DocumentFault,
  dictionary,
  either,
  integer,
  list,
  number,
  oneOf,
  optional,
  Reader,
  required,
  type Schema,
  struct,
  text,
} from '../codec.ts';
import { gateByName } from '../gates/table.ts';

/** What was measured of one qubit. Times in seconds; errors are average gate infidelities. */
export interface QubitCalibration {
  readonly t1: number;
  readonly t2: number;
  /** Of every gate on one qubit that takes time. */
  readonly gateError: number;
  /** Probability of reading 1 after preparing 0, and of reading 0 after preparing 1. */
  readonly readoutError: readonly number[];
}

/** What was measured of a pair that can interact. */
interface PairCalibration {
  readonly qubits: readonly number[];
  readonly gateError: number;
}

export interface Calibration {
  /** RFC 3339, in UTC. */
  readonly takenAt: string;
  /** In the order of the qubits. */
  readonly qubits: readonly QubitCalibration[];
  readonly pairs: readonly PairCalibration[];
}

interface Price {
  readonly perTask: number;
  readonly perShot: number;
  readonly unit: string;
}

/** A device as its JSON describes it. */
export interface DeviceDescription {
  readonly version: '1.0';
  /** `emulator:name`. */
  readonly id: string;
  readonly name: string;
  readonly qubits: number;
  /** Pairs that a gate on two qubits can act on. */
  readonly coupling: 'all_to_all' | readonly (readonly number[])[];
  /** Is a pair usable in the order of its qubits only? */
  readonly directed: boolean;
  readonly basisGates: readonly string[];
  /** Seconds by gate, and of `measure`. A gate of duration 0 is virtual: nothing goes wrong in it. */
  readonly durations: ReadonlyMap<string, number>;
  readonly calibration?: Calibration;
  readonly shotsMax: number;
  readonly queue: { readonly slots: number; readonly waitMs: number };
  readonly price?: Price;
}

const qubit = integer(0, DEVICE_QUBITS_MAX - 1);
const probability = number(0, 1);
const seconds = number(1e-12, 1e6);
const short = text(/^[^\p{Cc}\u2028\u2029]{1,128}$/u, 'a text of 1 to 128 characters');

const pair = checked(list(qubit, 2, 2), ([first, second]) =>
  first === second ? `the pair ${first}, ${second} is one qubit twice` : undefined,
);

const CALIBRATION: Codec<Calibration> = struct<Calibration>({
  takenAt: required(
    'taken_at',
    text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'a time such as 2026-01-31T12:00:00Z'),
  ),
  qubits: required(
    'qubits',
    list(
      checked(
        struct<QubitCalibration>({
          t1: required('t1', seconds),
          t2: required('t2', seconds),
          gateError: required('gate_error', probability),
          readoutError: required('readout_error', list(probability, 2, 2)),
        }),
        ({ t1, t2 }) => (t2 > 2 * t1 ? `t2 is ${t2}, more than twice t1 (${t1})` : undefined),
      ),
    ),
  ),
  pairs: required(
    'pairs',
    list(
      struct<PairCalibration>({
        qubits: required('qubits', pair),
        gateError: required('gate_error', probability),
      }),
    ),
  ),
});

/** Names a pair whatever the order of its qubits. */
export const pairKey = (qubits: readonly number[]): string => qubits.toSorted((a, b) => a - b).join(',');

/** The pairs that can interact. */
export const couplingOf = ({ coupling, qubits }: DeviceDescription): readonly (readonly number[])[] =>
  coupling === 'all_to_all'
    ? Array.from({ length: qubits }, (_, a) => Array.from({ length: a }, (_, b) => [b, a])).flat()
    : coupling;

/** The first thing in which parts of a description do not fit together. */
function descriptionFault(device: DeviceDescription): string | undefined {
  const { qubits, basisGates, calibration, durations } = device;
  const pairs = couplingOf(device);
  const outside = pairs.find((one) => one.some((at) => at >= qubits));
  if (outside !== undefined)
    return `coupling names the pair ${outside.join(', ')}, but there are ${qubits} qubits`;
  const unknown = basisGates.find((gate) => gateByName(gate)?.name !== gate);
  if (unknown !== undefined) return `basis_gates names "${unknown}", which is no gate of the gate table`;
  const untimed = [...durations.keys()].find((name) => name !== 'measure' && !basisGates.includes(name));
  if (untimed !== undefined) return `durations names "${untimed}", which is neither a basis gate nor measure`;
  if (calibration === undefined) return undefined;
  if (calibration.qubits.length !== qubits)
    return `calibration.qubits has ${calibration.qubits.length} entries for ${qubits} qubits`;
  const coupled = new Set(pairs.map(pairKey));
  const stranger = calibration.pairs.find((one) => !coupled.has(pairKey(one.qubits)));
  return stranger && `calibration.pairs names ${stranger.qubits.join(', ')}, which coupling does not`;
}

const DEVICE: Codec<DeviceDescription> = checked(
  struct<DeviceDescription>({
    version: required('version', oneOf(['1.0'])),
    id: required('id', text(/^emulator:[a-z0-9][a-z0-9._-]{0,63}$/, 'an id such as emulator:line-16')),
    name: required('name', short),
    qubits: required('qubits', integer(1, DEVICE_QUBITS_MAX)),
    coupling: required(
      'coupling',
      either(oneOf(['all_to_all']), list(pair), (value) => typeof value === 'string'),
    ),
    directed: required('directed', boolean),
    basisGates: required(
      'basis_gates',
      list(text(/^[A-Za-z][A-Za-z0-9_]{0,31}$/, 'the name of a gate'), 1, 64),
    ),
    durations: required('durations', dictionary(number(0, 1e6))),
    calibration: optional('calibration', CALIBRATION),
    shotsMax: required('shots_max', integer(1, SHOTS_MAX)),
    queue: required(
      'queue',
      struct<DeviceDescription['queue']>({
        slots: required('slots', integer(1, DEVICE_SLOTS_MAX)),
        waitMs: required('wait_ms', integer(0, DEVICE_WAIT_MS_MAX)),
      }),
    ),
    price: optional(
      'price',
      struct<Price>({
        perTask: required('per_task', number(0, 1e9)),
        perShot: required('per_shot', number(0, 1e9)),
        unit: required('unit', text(/^[A-Za-z]{1,16}$/, 'a unit of letters, for example credits')),
      }),
    ),
  }),
  descriptionFault,
);

/** JSON Schema of a device, published as `docs/reference/device.schema.json`. */
export const deviceSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A device of the emulator',
  ...DEVICE.schema,
});

/**
 * Reads a description.
 * @param source where it came from, for messages
 * @throws QfsError REQUEST_INVALID that names the source and the place inside it
 */
export function readDevice(bytes: Uint8Array | string, source: string): DeviceDescription {
  const json = parseJson(bytes);
  if (!json.ok) throw invalid(source, json.error.message);
  try {
    return DEVICE.read(json.value, new Reader(1));
  } catch (thrown) {
    if (thrown instanceof DocumentFault) throw invalid(source, thrown.message);
    throw thrown;
  }
}

const invalid = (source: string, why: string): QfsError =>
  new QfsError('REQUEST_INVALID', `The device ${source} cannot be read: ${why}.`);

/** Names one state of a description for ever: `sha256:` of its canonical JSON. */
export const deviceVersion = (device: DeviceDescription): string => digestOf(utf8(DEVICE.write(device)));

/** The calibration alone, as canonical JSON. */
export const calibrationJson = (calibration: Calibration): string => CALIBRATION.write(calibration);
