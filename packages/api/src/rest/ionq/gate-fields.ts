import { CIRCUIT_QUBITS_MAX, QfsError } from '@qfs/core';

/** An object of the request, as JSON gives it. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Refuses a place of the body, with what it must be. */
export function refuse(field: string, description: string): never {
  throw new QfsError('BODY_INVALID', `body: '${field}' ${description}.`, {
    violations: [{ field, description }],
  });
}

const present = (fields: Fields, name: string): boolean =>
  fields[name] !== undefined && fields[name] !== null;

/** The qubits under `one` (a single index) or `many` (a list of them). */
export function readQubits(gate: Fields, one: string, many: string, place: string): readonly number[] {
  if (present(gate, one) && present(gate, many)) refuse(`${place}.${one}`, `stands beside \`${many}\``);
  const name = present(gate, one) ? one : many;
  if (!present(gate, name)) return [];
  const given = gate[name];
  const list = name === one ? [given] : given;
  const isQubit = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < CIRCUIT_QUBITS_MAX;
  if (Array.isArray(list) && list.every(isQubit)) return list;
  return refuse(`${place}.${name}`, `must be a qubit from 0 to ${CIRCUIT_QUBITS_MAX - 1}, or a list of them`);
}

/** A finite number under one of the names, `phases[1]` for the second of a list; `absent` where there is none. */
export function readNumber(gate: Fields, names: readonly string[], place: string, absent?: number): number {
  for (const name of names) {
    const [, list = name, index] = /^(\w+)\[(\d+)\]$/.exec(name) ?? [];
    const holder = gate[list];
    const value = index !== undefined && Array.isArray(holder) ? (holder[Number(index)] as unknown) : holder;
    if (value === undefined || value === null) continue;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    return refuse(`${place}.${name}`, 'must be a number');
  }
  if (absent !== undefined) return absent;
  return refuse(`${place}.${names[0]}`, 'is missing');
}

/** Members that clients send for every gate count as absent when they are null. */
export const hasNumber = (gate: Fields, name: string): boolean => present(gate, name);
