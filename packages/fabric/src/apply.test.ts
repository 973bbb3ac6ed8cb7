import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Applied, type ClusterId, keyIdOf, nodeIdOf, utf8 } from '@qfs/core/exact';
import { applyLogEntry } from './apply.ts';
import { toBytes } from './codec.ts';
import * as fabric from './index.ts';
import { CLUSTER, CLUSTER_KEY, CONTEXT, CONTEXT_KEY } from './records.ts';
import {
  ACCOUNT,
  acceptedBody,
  type Body,
  digest,
  finishedBody,
  genesisBody,
  jobId,
  NODE,
  SPKI,
  TestLedger,
} from './testing/test-ledger.ts';
import { readState } from './transaction.ts';

const JOB = jobId('job');
const codeOf = (applied: Applied): string =>
  applied.outcome === 'REJECTED' ? applied.code : applied.outcome;

function golden(name: string, text: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (process.env.QFS_UPDATE_GOLDEN === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

test('LOG-12 to LOG-15: the state after GENESIS, an accepted, a failed and a finished job', () => {
  const ledger = TestLedger.founded();
  const child = jobId('child');
  assert.equal(codeOf(ledger.propose('JOB_ACCEPTED', acceptedBody(JOB))), 'ACCEPTED');
  assert.equal(
    codeOf(ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('waiting')), { tick: 9 })),
    'ACCEPTED',
  );
  const failed = { state: 'ERROR', reason: 'ENGINE_LOST', attempt: 4, manifest: [] };
  assert.equal(codeOf(ledger.propose('JOB_FINISHED', finishedBody(JOB, failed))), 'ACCEPTED');
  const again = acceptedBody(child, { parent_job_id: JOB, method: 'state-vector', precision: 'float64' });
  assert.equal(codeOf(ledger.propose('JOB_ACCEPTED', again)), 'ACCEPTED');
  assert.equal(codeOf(ledger.propose('JOB_FINISHED', finishedBody(child))), 'ACCEPTED');
  golden('state.txt', ledger.drawing());
});

test('LOG-14: a token of the term of acceptance or later counts, one of an earlier term is stale', () => {
  const ledger = TestLedger.founded();
  ledger.term = 3;
  ledger.propose('JOB_ACCEPTED', acceptedBody(JOB));
  ledger.term = 5;
  const tokens: [number, number, string][] = [
    [2, 99, 'FENCING_STALE'],
    [6, 0, 'FENCING_STALE'],
    [3, 0, 'ACCEPTED'],
    [4, 1, 'ACCEPTED'],
    [5, 7, 'ACCEPTED'],
  ];
  for (const [term, n, expected] of tokens) {
    const bytes = ledger.entry('JOB_FINISHED', finishedBody(JOB, { fencing: { term, n } }));
    assert.equal(codeOf(ledger.judge(bytes)), expected, `(${term}, ${n})`);
  }
});

test('LOG-14: an output may repeat an input byte for byte, and an attempt may be the last one allowed', () => {
  const ledger = TestLedger.founded();
  ledger.propose('JOB_ACCEPTED', acceptedBody(JOB));
  const manifest = [{ name: 'program.qasm', sha256: digest('program'), size: 120, type: 'program' }];
  assert.equal(
    codeOf(ledger.propose('JOB_FINISHED', finishedBody(JOB, { manifest, attempt: 4 }))),
    'ACCEPTED',
  );
});

test('LOG-12: GENESIS must be coherent and signed by a founder over the zero cluster id', () => {
  const member = { node_id: NODE.nodeId, key_id: NODE.keyId, algorithm: 'INSECURE-TEST', spki: SPKI };
  const another = utf8('another key');
  const stranger = { node_id: nodeIdOf(another), key_id: keyIdOf(another), spki: another };
  const cases: [Body, string][] = [
    [{}, 'ACCEPTED'],
    [{ members: [{ ...member, spki: another }] }, 'SIGNATURE_INVALID'],
    [{ members: [member, { ...member, node_id: nodeIdOf(utf8('x')) }] }, 'GENESIS_INVALID'],
    [{ members: [member, { ...member, ...stranger, key_id: NODE.keyId }] }, 'GENESIS_INVALID'],
    [{ members: [member, { ...member, ...stranger }] }, 'ACCEPTED'],
    [{ members: [{ ...member, key_id: `key_${'a'.repeat(26)}` }] }, 'KEY_UNKNOWN'],
    [{ members: [{ ...member, algorithm: 'ML-DSA-65' }] }, 'SIGNATURE_INVALID'],
    [{ members: [{ ...member, algorithm: 'RSA' }] }, 'BODY_INVALID'],
    [{ members: [] }, 'BODY_INVALID'],
    [{ members: [member, member] }, 'BODY_INVALID'],
    [{ admins: [ACCOUNT, ACCOUNT] }, 'BODY_INVALID'],
    [{ electors: [{ account: ACCOUNT, weight: 0 }] }, 'BODY_INVALID'],
    [{ economy_profile: 'free' }, 'BODY_INVALID'],
    [{ level: 2 }, 'GENESIS_INVALID'],
  ];
  for (const [change, expected] of cases) {
    const ledger = new TestLedger();
    const applied = ledger.applyBytes(ledger.entry('GENESIS', { ...genesisBody, ...change }, {}, true));
    assert.equal(codeOf(applied), expected, JSON.stringify(Object.keys(change)));
  }
});

test('LOG-4: an optional signature must verify for this cluster', () => {
  const ledger = TestLedger.founded();
  const signed = ledger.entry('JOB_ACCEPTED', acceptedBody(JOB), {}, true);
  assert.equal(codeOf(ledger.judge(signed)), 'ACCEPTED');
  const elsewhere = TestLedger.founded();
  const cluster = readState(elsewhere.state, CLUSTER_KEY, CLUSTER)!;
  const clusterId = 'ab'.repeat(32) as ClusterId;
  elsewhere.state.set(CLUSTER_KEY, toBytes(CLUSTER, { ...cluster, clusterId }));
  assert.equal(codeOf(elsewhere.judge(signed)), 'SIGNATURE_INVALID');
});

test('LOG-11: the tick of an accepted entry moves the clock forward, never back, and a rejected one does not', () => {
  const ledger = TestLedger.founded();
  const tick = (): string => /system\/context \{tick: (\d+)/.exec(ledger.drawing())![1]!;
  ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('a')), { tick: 12 });
  assert.equal(tick(), '12');
  ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('b')), { tick: 5 });
  assert.equal(tick(), '12');
  ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('b')), { tick: 99 });
  assert.equal(tick(), '12');
});

test('a state of a higher level, or one that cannot be read, stops the node', () => {
  const newer = TestLedger.founded();
  const context = readState(newer.state, CONTEXT_KEY, CONTEXT)!;
  newer.state.set(CONTEXT_KEY, toBytes(CONTEXT, { ...context, level: 2 }));
  assert.throws(() => newer.propose('JOB_ACCEPTED', acceptedBody(JOB)), {
    name: 'AssertionError',
    message: 'the log is at protocol level 2, which needs a newer QFS',
  });
  const broken = TestLedger.founded();
  broken.state.set('system/context', Uint8Array.of(0xff));
  assert.throws(() => broken.propose('JOB_ACCEPTED', acceptedBody(JOB)), {
    name: 'AssertionError',
    message: /the state holds a value at system\/context that cannot be read/,
  });
});

test('apply_log_entry is the documented name of the one entry point', () => {
  assert.equal(fabric.apply_log_entry, applyLogEntry);
});
