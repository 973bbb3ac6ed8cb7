import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Applied, encodeCbor, hex, sha3_256, taggedHash, utf8 } from '@qfs/core/exact';
import { CONFIG_KEYS, isOperatorKey } from './config-keys.ts';
import { ENTRY_TYPES } from './entries/index.ts';
import { PROTOCOL, type Protocol } from './protocol.ts';
import { REJECTIONS, type RejectionCode } from './rejections.ts';
import { certificateBody, configBody, levelBody, signaturesOf, statementOf } from './testing/rule-bodies.ts';
import {
  ACCOUNT,
  acceptedBody,
  type Body,
  type Change,
  decoded,
  digest,
  finishedBody,
  genesisBody,
  genesisOfThree,
  jobId,
  memberOf,
  TestLedger,
  THREE,
} from './testing/test-ledger.ts';

const JOB = jobId('job');
const STRANGER = `acct_${'b'.repeat(26)}`;
const MAX = Number.MAX_SAFE_INTEGER;
const outcome = (applied: Applied): 'ACCEPTED' | RejectionCode => {
  if (applied.outcome === 'ACCEPTED') return 'ACCEPTED';
  assert.ok(applied.code in REJECTIONS);
  return applied.code as RejectionCode;
};

/** A field of the context. */
const context = (ledger: TestLedger, field: string): unknown =>
  (decoded(ledger.state.get('system/context')!) as ReadonlyMap<string, unknown>).get(field);

test('LOG-17: NOOP and TICK carry their tick and nothing else', () => {
  const ledger = TestLedger.founded();
  for (const [at, type] of ['NOOP', 'TICK'].entries()) {
    const applied = ledger.propose(type, {}, { tick: at + 5 });
    assert.ok(applied.outcome === 'ACCEPTED');
    assert.deepEqual(
      applied.writes.map(({ key }) => key),
      ['system/context'],
    );
    assert.equal(context(ledger, 'tick'), at + 5);
    const still = ledger.propose(type, {}, { tick: 5 });
    assert.deepEqual(still.outcome === 'ACCEPTED' && still.writes, []);
    assert.equal(outcome(ledger.propose(type, { note: 1 })), 'BODY_INVALID');
  }
});

test('LOG-18: an epoch advances to the next one, at its boundary and not before', () => {
  const ledger = TestLedger.founded();
  const cases: [epoch: number, tick: number, context: [epoch: number, end: number]][] = [
    [1, 511, [0, 512]],
    [0, 600, [0, 512]],
    [2, 600, [0, 512]],
    [1, 600, [1, 1112]],
    [1, 1200, [1, 1112]],
    [2, 1112, [2, 1712]],
    [3, MAX, [3, MAX]],
    [4, 0, [4, MAX]],
  ];
  for (const [epoch, tick, expected] of cases) {
    assert.equal(outcome(ledger.propose('EPOCH_ADVANCE', { epoch }, { tick })), 'ACCEPTED');
    const now = [context(ledger, 'epoch'), context(ledger, 'epoch_end_tick')];
    assert.deepEqual(now, expected, `${epoch} at ${tick}`);
  }
});

test('LOG-19 and LOG-20: an admin sets operator keys; everything else has its code, in the order of the guards', () => {
  const ledger = TestLedger.founded();
  const key = 'checkpoint_entries';
  const cases: [Body, string][] = [
    [configBody('no_such_key', -1, { on_behalf_of: STRANGER }), 'NOT_ADMIN'],
    [configBody('no_such_key', -1), 'CONFIG_KEY_UNKNOWN'],
    [configBody('economy_profile', -1), 'CONFIG_KEY_NOT_OPERATOR'],
    [configBody('limits.epoch_ticks', 1), 'CONFIG_KEY_NOT_OPERATOR'],
    [configBody(key, 0, { expected_old: 999 }), 'CONFIG_VALUE_OUT_OF_RANGE'],
    [configBody(key, 5, { expected_old: 999 }), 'CONFIG_STALE'],
    [configBody(key, 5, { expected_old: 1000 }), 'ACCEPTED'],
    [configBody(key, 6, { expected_old: 1000 }), 'CONFIG_STALE'],
    [configBody(key, 6, { expected_old: 5 }), 'ACCEPTED'],
    [configBody('Checkpoint', 5), 'BODY_INVALID'],
    [{ ...configBody(key, 5), value: 2n ** 53n }, 'BODY_INVALID'],
  ];
  for (const [body, expected] of cases) {
    assert.equal(outcome(ledger.proposeSigned('CONFIG_SET', body)), expected, JSON.stringify(body.key));
  }
  assert.equal(outcome(ledger.propose('CONFIG_SET', configBody(key, 7))), 'SIGNATURE_MISSING');
});

test('LOG-21: every operator key takes its whole range and nothing beyond', () => {
  const ledger = TestLedger.founded();
  for (const row of CONFIG_KEYS.filter(isOperatorKey)) {
    const { key, min, max } = row;
    assert.equal(outcome(ledger.proposeSigned('CONFIG_SET', configBody(key, min))), 'ACCEPTED');
    assert.equal(outcome(ledger.proposeSigned('CONFIG_SET', configBody(key, max))), 'ACCEPTED');
    assert.equal(
      outcome(ledger.proposeSigned('CONFIG_SET', configBody(key, min - 1))),
      'CONFIG_VALUE_OUT_OF_RANGE',
    );
    const beyond = max === MAX ? 'BODY_INVALID' : 'CONFIG_VALUE_OUT_OF_RANGE';
    const above = { ...configBody(key, 0), value: BigInt(max) + 1n };
    assert.equal(outcome(ledger.proposeSigned('CONFIG_SET', above)), beyond);
  }
});

test('LOG-22: only values that are not the default stand in the state, and the hash follows', () => {
  const ledger = TestLedger.founded();
  const [config, hash] = [ledger.state.get('system/config')!, context(ledger, 'config_hash')];
  ledger.proposeSigned('CONFIG_SET', configBody('result_retention_s', 60), { tick: 3 });
  ledger.proposeSigned('CONFIG_SET', configBody('checkpoint_entries', 1));
  assert.match(ledger.drawn('system/config')!, /operator: {checkpoint_entries: 1, result_retention_s: 60}/);
  const hashNow = taggedHash('qfs/config/v1', ledger.state.get('system/config')!);
  assert.deepEqual([context(ledger, 'config_hash'), context(ledger, 'tick')], [hashNow, 3]);
  const again = ledger.proposeSigned('CONFIG_SET', configBody('checkpoint_entries', 1));
  assert.deepEqual(again.outcome === 'ACCEPTED' && again.writes, []);
  ledger.proposeSigned('CONFIG_SET', configBody('checkpoint_entries', 1000));
  ledger.proposeSigned('CONFIG_SET', configBody('result_retention_s', 0));
  assert.deepEqual([ledger.state.get('system/config'), context(ledger, 'config_hash')], [config, hash]);
});

/** A body of each type that is accepted by the ledger of `busy`. */
const BODIES: Readonly<Record<string, (ledger: TestLedger) => Body>> = {
  GENESIS: () => genesisBody,
  NOOP: () => ({}),
  TICK: () => ({}),
  EPOCH_ADVANCE: () => ({ epoch: 1 }),
  CONFIG_SET: () => configBody('checkpoint_entries', 77),
  SET_PROTOCOL_LEVEL: (ledger) => levelBody(ledger, 2, [THREE[0]]),
  CHECKPOINT: (ledger) => certificateBody(ledger, 2, [THREE[0]]),
  SEGMENT_SEALED: () => ({ from: 1, to: 1, sha256: digest('segment'), size: 1 }),
  JOB_ACCEPTED: () => acceptedBody(jobId('another')),
  JOB_FINISHED: () => finishedBody(jobId('running')),
  JOB_EXPIRED: () => ({ job_id: JOB, expired_at_ms: 1 }),
  JOB_DELETED: () => ({ job_id: JOB, account: ACCOUNT, deleted_at_ms: 1 }),
};

/** A ledger in which every type finds what it acts on. */
function busy(): TestLedger {
  const ledger = TestLedger.founded();
  ledger.propose('JOB_ACCEPTED', acceptedBody(JOB));
  ledger.propose('JOB_FINISHED', finishedBody(JOB));
  ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('running')));
  ledger.propose('CHECKPOINT', certificateBody(ledger, 1, [THREE[0]]));
  return ledger;
}

test('P12: of every key and every entry type, only CONFIG_SET of an operator key changes the configuration', () => {
  assert.deepEqual(ENTRY_TYPES.map(({ type }) => type).sort(), Object.keys(BODIES).sort());
  for (const [type, bodyOf] of Object.entries(BODIES)) {
    const plain = busy();
    const expected = type === 'GENESIS' ? 'GENESIS_MISPLACED' : 'ACCEPTED';
    assert.equal(outcome(plain.proposeSigned(type, bodyOf(plain), { tick: 9000 })), expected, type);
    for (const row of CONFIG_KEYS) {
      const ledger = busy();
      const config = ledger.state.get('system/config');
      const body: Body = bodyOf(ledger);
      const attempts: Body[] = [
        { ...body, key: row.key, value: 2_000 },
        { ...body, [row.key]: 2_000 },
        { ...body, limits: { epoch_ticks: 1 }, operator: { [row.key]: 2_000 } },
        { ...body, config: { [row.key]: 2_000 }, economy_profile: 'enforced' },
      ];
      for (const attempt of attempts) ledger.proposeSigned(type, attempt, { tick: 9000 });
      const changed = ledger.state.get('system/config') !== config;
      assert.equal(changed, type === 'CONFIG_SET' && isOperatorKey(row), `${type} of ${row.key}`);
    }
  }
});

/** NOOP as before, plus a type and a behaviour that only level 2 has. */
const LEVEL_TWO: Protocol = {
  level: 2,
  types: [
    ...PROTOCOL.types,
    { ...PROTOCOL.types.find(({ type }) => type === 'NOOP')!, type: 'GREET', level: 2 },
    {
      ...PROTOCOL.types.find(({ type }) => type === 'TICK')!,
      level: 2,
      apply: () => ({ code: 'LEVEL_INVALID', detail: 'ticks are over' }),
    },
  ],
};

test('LOG-23: a level needs every member and an admin, and waits for two epochs', () => {
  const ledger = TestLedger.founded(genesisOfThree, LEVEL_TWO);
  const [one, two, three] = THREE;
  const propose = (body: Body): string => outcome(ledger.proposeSigned('SET_PROTOCOL_LEVEL', body));
  const stranger = memberOf(utf8('a stranger'));
  const forged = levelBody(ledger, 2, [one, two, { ...three, spki: two.spki }]);
  const cases: [Body, string][] = [
    [levelBody(ledger, 3, [], { on_behalf_of: STRANGER, announcements: forged.announcements! }), 'NOT_ADMIN'],
    [levelBody(ledger, 1, THREE), 'LEVEL_INVALID'],
    [levelBody(ledger, 3, [one]), 'LEVEL_INVALID'],
    [levelBody(ledger, 2, [one, two]), 'LEVEL_NOT_SUPPORTED'],
    [levelBody(ledger, 2, [one, two, stranger]), 'LEVEL_NOT_SUPPORTED'],
    [levelBody(ledger, 2, [...THREE, stranger]), 'LEVEL_NOT_SUPPORTED'],
    [levelBody(ledger, 2, [one, two, { ...three, keyId: one.keyId }]), 'LEVEL_NOT_SUPPORTED'],
    [levelBody(ledger, 2, [one, one, two, three]), 'BODY_INVALID'],
    [forged, 'LEVEL_NOT_SUPPORTED'],
    [{ ...levelBody(ledger, 3, THREE), level: 2 }, 'LEVEL_NOT_SUPPORTED'],
    [levelBody(ledger, 2, THREE), 'ACCEPTED'],
    [levelBody(ledger, 2, THREE), 'LEVEL_PENDING'],
    [levelBody(ledger, 2, [one]), 'LEVEL_NOT_SUPPORTED'],
  ];
  for (const [at, [body, expected]] of cases.entries()) assert.equal(propose(body), expected, `case ${at}`);
  assert.equal(ledger.drawn('system/level-change'), '{epoch: 2, level: 2}');

  const greet = (): string => outcome(ledger.propose('GREET', {}, { level: 2 }));
  const advance = (epoch: number): Applied =>
    ledger.propose('EPOCH_ADVANCE', { epoch }, { tick: 512 * epoch });
  assert.equal(greet(), 'LEVEL_NOT_IN_FORCE');
  advance(1);
  assert.equal(greet(), 'LEVEL_NOT_IN_FORCE');
  advance(1);
  assert.equal(greet(), 'LEVEL_NOT_IN_FORCE');
  advance(2);
  assert.equal(greet(), 'ACCEPTED');
  assert.equal(ledger.drawn('system/level-change'), undefined);
  assert.equal(outcome(ledger.propose('GREET', {}, { level: 1 })), 'TYPE_UNKNOWN');
  assert.equal(outcome(ledger.propose('TICK', {}, { level: 1 })), 'ACCEPTED');
  assert.equal(outcome(ledger.propose('TICK', {}, { level: 2 })), 'LEVEL_INVALID');
  assert.equal(propose(levelBody(ledger, 2, THREE)), 'LEVEL_INVALID');
});

test('LOG-11: software that does not know the level in force judges nothing, whatever the bytes', () => {
  const ledger = TestLedger.founded();
  const propose = (type: string, body: Body, change: Change = {}): string =>
    outcome(ledger.proposeSigned(type, body, change));
  assert.equal(propose('SET_PROTOCOL_LEVEL', levelBody(ledger, 2, [THREE[0]])), 'ACCEPTED');
  assert.equal(propose('EPOCH_ADVANCE', { epoch: 1 }, { tick: 512 }), 'ACCEPTED');
  assert.equal(propose('EPOCH_ADVANCE', { epoch: 2 }, { tick: 1024 }), 'ACCEPTED');
  const message = 'the log is at protocol level 2, which needs a newer QFS';
  assert.throws(() => propose('NOOP', {}), { name: 'AssertionError', message });
  assert.throws(() => ledger.applyBytes(utf8('noise')), { name: 'AssertionError', message });
  const unfounded = new TestLedger();
  const genesis = unfounded.entry('GENESIS', { ...genesisBody, level: 2 }, { level: 2 }, true);
  assert.throws(() => unfounded.applyBytes(genesis), { name: 'AssertionError', message });
});

test('LOG-28: a checkpoint covers what came before it, more than the last one, by more than half of the members', () => {
  const ledger = TestLedger.founded(genesisOfThree);
  for (let at = 0; at < 8; at++) ledger.propose('NOOP', {});
  const [one, two, three] = THREE;
  const foreign = statementOf(ledger, 5, { clusterId: digest('elsewhere') });
  const forged = { ...three, spki: one.spki };
  const cases: [Body, string][] = [
    [{ ...certificateBody(ledger, 5, THREE), statement: digest('noise') }, 'CHECKPOINT_INVALID'],
    [{ statement: foreign, signatures: signaturesOf(THREE, foreign) }, 'CHECKPOINT_INVALID'],
    [certificateBody(ledger, 13, THREE), 'CHECKPOINT_INVALID'],
    [certificateBody(ledger, 5, [one]), 'QUORUM_MISSING'],
    [certificateBody(ledger, 5, [one, forged]), 'QUORUM_MISSING'],
    [certificateBody(ledger, 5, [one, memberOf(utf8('a stranger'))]), 'QUORUM_MISSING'],
    [{ ...certificateBody(ledger, 5, [one]), signatures: [] }, 'BODY_INVALID'],
    [certificateBody(ledger, 5, [one, one]), 'BODY_INVALID'],
    [certificateBody(ledger, 5, [forged, two, one]), 'ACCEPTED'],
    [certificateBody(ledger, 5, []), 'BODY_INVALID'],
    [certificateBody(ledger, 5, [one]), 'CHECKPOINT_STALE'],
    [certificateBody(ledger, 4, THREE), 'CHECKPOINT_STALE'],
    [certificateBody(ledger, 22, THREE), 'CHECKPOINT_INVALID'],
    [certificateBody(ledger, 21, [three, one]), 'ACCEPTED'],
  ];
  assert.equal(ledger.nextIndex, 10);
  for (const [at, [body, expected]] of cases.entries()) {
    if (expected === 'ACCEPTED' && at > 8) while (ledger.nextIndex < 22) ledger.propose('NOOP', {});
    assert.equal(outcome(ledger.propose('CHECKPOINT', body)), expected, `case ${at}`);
  }
  const kept = decoded(ledger.state.get('system/checkpoint')!) as ReadonlyMap<string, unknown>;
  assert.deepEqual(
    [kept.get('tree_size'), kept.get('index'), kept.get('statement_hash')],
    [21, ledger.nextIndex - 1, sha3_256(statementOf(ledger, 21))],
  );
});

test('LOG-29: segments follow one another and stay behind the newest checkpoint', () => {
  const ledger = TestLedger.founded();
  for (let at = 0; at < 20; at++) ledger.propose('NOOP', {});
  const seal = (from: number, to: number): string =>
    outcome(ledger.propose('SEGMENT_SEALED', { from, to, sha256: digest('segment'), size: 9 }));
  assert.equal(seal(1, 1), 'SEGMENT_INVALID');
  ledger.propose('CHECKPOINT', certificateBody(ledger, 10, [THREE[0]]));
  const cases: [number, number, string][] = [
    [2, 5, 'SEGMENT_INVALID'],
    [1, 11, 'SEGMENT_INVALID'],
    [0, 5, 'BODY_INVALID'],
    [1, 4, 'ACCEPTED'],
    [1, 4, 'SEGMENT_INVALID'],
    [4, 6, 'SEGMENT_INVALID'],
    [6, 7, 'SEGMENT_INVALID'],
    [5, 4, 'SEGMENT_INVALID'],
    [5, 10, 'ACCEPTED'],
    [11, 11, 'SEGMENT_INVALID'],
  ];
  for (const [from, to, expected] of cases) assert.equal(seal(from, to), expected, `${from} to ${to}`);
  const segments = ledger.drawing().match(/^system\/segments\/.*$/gm)!;
  assert.deepEqual(
    segments.map((line) => line.replace(/<.*>/, '…')),
    [
      'system/segments/0000000000000001 {to: 4, from: 1, size: 9, sha256: …}',
      'system/segments/0000000000000005 {to: 10, from: 5, size: 9, sha256: …}',
    ],
  );
});

const released = (applied: Applied): string[] =>
  applied.outcome === 'ACCEPTED' ? applied.effects.map(({ kind, body }) => `${kind} ${hex(body)}`) : [];

test('LOG-33 and LOG-34: an ended job expires once and is deleted once, by its owner or an admin, and stays known', () => {
  const owner = `acct_${'c'.repeat(26)}`;
  const ledger = TestLedger.founded();
  const expire = (job: string): Applied => ledger.propose('JOB_EXPIRED', { job_id: job, expired_at_ms: 1 });
  const remove = (job: string, account: string): Applied =>
    ledger.propose('JOB_DELETED', { job_id: job, account, deleted_at_ms: 2 });
  const other = jobId('other');
  assert.equal(outcome(expire(JOB)), 'JOB_UNKNOWN');
  assert.equal(outcome(remove(JOB, STRANGER)), 'JOB_UNKNOWN');
  for (const job of [JOB, other]) ledger.propose('JOB_ACCEPTED', acceptedBody(job, { account: owner }));
  assert.equal(outcome(expire(JOB)), 'JOB_NOT_FINISHED');
  assert.equal(outcome(remove(JOB, STRANGER)), 'JOB_NOT_FINISHED');
  for (const job of [JOB, other]) ledger.propose('JOB_FINISHED', finishedBody(job));
  const effect = [`release_artifacts ${hex(encodeCbor({ job_id: JOB }))}`];
  const expired = expire(JOB);
  assert.deepEqual([outcome(expired), released(expired)], ['ACCEPTED', effect]);
  assert.equal(outcome(expire(JOB)), 'JOB_ALREADY_EXPIRED');
  assert.equal(outcome(remove(JOB, STRANGER)), 'NOT_OWNER');
  const deleted = remove(JOB, owner);
  assert.deepEqual([outcome(deleted), released(deleted)], ['ACCEPTED', effect]);
  assert.equal(outcome(expire(JOB)), 'JOB_ALREADY_DELETED');
  assert.equal(outcome(remove(JOB, STRANGER)), 'JOB_ALREADY_DELETED');
  assert.equal(outcome(remove(other, ACCOUNT)), 'ACCEPTED');
  assert.equal(outcome(expire(other)), 'JOB_ALREADY_DELETED');
  const indexes = ledger.drawn(`jobs/${JOB}`)!.match(/(?:expired|deleted)_index: \d+/g);
  assert.deepEqual(indexes, ['deleted_index: 13', 'expired_index: 10']);
  assert.equal(outcome(ledger.propose('JOB_ACCEPTED', acceptedBody(JOB))), 'JOB_ALREADY_ACCEPTED');
});
