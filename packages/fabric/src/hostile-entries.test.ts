import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Applied, type CborInput, encodeCbor, utf8 } from '@qfs/core/exact';
import fc from 'fast-check';
import { ENTRY_TYPES } from './entries/index.ts';
import { acceptedBody, type Body, finishedBody, jobId, TestLedger } from './testing/test-ledger.ts';

const codeOf = (applied: Applied): string =>
  applied.outcome === 'REJECTED' ? applied.code : applied.outcome;

test('P3: whatever an entry holds, it is answered, and rejected entries write nothing', () => {
  const ledger = TestLedger.founded();
  ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('a')));
  const before = ledger.drawing();
  const scalar = fc.oneof(
    fc.maxSafeInteger(),
    fc.bigInt(-(2n ** 64n), 2n ** 64n - 1n),
    fc.string(),
    fc.uint8Array(),
  );
  const junk: fc.Arbitrary<CborInput> = fc.oneof(
    scalar,
    fc.array(scalar),
    fc.dictionary(fc.string(), scalar),
  );
  const bodyOf = (type: string): Body =>
    type === 'JOB_ACCEPTED' ? acceptedBody(jobId('z')) : finishedBody(jobId('a'));
  const spoiled = fc
    .record({
      type: fc.constantFrom(...ENTRY_TYPES.map(({ type }) => type)),
      field: fc.constantFrom('job_id', 'manifest', 'fencing', 'attempt', 'seed', 'state', 'extra', 'target'),
      value: junk,
      level: fc.nat(3),
    })
    .map(({ type, field, value, level }) =>
      ledger.entry(type, { ...bodyOf(type), [field]: value }, { level }),
    );
  const flipped = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
    const bytes = ledger.entry('JOB_FINISHED', finishedBody(jobId('a')), {}, true);
    bytes[at % bytes.length]! ^= mask;
    return bytes;
  });
  const noise = fc.oneof(fc.uint8Array(), junk.map(encodeCbor), spoiled, flipped);
  fc.assert(
    fc.property(noise, (bytes) => {
      const applied = ledger.judge(bytes);
      assert.ok(applied.outcome === 'ACCEPTED' || /^[A-Z_]+$/.test(applied.code));
      if (applied.outcome === 'REJECTED') assert.match(applied.detail, /\w/);
      assert.equal(ledger.drawing(), before);
    }),
    { numRuns: 1_500 },
  );
});

test('a signed entry with any byte changed is rejected', () => {
  const ledger = TestLedger.founded();
  ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('a')));
  const bytes = ledger.entry('JOB_FINISHED', finishedBody(jobId('a')), {}, true);
  assert.equal(codeOf(ledger.judge(bytes)), 'ACCEPTED');
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    assert.equal(ledger.judge(changed).outcome, 'REJECTED', `byte ${at}`);
  }
  assert.equal(codeOf(ledger.judge(bytes.slice(0, -1))), 'MALFORMED');
  assert.equal(codeOf(ledger.judge(utf8(`${'x'.repeat(300_000)}`))), 'MALFORMED');
});
