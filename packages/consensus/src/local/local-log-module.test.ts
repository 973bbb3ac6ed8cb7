import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOG_BLOCK_BYTES_MAX, LOG_ENTRY_BYTES_MAX } from '@qfs/core';
import {
  decodeCbor,
  decodeEntry,
  encodeCbor,
  encodeEntry,
  hex,
  NO_CLUSTER_ID,
  sha3_256,
  signedMessage,
  unhex,
  utf8,
} from '@qfs/core/exact';
import { effectsHash, linkHash, ZERO_HASH } from '../chain.ts';
import type { AppliedOutcome, Proposal } from '../log.ts';
import { acceptance, fabricApplier, TestLog } from '../testing/test-log.ts';
import { readIdentity } from './identity.ts';
import { verifyNodeSignature } from './node-pqc.ts';
import { readEffects } from './rows.ts';

const propose = (log: TestLog, ...entries: Proposal[]): Promise<AppliedOutcome[]> =>
  log.call('log.propose', { entries }) as Promise<AppliedOutcome[]>;

test('LOG-5, LOG-12: the first start draws an ML-DSA-65 key and signs GENESIS, whose hash is the cluster id', async () => {
  await using log = new TestLog();
  const identity = readIdentity(log.reader);
  const [genesis, ...more] = await log.log.read(1, 10);
  assert.ok(genesis !== undefined && more.length === 0);
  assert.equal(genesis.outcome, 'ACCEPTED');
  assert.deepEqual(unhex(identity.clusterId), { ok: true, value: sha3_256(genesis.bytes) });
  const entry = decodeEntry(genesis.bytes);
  assert.ok(entry.ok && entry.value.signature !== undefined);
  assert.equal(entry.value.actor, identity.nodeId);
  const message = signedMessage(NO_CLUSTER_ID, genesis.bytes, entry.value);
  assert.ok(verifyNodeSignature('ML-DSA-65', identity.spki, message, entry.value.signature));
  assert.deepEqual(
    log.witness.seen.map(({ index, type }) => [index, type]),
    [[1, 'GENESIS']],
  );
});

test('LOG-10: each start is a new term of the same node and cluster', async () => {
  await using log = new TestLog();
  const before = await log.log.status();
  await log.reopen();
  await log.reopen();
  const after = await log.log.status();
  assert.deepEqual([before.term, after.term], [1, 3]);
  assert.deepEqual(await log.call('log.term', {}), { term: 3 });
  assert.deepEqual({ ...after, term: 1 }, before);
  const [outcome] = await propose(log, acceptance());
  assert.equal(outcome?.term, 3);
});

test('LOG-7: entries apply in order, each on what came before; a rejected one is kept with its code', async () => {
  await using log = new TestLog();
  const first = acceptance();
  const outcomes = await propose(log, first, first, { type: 'NOBODY_KNOWS', body: {} });
  assert.deepEqual(
    outcomes.map(({ index, outcome, code }) => [index, outcome, code]),
    [
      [2, 'ACCEPTED', undefined],
      [3, 'REJECTED', 'JOB_ALREADY_ACCEPTED'],
      [4, 'REJECTED', 'TYPE_UNKNOWN'],
    ],
  );
  const stored = await log.log.read(2, 4);
  assert.deepEqual(
    stored.map(({ type, outcome, code }) => [type, outcome, code]),
    [
      ['JOB_ACCEPTED', 'ACCEPTED', undefined],
      ['JOB_ACCEPTED', 'REJECTED', 'JOB_ALREADY_ACCEPTED'],
      ['NOBODY_KNOWS', 'REJECTED', 'TYPE_UNKNOWN'],
    ],
  );
  assert.equal(log.reader.all("SELECT key FROM state WHERE key LIKE 'jobs/%'").length, 1);
  assert.deepEqual(
    log.witness.seen.slice(1).map(({ index, term, outcome, code }) => [index, term, outcome, code]),
    [
      [2, 1, 'ACCEPTED', undefined],
      [3, 1, 'REJECTED', 'JOB_ALREADY_ACCEPTED'],
      [4, 1, 'REJECTED', 'TYPE_UNKNOWN'],
    ],
  );
  const body = log.witness.seen[1]?.body;
  assert.ok(body instanceof Map);
  assert.equal(body.get('job_id'), first.body.job_id);
});

test('LOG-6, LOG-8: the stored hashes are those of the stored bytes and of what they did', async () => {
  await using log = new TestLog();
  await propose(log, acceptance(), { type: 'NOBODY_KNOWS', body: {} });
  const entries = await log.log.read(1, 3);
  const clusterId = sha3_256(entries[0]!.bytes);
  const state = new Map<string, Uint8Array>();
  let [link, effects] = [ZERO_HASH, ZERO_HASH];
  for (const { index, term, bytes, linkHash: stored, effectsHash: storedEffects } of entries) {
    link = linkHash({ clusterId, index, term, previous: link, bytes });
    const applied = fabricApplier({ index, term, bytes }, state);
    effects = effectsHash(effects, index, applied);
    assert.deepEqual([stored, storedEffects], [link, effects]);
    for (const { key, value } of applied.outcome === 'ACCEPTED' ? applied.writes : []) state.set(key, value!);
  }
  const rows = log.reader.all<{ key: string; value: Uint8Array }>('SELECT key, value FROM state');
  assert.deepEqual(new Map(rows.map(({ key, value }) => [key, value])), new Map([...state].sort()));
});

test('LOG-16: when a projection fails, nothing of the entry stays', async () => {
  await using log = new TestLog();
  const before = await log.log.status();
  log.witness.failsOn = 'JOB_ACCEPTED';
  await assert.rejects(propose(log, acceptance()));
  assert.deepEqual(await log.log.status(), before);
  log.witness.failsOn = undefined;
  const [outcome] = await propose(log, acceptance());
  assert.equal(outcome?.index, 2);
  assert.equal((await log.log.verify()).ok, true);
});

test('LOG-16: an entry id that the log holds is answered with what was recorded, also after a restart', async () => {
  await using log = new TestLog();
  const entryId = `entry_${'c'.repeat(26)}`;
  const [accepted] = await propose(log, { ...acceptance(), entryId });
  const rejectedId = `entry_${'d'.repeat(26)}`;
  const [rejected] = await propose(log, { type: 'NOBODY_KNOWS', body: {}, entryId: rejectedId });
  await log.reopen();
  const again = await propose(log, { ...acceptance(), entryId }, { ...acceptance(), entryId: rejectedId });
  const { detail: _, ...recorded } = rejected!;
  assert.deepEqual(again, [accepted, recorded]);
  assert.equal((await log.log.status()).appliedIndex, 3);
});

test('LOG-10: ticks follow monotonic time from where the log stood, never wall time, and never go back', async () => {
  await using log = new TestLog({ tickMs: 1_000 });
  const tickAt = async (elapsedMs: number, wallMs: number): Promise<number> => {
    log.clock.elapsedMs = elapsedMs;
    log.clock.wallMs = wallMs;
    await propose(log, acceptance());
    return (await log.log.status()).tick;
  };
  assert.equal(await tickAt(5_999, 1_700_000_000_000), 0);
  assert.equal(await tickAt(6_000, 0), 1);
  assert.equal(await tickAt(15_500, 1_900_000_000_000), 10);
  log.clock.elapsedMs = 100;
  await log.reopen();
  assert.equal(await tickAt(1_099, 0), 10);
  assert.equal(await tickAt(3_100, 0), 13);
  const ticks = (await log.log.read(1, 10)).map(({ bytes, tick }) => {
    const entry = decodeEntry(bytes);
    assert.ok(entry.ok);
    assert.equal(entry.value.tick, tick);
    return tick;
  });
  assert.deepEqual(ticks, [0, 0, 1, 10, 10, 13]);
});

test('an entry of 262,144 bytes is appended, one byte more is refused before anything is written', async () => {
  await using log = new TestLog();
  const sized = (bytes: number): Proposal => ({ type: 'NOBODY_KNOWS', body: { pad: new Uint8Array(bytes) } });
  const probe = await propose(log, sized(200_000));
  assert.equal(probe[0]?.index, 2);
  const overhead = (await log.log.read(2, 2))[0]!.bytes.length - 200_000;
  const [outcome] = await propose(log, sized(LOG_ENTRY_BYTES_MAX - overhead));
  assert.equal(outcome?.code, 'TYPE_UNKNOWN');
  assert.equal((await log.log.read(3, 3))[0]!.bytes.length, LOG_ENTRY_BYTES_MAX);
  await assert.rejects(propose(log, sized(LOG_ENTRY_BYTES_MAX - overhead + 1)), {
    code: 'PAYLOAD_TOO_LARGE',
  });
  const quarter = sized(LOG_BLOCK_BYTES_MAX / 4 - overhead);
  assert.equal((await propose(log, quarter, quarter, quarter, quarter)).length, 4);
  const small: Proposal = { type: 'NOBODY_KNOWS', body: {} };
  await assert.rejects(propose(log, quarter, quarter, quarter, quarter, small), {
    code: 'PAYLOAD_TOO_LARGE',
  });
  assert.equal((await log.log.status()).appliedIndex, 7);
});

test('what cannot stand in an entry is refused and nothing is written', async () => {
  await using log = new TestLog();
  const wrong: [Proposal, RegExp][] = [
    [acceptance({ seed: 0.5 }), /cannot be written: \$\.body\.seed is 0\.5, not a safe integer/],
    [acceptance({ target: '\ud800' }), /\$\.body\.target holds a lone surrogate/],
    [{ ...acceptance(), entryId: 'entry_1' }, /"entry_1" is not an entry id/],
  ];
  for (const [proposal, message] of wrong) {
    await assert.rejects(propose(log, proposal), { code: 'LOG_ENTRY_REJECTED', message });
  }
  assert.equal((await log.log.status()).appliedIndex, 1);
});

test('effects wait in the order of their entries until they are settled', async () => {
  const effects = [
    { kind: 'notify', body: utf8('a') },
    { kind: 'notify', body: utf8('b') },
  ];
  await using log = new TestLog({
    applier: (record, state) => {
      const applied = fabricApplier(record, state);
      return applied.outcome === 'ACCEPTED' && record.index > 1 ? { ...applied, effects } : applied;
    },
  });
  await propose(log, acceptance(), { type: 'NOBODY_KNOWS', body: {} }, acceptance());
  const waiting = (): (string | number)[][] =>
    readEffects(log.reader, 10).map(({ index, n, body }) => [index, n, Buffer.from(body).toString()]);
  assert.deepEqual(waiting(), [
    [2, 0, 'a'],
    [2, 1, 'b'],
    [4, 0, 'a'],
    [4, 1, 'b'],
  ]);
  await log.call('log.settle_effect', { index: 2, n: 1 });
  await log.call('log.settle_effect', { index: 2, n: 1 });
  assert.equal(waiting().length, 3);
});

test('an account is drawn once per principal, and its principal can be looked up', async () => {
  await using log = new TestLog();
  const principal = { tenant_id: 'tenant-a', project_id: 'project-a', subject: 'ada' };
  const account = await log.call('accounts.ensure', principal);
  assert.match(String(account), /^acct_[a-z2-7]{26}$/);
  await log.reopen();
  assert.equal(await log.call('accounts.ensure', principal), account);
  for (const field of ['tenant_id', 'project_id', 'subject']) {
    assert.notEqual(await log.call('accounts.ensure', { ...principal, [field]: 'other' }), account);
  }
  assert.deepEqual(
    { ...((await log.call('accounts.find', { account_id: account })) as object) },
    { account_id: account, ...principal },
  );
  const stranger = `acct_${'a'.repeat(26)}`;
  assert.deepEqual(await log.call('accounts.find', { account_id: stranger }), { account_id: stranger });
});

test('a start on a file whose log has a damaged end is refused with what to do', async () => {
  const damages: [string, RegExp][] = [
    ['DELETE FROM log WHERE idx = 3', /the entries up to 3 are not all there/],
    ['DELETE FROM log WHERE idx = 2', /the entries up to 3 are not all there/],
    ['DELETE FROM log', /the entries up to 3 are not all there/],
    ["UPDATE log SET bytes = x'a0' WHERE idx = 3", /entry 3 has the link hash/],
    ['UPDATE log_head SET applied_index = 9', /the entries up to 9 are not all there/],
    ['UPDATE log_head SET applied_index = 2', /there is an entry behind 2, the last one that was applied/],
    ['UPDATE log_head SET cluster_id = zeroblob(32)', /entry 3 has the link hash/],
    ['UPDATE log_head SET link_hash = zeroblob(32)', /entry 3 is not the one that the head names/],
    ['DELETE FROM log_head', /there are entries, but the head is missing/],
    ['DELETE FROM node_key', /the key of this node is missing/],
  ];
  for (const [sql, reason] of damages) {
    await using log = new TestLog();
    await propose(log, acceptance(), acceptance());
    await log.tamper(sql);
    await assert.rejects(log.reopen(), (thrown: { code: string; message: string }) => {
      assert.equal(thrown.code, 'STORE_UNAVAILABLE');
      assert.match(thrown.message, /Restore a backup/);
      assert.match(thrown.message, reason);
      return true;
    });
  }
});

test('LOG-23: a log at a level that this release does not know is not opened, and says what to do', async () => {
  await using log = new TestLog();
  const key = 'system/context';
  const { value } = log.reader.get<{ value: Uint8Array }>('SELECT value FROM state WHERE key = ?', key)!;
  const context = decodeCbor(value);
  assert.ok(context.ok && context.value instanceof Map);
  const later = encodeCbor(Object.fromEntries(new Map(context.value).set('level', 2)));
  await log.tamper(`UPDATE state SET value = x'${hex(later)}' WHERE key = '${key}'`);
  await assert.rejects(log.reopen(), {
    code: 'STORE_UNAVAILABLE',
    message: /at protocol level 2 and this release knows 1; start the newer release/,
  });
});

test('LOG-3: the bytes in the log are what was encoded: nothing is written a second time', async () => {
  await using log = new TestLog();
  await propose(log, acceptance());
  for (const { bytes } of await log.log.read(1, 2)) {
    const entry = decodeEntry(bytes);
    assert.ok(entry.ok);
    assert.deepEqual(encodeEntry(entry.value), bytes);
  }
});
