import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionError, hex, type LogRecord, type StateWrite } from '@qfs/core/exact';
import fc from 'fast-check';
import { effectsHash } from '../../consensus/src/chain.ts';
import { applyLogEntry } from './apply.ts';
import { openStateMap } from './state-map/state-map.ts';
import { randomLog, writeLog } from './testing/random-log.ts';
import { Reference, type Verdict } from './testing/reference/reference.ts';
import { verifyInsecurely } from './testing/test-ledger.ts';

/** The fabric with the state, the map and the hash that a host keeps for it. */
class Host {
  readonly state = new Map<string, Uint8Array>();
  readonly #rows = new Map<string, Uint8Array>();
  readonly #map = openStateMap({
    get: (id) => this.#rows.get(id),
    put: (id, bytes) => {
      if (bytes === undefined) this.#rows.delete(id);
      else this.#rows.set(id, bytes);
    },
  });
  effectsHash: Uint8Array = new Uint8Array(32);

  /** A host that has been given nothing but the state of another, as a snapshot does. */
  static from(other: Host): Host {
    const host = new Host();
    host.effectsHash = other.effectsHash;
    host.#take([...other.state].map(([key, value]) => ({ key, value })));
    return host;
  }

  #take(writes: readonly StateWrite[]): void {
    this.#map.update(writes);
    for (const { key, value } of writes) {
      if (value === undefined) this.state.delete(key);
      else this.state.set(key, value);
    }
  }

  apply(record: LogRecord): Verdict {
    try {
      const applied = applyLogEntry(record, this.state, verifyInsecurely);
      this.effectsHash = effectsHash(this.effectsHash, record.index, applied);
      if (applied.outcome === 'REJECTED') return { outcome: applied.code, effects: [] };
      this.#take(applied.writes);
      return { outcome: 'ACCEPTED', effects: applied.effects.map(({ kind, body }) => [kind, body]) };
    } catch (thrown) {
      if (thrown instanceof AssertionError && /needs a newer QFS/.test(thrown.message)) {
        return { outcome: 'HALTED', effects: [] };
      }
      throw thrown;
    }
  }

  stateRoot(): Uint8Array {
    return this.#map.root();
  }
}

test('P3: fabric and reference agree on outcome, code, effects, effects hash and state root of every entry', () => {
  fc.assert(
    fc.property(randomLog, (intents) => {
      const [host, reference] = [new Host(), new Reference(verifyInsecurely)];
      for (const record of writeLog(intents)) {
        const before = new Map(host.state);
        const verdict = host.apply(record);
        assert.deepEqual(verdict, reference.apply(record));
        assert.equal(hex(host.effectsHash), hex(reference.effectsHash));
        if (verdict.outcome === 'ACCEPTED') assert.equal(hex(host.stateRoot()), hex(reference.stateRoot()));
        else assert.deepEqual(host.state, before);
      }
      assert.deepEqual(host.state, reference.state());
    }),
    { numRuns: 150 },
  );
});

test('LOG-32: a log applied from GENESIS and one applied from the state in its middle come to the same end', () => {
  fc.assert(
    fc.property(randomLog, fc.nat(), (intents, pick) => {
      const records = writeLog(intents);
      const middle = pick % (records.length + 1);
      const live = new Host();
      for (const record of records.slice(0, middle)) live.apply(record);
      const restored = Host.from(live);
      for (const record of records.slice(middle)) {
        assert.deepEqual(restored.apply(record), live.apply(record));
      }
      assert.equal(hex(restored.effectsHash), hex(live.effectsHash));
      assert.equal(hex(restored.stateRoot()), hex(live.stateRoot()));
    }),
    { numRuns: 60 },
  );
});
