import { effectsHash } from '@qfs/consensus';
import { hex, unhex } from '@qfs/core/exact';
import { applyLogEntry, openStateMap } from '@qfs/fabric';
import { verifyInsecurely } from '../../../packages/fabric/src/testing/test-ledger.ts';

/** A log in a form that any process and any page can be handed: terms, and bytes in hexadecimal. */
export type PortableLog = readonly (readonly [term: number, bytes: string])[];

/** What became of each entry: outcome, effects hash and state root. Runs wherever JavaScript does. */
export function replayLog(log: PortableLog): string[] {
  const state = new Map<string, Uint8Array>();
  const pages = new Map<string, Uint8Array>();
  const map = openStateMap({
    get: (id) => pages.get(id),
    put: (id, bytes) => void (bytes === undefined ? pages.delete(id) : pages.set(id, bytes)),
  });
  let effects: Uint8Array = new Uint8Array(32);
  return log.map(([term, text], at) => {
    const bytes = unhex(text);
    if (!bytes.ok) throw new Error(`entry ${at + 1} of the log is not hexadecimal: ${bytes.error}`);
    const applied = applyLogEntry({ index: at + 1, term, bytes: bytes.value }, state, verifyInsecurely);
    effects = effectsHash(effects, at + 1, applied);
    if (applied.outcome === 'REJECTED') return [applied.code, hex(effects), hex(map.root())].join(' ');
    map.update(applied.writes);
    for (const { key, value } of applied.writes) {
      if (value === undefined) state.delete(key);
      else state.set(key, value);
    }
    return [applied.outcome, hex(effects), hex(map.root())].join(' ');
  });
}
