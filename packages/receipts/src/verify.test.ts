import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hex, sha256, utf8, utf8Decode } from '@qfs/core/exact';
import { verifyNobleSignature } from './noble/index.ts';
import { RECEIPT_BYTES_MAX, type Receipt, writeReceipt } from './receipt.ts';
import { JOB_ID, MadeLog, RESULTS, verifySignature } from './testing/made-receipt.ts';
import { VERIFICATION_STEPS, verifyReceipt } from './verify.ts';

/** A log in which a job was accepted and finished between other entries, and its receipt. */
function madeReceipt(log = new MadeLog(), statement = log.statement()): Receipt {
  for (let index = 2; index < 6; index++) log.append('NOOP', log.entryBytes('NOOP', {}));
  const entry = log.append('JOB_FINISHED', log.finished(statement));
  for (let index = 7; index < 12; index++) log.append('NOOP', log.entryBytes('NOOP', {}));
  return log.receiptOf(entry, statement);
}

const judge = (receipt: Receipt, options = {}) =>
  verifyReceipt(writeReceipt(receipt), { verify: verifySignature, ...options });

/** The step that failed and what it said. */
function refusal(receipt: Receipt, options = {}): string {
  const { ok, steps } = judge(receipt, options);
  if (ok) return 'accepted';
  const last = steps.at(-1)!;
  assert.equal(steps.filter((step) => !step.ok).length, 1);
  return `${last.step}: ${last.detail}`;
}

test('REC-3 to REC-9, REC-12: a receipt is verified in all steps and says what it proves', () => {
  const receipt = madeReceipt();
  const artifacts = new Map([
    ['results.json', hex(sha256(RESULTS))],
    ['program.qasm', hex(sha256(utf8('program')))],
  ]);
  const { ok, steps, facts } = judge(receipt, { artifacts });
  assert.deepEqual(
    steps.map(({ step }) => step),
    Object.keys(VERIFICATION_STEPS),
  );
  assert.ok(ok);
  assert.equal(facts?.jobId, JOB_ID);
  assert.equal(facts?.state, 'DONE');
  assert.equal(facts?.finishedIndex, 6);
  assert.equal(facts?.treeSize, 11);
  assert.ok(writeReceipt(receipt).length <= RECEIPT_BYTES_MAX);
});

test('REC-12: signatures in JavaScript give the same verdict', () => {
  assert.ok(judge(madeReceipt(), { verify: verifyNobleSignature }).ok);
});

test('REC-10: a verifier that trusts another cluster refuses', () => {
  const receipt = madeReceipt();
  assert.equal(refusal(receipt, { clusterId: receipt.clusterId }), 'accepted');
  assert.equal(
    refusal(receipt, { clusterId: '0'.repeat(64) }),
    `membership: the receipt is of cluster ${receipt.clusterId}, trusted is ${'0'.repeat(64)}`,
  );
});

/** Every byte takes a minute; the system tests do that. A prime, so that no field is stepped over. */
const STRIDE = 89;

test('REC-3: no byte of a receipt can be changed, added or taken away', () => {
  const bytes = writeReceipt(madeReceipt());
  for (let at = 0; at < bytes.length; at += STRIDE) {
    const changed = bytes.slice();
    changed[at]! ^= 1 << (at % 8);
    assert.equal(verifyReceipt(changed, { verify: verifySignature }).ok, false, `byte ${at}`);
  }
  for (const wrong of [
    bytes.subarray(0, -1),
    utf8(`${textOf(bytes)}\n`),
    utf8(` ${textOf(bytes)}`),
    new Uint8Array(),
  ])
    assert.equal(verifyReceipt(wrong, { verify: verifySignature }).steps[0]?.ok, false);
});

function textOf(bytes: Uint8Array): string {
  const text = utf8Decode(bytes);
  assert.ok(text.ok);
  return text.value;
}

test('REC-12: parts of another log, job or place are refused, and the step says why', () => {
  const log = new MadeLog();
  const receipt = madeReceipt(log);
  const other = madeReceipt();
  const { entry, inclusion, checkpoint, envelope, membership } = receipt;
  const cases: [Receipt, RegExp][] = [
    [{ ...receipt, membership: other.membership }, /^membership: the receipt is of cluster/],
    [{ ...receipt, checkpoint: other.checkpoint }, /^checkpoint: the checkpoint is of cluster/],
    [{ ...receipt, checkpoint: { ...checkpoint, signatures: [] } }, /^checkpoint: 0 members signed/],
    [
      { ...receipt, checkpoint: { ...checkpoint, signatures: other.checkpoint.signatures } },
      /^checkpoint: key_\w+ is no key of a member/,
    ],
    [
      { ...receipt, inclusion: { ...inclusion, treeSize: 12 } },
      /^checkpoint: the checkpoint covers 11 entries/,
    ],
    [{ ...receipt, entry: { ...entry, index: 7 } }, /^inclusion: the path from entry 7 does not lead/],
    [{ ...receipt, entry: { ...entry, term: 2 } }, /^inclusion: the path from entry 6/],
    [{ ...receipt, entry: other.entry }, /^inclusion: the path from entry 6/],
    [{ ...receipt, inclusion: { ...inclusion, hashes: inclusion.hashes.slice(1) } }, /^inclusion/],
    [{ ...receipt, jobId: JOB_ID.replace('b', 'c') }, /^entry: the entry ends job_/],
    [
      { ...receipt, envelope: { ...envelope, payload: log.statement({ seed: 8 }) } },
      /^entry: the entry names statement.json as/,
    ],
    [
      { ...receipt, envelope: { ...envelope, signatures: envelope.signatures.slice(0, 1) } },
      /^envelope: no member signed the envelope with both/,
    ],
    [
      { ...receipt, envelope: { ...envelope, signatures: other.envelope.signatures } },
      /^envelope: the envelope is signed by/,
    ],
    [
      { ...receipt, membership: { ...membership, statementKeys: other.membership.statementKeys } },
      /^envelope: the statement key key_\w+ is of node_\w+, which is no member/,
    ],
  ];
  for (const [forged, said] of cases) assert.match(refusal(forged), said);
});

test('REC-12: an end that the log refused proves nothing', () => {
  const log = new MadeLog();
  const statement = log.statement();
  const entry = log.append('JOB_FINISHED', log.finished(statement), false);
  assert.match(refusal(log.receiptOf(entry, statement)), /^inclusion: the path from entry 2 does not lead/);
});

test('REC-2, REC-12: a statement that contradicts the entry that names it is refused', () => {
  const refused = (change: Parameters<MadeLog['statement']>[0]): string => {
    const log = new MadeLog();
    return refusal(madeReceipt(log, log.statement(change)));
  };
  assert.equal(refused({}), 'accepted');
  assert.equal(refused({ state: 'ERROR' }), 'statement: the statement says state ERROR, the log DONE');
  assert.match(refused({ jobId: JOB_ID.replace('b', 'c') }), /^statement: the statement says job/);
  assert.match(
    refused({ reason: 'TIMEOUT' }),
    /^statement: the statement says reason TIMEOUT, the log undefined/,
  );
  assert.match(refused({ acceptedIndex: 6 }), /^statement: the job was accepted by entry 6, after/);
  assert.match(refused({ outputs: [] }), /^statement: the statement lists 0 outputs, the log 1/);
  assert.match(
    refused({ outputs: [{ name: 'results.json', sha256: '0'.repeat(64) }] }),
    /^statement: the statement has results.json as/,
  );
  assert.match(
    refused({ resultsDigest: `sha256:${'0'.repeat(64)}` }),
    /^statement: the digest of the results/,
  );
});

test('REC-12: files are compared with the digests', () => {
  const receipt = madeReceipt();
  const wrong = new Map([['results.json', '0'.repeat(64)]]);
  assert.match(
    refusal(receipt, { artifacts: wrong }),
    /^artifacts: results.json is sha256:0+, the receipt names/,
  );
  const unknown = new Map([['notes.txt', '0'.repeat(64)]]);
  assert.equal(refusal(receipt, { artifacts: unknown }), 'artifacts: the receipt knows no file notes.txt');
});
