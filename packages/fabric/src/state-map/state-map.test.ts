import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  concat,
  hex,
  type NodeStore,
  type StateProof,
  type StateWrite,
  sha256,
  statePath,
  stateRootOf,
  uint32,
  utf8,
  verifyStateProof,
} from '@qfs/core/exact';
import fc from 'fast-check';
import { naiveStateRoot } from '../testing/reference/roots.ts';
import { openStateMap } from './state-map.ts';

/** A store that counts the rows it is asked to write. */
class MemoryStore implements NodeStore {
  readonly rows = new Map<string, Uint8Array>();
  written = 0;

  get(id: string): Uint8Array | undefined {
    return this.rows.get(id);
  }

  put(id: string, bytes: Uint8Array | undefined): void {
    this.written += 1;
    if (bytes === undefined) this.rows.delete(id);
    else this.rows.set(id, bytes);
  }
}

function applyTo(state: Map<string, Uint8Array>, writes: readonly StateWrite[]): void {
  for (const { key, value } of writes) {
    if (value === undefined) state.delete(key);
    else state.set(key, value);
  }
}

const key = fc
  .tuple(fc.constantFrom('jobs', 'system', 'member-ship'), fc.nat(40))
  .map(([name, number]) => `${name}/${number}`);
const write: fc.Arbitrary<StateWrite> = fc.record({
  key,
  value: fc.oneof(
    { weight: 3, arbitrary: fc.uint8Array({ maxLength: 4 }) },
    { arbitrary: fc.constant(undefined), weight: 2 },
  ),
});
/** Changes in batches of any sizes. */
const batches = fc.array(fc.array(write, { maxLength: 30 }), { maxLength: 12 });

test('LOG-26: however changes are grouped, the root is that of the tree built from scratch', () => {
  fc.assert(
    fc.property(batches, (groups) => {
      const state = new Map<string, Uint8Array>();
      const store = new MemoryStore();
      const map = openStateMap(store);
      for (const writes of groups) {
        map.update(writes);
        applyTo(state, writes);
        assert.equal(hex(map.root()), hex(naiveStateRoot(state)));
      }
      const atOnce = new MemoryStore();
      openStateMap(atOnce).update(groups.flat());
      assert.deepEqual(new Map([...atOnce.rows].sort()), new Map([...store.rows].sort()));
    }),
    { numRuns: 200 },
  );
});

test('LOG-26: every key is proved to be there, every other one to be absent, and neither the other way round', () => {
  fc.assert(
    fc.property(
      fc.array(write, { maxLength: 60 }),
      key,
      fc.uint8Array({ maxLength: 4 }),
      (writes, asked, lie) => {
        const state = new Map<string, Uint8Array>();
        const map = openStateMap(new MemoryStore());
        map.update(writes);
        applyTo(state, writes);
        const proof = map.prove(state, asked);
        assert.deepEqual(proof.value, state.get(asked));
        assert.ok(verifyStateProof(proof, map.root()));
        const { value, ...absent } = proof;
        assert.equal(verifyStateProof(absent, map.root()), value === undefined);
        assert.equal(
          verifyStateProof({ ...absent, value: lie }, map.root()),
          value !== undefined && hex(lie) === hex(value),
        );
      },
    ),
    { numRuns: 200 },
  );
});

const letters = [...'abcdefghijklmnopqrstuvwxyz'].map((letter) => ({
  key: `jobs/${letter}`,
  value: utf8(letter),
}));

test('LOG-26: a proof with anything changed proves nothing', () => {
  const map = openStateMap(new MemoryStore());
  map.update([...letters, { key: 'system/context', value: utf8('now') }]);
  const state = new Map(letters.map(({ key: name, value }) => [name, value]));
  const present = map.prove(state, 'jobs/k');
  const empty = map.prove(state, 'jobs/nobody');
  assert.ok(verifyStateProof(present, map.root()));
  assert.ok(verifyStateProof(empty, map.root()));
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 7 ? byte ^ 16 : byte));
  const other = { path: statePath('jobs/k'), valueHash: sha256(utf8('k')) };
  const changes: StateProof[] = [
    { ...present, key: 'jobs/l' },
    { ...present, key: 'system/k' },
    { ...present, key: 'tokens/k' },
    { ...present, value: utf8('l') },
    { ...present, siblings: present.siblings.slice(1) },
    { ...present, siblings: [...present.siblings, new Uint8Array(32)] },
    { ...present, siblings: [...present.siblings].reverse() },
    { ...present, siblings: present.siblings.map((one, at) => (at === 1 ? flip(one) : one)) },
    { ...present, siblings: Array.from({ length: 257 }, () => new Uint8Array(32)) },
    { ...present, subsystems: present.subsystems.slice(1) },
    { ...present, subsystems: [...present.subsystems].reverse() },
    { ...present, other },
    { ...empty, key: 'jobs/k', siblings: present.siblings, other },
    { ...empty, key: 'jobs/k', siblings: present.siblings, other: { ...other, path: flip(other.path) } },
    {
      ...empty,
      other: { path: empty.other?.path.slice(1) ?? new Uint8Array(), valueHash: new Uint8Array(32) },
    },
  ];
  for (const [at, changed] of changes.entries()) {
    assert.equal(verifyStateProof(changed, map.root()), false, `change ${at}`);
  }
  assert.equal(verifyStateProof(present, flip(map.root())), false);
});

test('LOG-26: an empty state, a state of one key and one whose keys have all gone', () => {
  const store = new MemoryStore();
  const map = openStateMap(store);
  const nothing = stateRootOf([]);
  assert.deepEqual(map.root(), nothing);
  assert.ok(verifyStateProof(map.prove(new Map(), 'jobs/a'), nothing));
  map.update([{ key: 'jobs/a', value: utf8('a') }]);
  const root = sha256(concat(Uint8Array.of(0), statePath('jobs/a'), sha256(utf8('a'))));
  assert.deepEqual(map.subsystems(), [{ name: 'jobs', root }]);
  assert.ok(verifyStateProof(map.prove(new Map(), 'jobs/b'), map.root()));
  map.update([{ key: 'jobs/a', value: undefined }]);
  assert.deepEqual(map.root(), nothing);
  assert.equal(store.rows.size, 0);
});

test('a hash that the host brings gives the same map, and a map behind its state gives no proof', () => {
  let hashed = 0;
  const counted = (bytes: Uint8Array): Uint8Array => {
    hashed += 1;
    return sha256(bytes);
  };
  const map = openStateMap(new MemoryStore(), counted);
  map.update(letters);
  const plain = openStateMap(new MemoryStore());
  plain.update(letters);
  assert.deepEqual(map.root(), plain.root());
  assert.ok(hashed > letters.length);
  assert.throws(() => map.prove(new Map([['jobs/a', utf8('b')]]), 'jobs/a'), {
    message: 'the state map has not taken in the last change of jobs/a',
  });
});

test('one change among ten thousand keys writes a row for every four levels of its path', () => {
  const store = new MemoryStore();
  const map = openStateMap(store);
  map.update(Array.from({ length: 10_000 }, (_, at) => ({ key: `jobs/${at}`, value: uint32(at) })));
  store.written = 0;
  map.update([{ key: 'jobs/77', value: utf8('new') }]);
  assert.ok(store.written <= 7, `${store.written} rows`);
});

test('a page that is cut short stops the node', () => {
  const store = new MemoryStore();
  const map = openStateMap(store);
  map.update(letters);
  store.rows.set('jobs/', store.rows.get('jobs/')!.slice(0, -1));
  assert.throws(() => map.update(letters), {
    name: 'AssertionError',
    message: /page jobs\/ of the state map has/,
  });
});
