import { type Codec, describe, isObject, type Reader } from '@qfs/circuit/codec';
import { EIGEN_DEPTH_MAX } from '@qfs/core';
import { jcs } from '@qfs/core/json';

/** A value that JSON can hold. `{"$optimum": "fun"}` stands for a part of the optimum that the end will know. */
export type PlanValue =
  | null
  | boolean
  | number
  | string
  | readonly PlanValue[]
  | { readonly [key: string]: PlanValue };

/** The parts of an optimum that a program may return, by the names that programs use. */
export const OPTIMUM_PARTS = {
  fun: 'the value at the best parameters',
  x: 'the best parameters, in their order',
  method: 'the name of the optimiser',
  objective: 'the terms of the observable: coefficient and Pauli string',
  metadata: 'how the search ended: ending, iterations, evaluations',
} as const;
export type OptimumPart = keyof typeof OPTIMUM_PARTS;

/** The key of a reference. */
const OPTIMUM = '$optimum';

const isPart = (name: unknown): name is OptimumPart =>
  typeof name === 'string' && Object.hasOwn(OPTIMUM_PARTS, name);

/** Any JSON value; references name parts that there are. */
export const planValue: Codec<PlanValue> = {
  write: jcs,
  read: (json, reader) => {
    check(json, reader, 0);
    return json as PlanValue;
  },
  schema: {},
};

function check(json: unknown, reader: Reader, depth: number): void {
  if (depth > EIGEN_DEPTH_MAX) reader.fail(`nesting deeper than ${EIGEN_DEPTH_MAX}`);
  if (typeof json === 'number' && !Number.isFinite(json)) reader.expected('a finite number', json);
  if (isObject(json)) {
    if (Object.hasOwn(json, OPTIMUM)) checkReference(json, reader);
    for (const entry of Object.values(json)) check(entry, reader, depth + 1);
  } else if (Array.isArray(json)) {
    for (const entry of json) check(entry, reader, depth + 1);
  }
}

function checkReference(json: Readonly<Record<string, unknown>>, reader: Reader): void {
  const named = json[OPTIMUM];
  if (!isPart(named) || Object.keys(json).length > 1) {
    reader.fail(
      `{"${OPTIMUM}": …} names one of ${Object.keys(OPTIMUM_PARTS).join(', ')}, not ${describe(named)}`,
    );
  }
}

/** The value with what the optimum turned out to be in place of every reference. */
export function fillIn(value: PlanValue, optimum: Readonly<Record<OptimumPart, PlanValue>>): PlanValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry: PlanValue) => fillIn(entry, optimum));
  const named = (value as { readonly [key: string]: PlanValue })[OPTIMUM];
  if (isPart(named)) return optimum[named];
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fillIn(entry, optimum)]));
}
