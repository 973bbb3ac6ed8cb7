import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS } from '@qfs/core';
import { isRetryable, RETRY_DEFAULTS, retryDelayMs } from './retry.ts';
import { ERROR_CODES } from './testing/scripted-rooms.ts';

const fixed = (byte: number) => ({ bytes: (length: number) => new Uint8Array(length).fill(byte) });

test('JOB-17: pauses double from the least to the most, and vary between half and the whole', () => {
  const whole = [1, 2, 3, 4, 5, 6, 7, 1_000].map((failures) => retryDelayMs(failures, fixed(255)));
  assert.deepEqual(whole, [50, 100, 200, 400, 800, 1_000, 1_000, 1_000]);
  const half = [1, 2, 6].map((failures) => retryDelayMs(failures, fixed(0)));
  assert.deepEqual(half, [RETRY_DEFAULTS.delayMsMin / 2, 50, RETRY_DEFAULTS.delayMsMax / 2]);
});

test('JOB-17: a pause that the failure names is honoured', () => {
  assert.equal(retryDelayMs(1, fixed(0), 7_000), 7_000);
  assert.equal(retryDelayMs(9, fixed(255), 1), RETRY_DEFAULTS.delayMsMax);
});

test('JOB-17: the reason decides: one gRPC status has both kinds', () => {
  const kinds = (grpc: string) =>
    new Set(ERROR_CODES.filter((code) => ERRORS[code].grpc === grpc).map(isRetryable));
  assert.deepEqual(kinds('UNAVAILABLE'), new Set([true, false]));
  assert.deepEqual(kinds('RESOURCE_EXHAUSTED'), new Set([true, false]));
  assert.deepEqual(kinds('INVALID_ARGUMENT'), new Set([false]));
});
