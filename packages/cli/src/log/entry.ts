import type { ReadLogResponse } from '@qfs/client';
import { hex } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';

/** One line: place, type, what became of it, and what a person wants to know first. */
export function entryRow(entry: ReadLogResponse): string {
  const { index, type, code, bodyJson } = entry;
  const refused = code === '' ? '' : `  REJECTED ${code}`;
  return `${String(index).padStart(8)}  ${type.padEnd(18)}${refused}  ${headOf(bodyJson)}`
    .trimEnd()
    .concat('\n');
}

const FACTS = ['job_id', 'state', 'target', 'epoch', 'key', 'value', 'level', 'from', 'to'] as const;

function headOf(bodyJson: string): string {
  const body = bodyOf(bodyJson);
  const shown = FACTS.filter((name) => ['string', 'number'].includes(typeof body[name]));
  return shown.map((name) => String(body[name])).join(' ');
}

function bodyOf(bodyJson: string): Readonly<Record<string, unknown>> {
  const parsed = parseJson(bodyJson === '' ? '{}' : bodyJson);
  return parsed.ok ? (parsed.value as Readonly<Record<string, unknown>>) : {};
}

export const entryDocument = (entry: ReadLogResponse): object => ({
  index: Number(entry.index),
  term: Number(entry.term),
  entry_id: entry.entryId,
  type: entry.type,
  tick: Number(entry.tick),
  ...(entry.code === '' ? { outcome: 'ACCEPTED' } : { outcome: 'REJECTED', code: entry.code }),
  link_hash: hex(entry.linkHash),
  effects_hash: hex(entry.effectsHash),
  bytes: hex(entry.bytes),
  body: bodyOf(entry.bodyJson),
});
