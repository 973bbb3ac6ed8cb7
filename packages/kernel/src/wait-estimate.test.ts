import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextMean, waitMs } from './wait-estimate.ts';

test('JOB-31: who waits gets the slot that is free first, in turn', () => {
  const state = { slots: 2, meanMs: 100, runningMs: [30, 90] };
  const waits = [0, 1, 2, 3, 4].map((ahead) => waitMs({ ...state, ahead }));
  assert.deepEqual(waits, [10, 70, 110, 170, 210]);
});

test('JOB-31: a free slot means no wait, and a job that is overdue is expected to end at once', () => {
  assert.equal(waitMs({ slots: 3, ahead: 0, runningMs: [10, 10], meanMs: 100 }), 0);
  assert.equal(waitMs({ slots: 1, ahead: 0, runningMs: [500], meanMs: 100 }), 0);
  assert.equal(waitMs({ slots: 1, ahead: 2, runningMs: [500], meanMs: 100 }), 200);
});

/** What a calendar of the slots gives, one job after the other. */
function simulated(slots: number, ahead: number, runningMs: readonly number[], meanMs: number): number {
  const freeIn = Array.from({ length: slots }, (_, slot) =>
    slot < runningMs.length ? Math.max(0, meanMs - (runningMs[slot] ?? 0)) : 0,
  );
  for (let job = 0; job < ahead; job++) {
    const first = freeIn.indexOf(Math.min(...freeIn));
    freeIn[first] = (freeIn[first] ?? 0) + meanMs;
  }
  return Math.min(...freeIn);
}

test('JOB-31: the estimate is what a calendar of the slots gives', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.nat(40),
      fc.array(fc.nat(200), { maxLength: 5 }),
      fc.integer({ min: 1, max: 150 }),
      (slots, ahead, running, meanMs) => {
        const runningMs = running.slice(0, slots);
        assert.equal(waitMs({ slots, ahead, runningMs, meanMs }), simulated(slots, ahead, runningMs, meanMs));
      },
    ),
    { verbose: true },
  );
});

test('the mean follows the newest durations', () => {
  assert.equal(nextMean(undefined, 80), 80);
  assert.equal(nextMean(100, 200), 120);
});
