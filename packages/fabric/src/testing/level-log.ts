/** Logs that are kept for ever, with what every later release must make of them. */
import { hex, type LogRecord, sha3_256, unhex } from '@qfs/core/exact';
import { effectsHash, linkHash, ZERO_HASH } from '../../../consensus/src/chain.ts';
import { applyLogEntry } from '../apply.ts';
import { openStateMap } from '../state-map/state-map.ts';
import { verifyInsecurely } from './test-ledger.ts';

/** An entry and what it leads to; bytes and hashes in hexadecimal. */
export interface LevelLine {
  readonly index: number;
  readonly term: number;
  readonly bytes: string;
  readonly outcome: string;
  readonly link_hash: string;
  readonly effects_hash: string;
  /** Of the state behind the entry. */
  readonly state_root: string;
}

export function recordOf({ index, term, bytes }: LevelLine): LogRecord {
  const decoded = unhex(bytes);
  if (!decoded.ok) throw new Error(`entry ${index}: ${decoded.error}`);
  return { index, term, bytes: decoded.value };
}

export function linesOf(records: readonly LogRecord[]): LevelLine[] {
  const state = new Map<string, Uint8Array>();
  const pages = new Map<string, Uint8Array>();
  const map = openStateMap({
    get: (id) => pages.get(id),
    put: (id, bytes) => void (bytes === undefined ? pages.delete(id) : pages.set(id, bytes)),
  });
  const clusterId = sha3_256(records[0]!.bytes);
  let [link, effects] = [ZERO_HASH, ZERO_HASH];
  return records.map((record) => {
    const applied = applyLogEntry(record, state, verifyInsecurely);
    link = linkHash({ ...record, clusterId, previous: link });
    effects = effectsHash(effects, record.index, applied);
    const writes = applied.outcome === 'ACCEPTED' ? applied.writes : [];
    map.update(writes);
    for (const { key, value } of writes) {
      if (value === undefined) state.delete(key);
      else state.set(key, value);
    }
    return {
      index: record.index,
      term: record.term,
      bytes: hex(record.bytes),
      outcome: applied.outcome === 'ACCEPTED' ? 'ACCEPTED' : applied.code,
      link_hash: hex(link),
      effects_hash: hex(effects),
      state_root: hex(map.root()),
    };
  });
}
