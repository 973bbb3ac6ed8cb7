import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Applied, type KeyId, utf8 } from '@qfs/core/exact';
import { REJECTIONS, type RejectionCode } from './rejections.ts';
import { certificateBody, configBody, levelBody } from './testing/rule-bodies.ts';
import {
  ACCOUNT,
  acceptedBody,
  type Body,
  digest,
  finishedBody,
  genesisBody,
  jobId,
  NODE,
  TestLedger,
} from './testing/test-ledger.ts';

type Step = [type: string, body: Body];
type Case = [RejectionCode, Applied];

const JOB = jobId('job');
const STRANGER = `acct_${'b'.repeat(26)}`;
const ledger = TestLedger.founded();
const codeOf = (applied: Applied): string =>
  applied.outcome === 'REJECTED' ? applied.code : applied.outcome;

/** What becomes of the last of these entries, when those before it are accepted. */
function after(...steps: Step[]): Applied {
  const fresh = TestLedger.founded();
  const last = steps.length - 1;
  for (const [at, [type, body]] of steps.slice(0, last).entries()) {
    assert.equal(codeOf(fresh.proposeSigned(type, body, { tick: at })), 'ACCEPTED');
  }
  const before = fresh.drawing();
  const applied = fresh.proposeSigned(...steps[last]!, { tick: last });
  assert.equal(fresh.drawing(), before);
  return applied;
}

const accepted: Step = ['JOB_ACCEPTED', acceptedBody(JOB)];
const finished = (change: Body = {}): Step => ['JOB_FINISHED', finishedBody(JOB, change)];
const expired: Step = ['JOB_EXPIRED', { job_id: JOB, expired_at_ms: 1 }];
const deleted = (account: string): Step => ['JOB_DELETED', { job_id: JOB, account, deleted_at_ms: 1 }];

function envelopeCases(): Case[] {
  const unfounded = new TestLedger();
  const incoherent = unfounded.entry('GENESIS', { ...genesisBody, level: 2 }, {}, true);
  return [
    ['MALFORMED', ledger.judge(Uint8Array.of(0xa0))],
    ['GENESIS_MISSING', unfounded.judge(unfounded.entry(...accepted))],
    ['GENESIS_MISPLACED', ledger.judge(ledger.entry('GENESIS', genesisBody, {}, true))],
    ['GENESIS_INVALID', unfounded.judge(incoherent)],
    ['TYPE_UNKNOWN', ledger.propose('JOB_FORGOTTEN', {})],
    ['LEVEL_NOT_IN_FORCE', ledger.propose(...accepted, { level: 2 })],
    ['LEVEL_NOT_IN_FORCE', ledger.propose('JOB_FORGOTTEN', {}, { level: 2 })],
    ['KEY_UNKNOWN', ledger.propose(...accepted, { keyId: `key_${'a'.repeat(26)}` as KeyId })],
    ['KEY_UNKNOWN', ledger.propose(...accepted, { actor: ACCOUNT })],
    ['SIGNATURE_MISSING', unfounded.judge(unfounded.entry('GENESIS', genesisBody))],
    ['SIGNATURE_INVALID', ledger.propose(...accepted, { signature: new Uint8Array(32) })],
    ['BODY_INVALID', ledger.propose('JOB_ACCEPTED', { ...acceptedBody(JOB), colour: 'red' })],
  ];
}

function jobCases(): Case[] {
  const taken = [{ name: 'program.qasm', sha256: digest('x'), size: 1, type: 'program' }];
  return [
    ['JOB_ALREADY_ACCEPTED', after(accepted, accepted)],
    ['JOB_UNKNOWN', after(finished())],
    ['JOB_ALREADY_FINISHED', after(accepted, finished(), finished())],
    ['JOB_ALREADY_FINISHED', after(accepted, finished(), finished({ state: 'CANCELLED' }))],
    ['PARENT_JOB_UNKNOWN', after(['JOB_ACCEPTED', acceptedBody(JOB, { parent_job_id: jobId('other') })])],
    ['ATTEMPT_OUT_OF_RANGE', after(accepted, finished({ attempt: 5 }))],
    ['FENCING_STALE', after(accepted, finished({ fencing: { term: 2, n: 0 } }))],
    ['ARTIFACT_NAME_TAKEN', after(accepted, finished({ manifest: taken }))],
    ['JOB_NOT_FINISHED', after(accepted, expired)],
    ['JOB_ALREADY_EXPIRED', after(accepted, finished(), expired, expired)],
    ['JOB_ALREADY_DELETED', after(accepted, finished(), deleted(ACCOUNT), expired)],
    ['NOT_OWNER', after(accepted, finished(), deleted(STRANGER))],
  ];
}

function ruleCases(): Case[] {
  const config = (key: string, value: number, change: Body = {}): Step => [
    'CONFIG_SET',
    configBody(key, value, change),
  ];
  const level = (to: number, change: Body = {}): Step => [
    'SET_PROTOCOL_LEVEL',
    levelBody(ledger, to, [NODE], change),
  ];
  const certified = (treeSize: number, member = NODE): Step => [
    'CHECKPOINT',
    certificateBody(ledger, treeSize, [member]),
  ];
  const announcements = levelBody(ledger, 3, [NODE]).announcements!;
  return [
    ['NOT_ADMIN', after(config('result_retention_s', 1, { on_behalf_of: NODE.nodeId }))],
    ['CONFIG_KEY_UNKNOWN', after(config('colour', 1))],
    ['CONFIG_KEY_NOT_OPERATOR', after(config('limits.epoch_ticks', 1))],
    ['CONFIG_VALUE_OUT_OF_RANGE', after(config('checkpoint_entries', 0))],
    ['CONFIG_STALE', after(config('checkpoint_entries', 1, { expected_old: 1 }))],
    ['LEVEL_INVALID', after(level(3))],
    ['LEVEL_NOT_SUPPORTED', after(level(2, { announcements }))],
    ['LEVEL_PENDING', after(level(2), level(2))],
    ['CHECKPOINT_INVALID', after(certified(2))],
    ['CHECKPOINT_STALE', after(certified(1), certified(1))],
    ['QUORUM_MISSING', after(certified(1, { ...NODE, spki: utf8('x') }))],
    ['SEGMENT_INVALID', after(['SEGMENT_SEALED', { from: 1, to: 1, sha256: digest('s'), size: 1 }])],
  ];
}

test('LOG-7: each rejection code has an entry that gets it, and none of them changes the state', () => {
  const cases = [...envelopeCases(), ...jobCases(), ...ruleCases()];
  for (const [code, applied] of cases) assert.equal(codeOf(applied), code);
  assert.deepEqual(new Set(cases.map(([code]) => code)), new Set(Object.keys(REJECTIONS)));
});

test('LOG-11 to LOG-35: the specification names every rejection code', () => {
  const specification = readFileSync(new URL('../../../docs/spec/log.md', import.meta.url), 'utf8');
  for (const code of Object.keys(REJECTIONS)) assert.ok(specification.includes(`\`${code}\``), code);
});
