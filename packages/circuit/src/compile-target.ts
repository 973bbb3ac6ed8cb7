import { DEVICE_QUBITS_MAX, err, ok, QfsError, type Result } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';
import {
  boolean,
  type Codec,
  DocumentFault,
  dictionary,
  integer,
  list,
  number,
  optional,
  Reader,
  required,
  struct,
  text,
} from './codec.ts';

/** How often the gates and the readout of a device err, as average gate infidelities. */
export interface TargetErrors {
  /** Of a gate on one qubit, by qubit. */
  readonly qubits: readonly number[];
  /** Of reading a qubit, by qubit: the mean of both errors. */
  readonly readout: readonly number[];
  /** Of a gate on a coupled pair. */
  readonly pairs: readonly { readonly qubits: readonly number[]; readonly error: number }[];
}

/** What a circuit has to keep to so that a device can run it; a compiler needs no more of a device. */
export interface CompileTarget {
  /** The id of the device, for example `emulator:line-16`. */
  readonly name: string;
  readonly qubits: number;
  /** Pairs that gates on two qubits may act on; absent: every pair. */
  readonly coupling?: readonly (readonly number[])[];
  /** Is a pair usable in the order of its qubits only? */
  readonly directed: boolean;
  /** Names of the gate table. */
  readonly basisGates: readonly string[];
  /** Seconds by gate, and of `measure`; absent: not known. A duration of 0 is a gate that costs nothing. */
  readonly durations?: ReadonlyMap<string, number>;
  readonly errors?: TargetErrors;
}

const qubit = integer(0, DEVICE_QUBITS_MAX - 1);
const probability = number(0, 1);

const TARGET: Codec<CompileTarget> = struct<CompileTarget>(
  {
    name: required('name', text(/^[^\p{Cc}]{1,128}$/u, 'a name')),
    qubits: required('qubits', integer(1, DEVICE_QUBITS_MAX)),
    coupling: optional('coupling', list(list(qubit, 2, 2))),
    directed: required('directed', boolean),
    basisGates: required('basis_gates', list(text(/^[A-Za-z_]\w{0,63}$/, 'a gate'), 1)),
    durations: optional('durations', dictionary(number(0, 1e6))),
    errors: optional(
      'errors',
      struct<TargetErrors>({
        qubits: required('qubits', list(probability)),
        readout: required('readout', list(probability)),
        pairs: required(
          'pairs',
          list(
            struct<TargetErrors['pairs'][number]>({
              qubits: required('qubits', list(qubit, 2, 2)),
              error: required('error', probability),
            }),
          ),
        ),
      }),
    ),
  },
  { version: '1.0' },
);

/** Canonical bytes (RFC 8785): equal targets give equal bytes, and equal bytes equal compilations. */
export const writeTarget = (target: CompileTarget): Uint8Array => utf8(TARGET.write(target));

/** Reads a target document; TARGET_INVALID names the first place that is not as it must be. */
export function readTarget(bytes: Uint8Array): Result<CompileTarget, QfsError> {
  const json = parseJson(bytes);
  if (!json.ok) return invalid(json.error.message);
  try {
    return ok(TARGET.read(json.value, new Reader(1)));
  } catch (fault) {
    if (fault instanceof DocumentFault) return invalid(fault.message);
    throw fault;
  }
}

const invalid = (problem: string): Result<never, QfsError> =>
  err(new QfsError('TARGET_INVALID', `The target cannot be compiled for: ${problem}.`));
