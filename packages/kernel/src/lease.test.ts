import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsLease, nextFencing, submissionToken } from './lease.ts';

test('JOB-13: tokens rise within a term, and a new term begins anew', () => {
  assert.deepEqual(nextFencing({ term: 3, n: 7 }, 3), { term: 3, n: 8 });
  assert.deepEqual(nextFencing({ term: 3, n: 7 }, 4), { term: 4, n: 1 });
});

test('JOB-13: only the token that the job names holds its lease', () => {
  const job = { leaseTerm: 3, leaseN: 8 };
  assert.ok(holdsLease(job, { term: 3, n: 8 }));
  for (const [term, n] of [
    [3, 7],
    [2, 8],
    [4, 8],
  ] as const) {
    assert.ok(!holdsLease(job, { term, n }));
  }
  assert.ok(!holdsLease({ leaseTerm: null, leaseN: null }, { term: 3, n: 8 }));
});

const tokens: readonly (readonly [rows: string, attempt: number, expected: string])[] = [
  ['', 1, 'job/1'],
  ['1:-', 1, 'job/1'],
  ['1:- 2:-', 2, 'job/1'],
  ['1:x 2:-', 2, 'job/2'],
  ['1:x 2:- 3:-', 3, 'job/2'],
  ['1:- 2:x 3:-', 3, 'job/3'],
];
for (const [rows, attempt, expected] of tokens) {
  test(`JOB-14: attempt ${attempt} after "${rows}" is submitted as ${expected}`, () => {
    const attempts = rows
      .split(' ')
      .filter((row) => row !== '')
      .map((row) => ({ attempt: Number(row[0]), remoteId: row[2] === '-' ? null : 'remote' }));
    assert.equal(submissionToken('job', attempts, attempt), expected);
  });
}
