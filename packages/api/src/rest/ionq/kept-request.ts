import { METADATA_ENTRIES_MAX, METADATA_VALUE_BYTES_MAX, QfsError } from '@qfs/core';

/** What of an IonQ request a job must remember, because its client reads it again. */
export interface KeptRequest {
  readonly type: string;
  readonly backend: string;
  readonly name: string | null;
  readonly metadata: object | null;
  readonly noise: object | null;
  readonly settings: object | null;
  readonly dryRun: boolean;
  readonly circuits: readonly KeptCircuit[];
}

export interface KeptCircuit {
  readonly name: string | null;
  readonly qubits: number;
  readonly oneQubitGates: number;
  readonly multiQubitGates: number;
}

/** Names of the entries of the job's metadata that hold the request. */
const ENTRY = /^ionq\.request\.\d+$/;
const entryName = (index: number): string => `ionq.request.${index}`;

/**
 * The request as entries of the job's metadata: JSON, cut where an entry is full. As JSON it comes back byte for byte,
 * whatever characters a client puts into its metadata.
 * @throws QfsError PAYLOAD_TOO_LARGE
 */
export function writeKept(kept: KeptRequest): Record<string, string> {
  const text = asciiJson(kept);
  const pieces = Math.ceil(text.length / METADATA_VALUE_BYTES_MAX);
  if (pieces > METADATA_ENTRIES_MAX) {
    throw new QfsError(
      'PAYLOAD_TOO_LARGE',
      `metadata, settings and names have ${text.length} bytes; at most ` +
        `${METADATA_ENTRIES_MAX * METADATA_VALUE_BYTES_MAX} are kept.`,
    );
  }
  return Object.fromEntries(
    Array.from({ length: pieces }, (_, index) => [
      entryName(index),
      text.slice(index * METADATA_VALUE_BYTES_MAX, (index + 1) * METADATA_VALUE_BYTES_MAX),
    ]),
  );
}

/** Undefined for a job that did not come through this door. */
export function readKept(metadata: Readonly<Record<string, string>>): KeptRequest | undefined {
  const pieces = Object.keys(metadata).filter((name) => ENTRY.test(name)).length;
  if (pieces === 0) return undefined;
  const text = Array.from({ length: pieces }, (_, index) => metadata[entryName(index)] ?? '').join('');
  try {
    const kept = JSON.parse(text) as KeptRequest;
    return Array.isArray(kept.circuits) && kept.circuits.length > 0 ? kept : undefined;
  } catch {
    // Somebody else's metadata of the same name.
    return undefined;
  }
}

/** In ASCII a character is a byte, so that a cut never splits one. */
const asciiJson = (value: object): string =>
  JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
