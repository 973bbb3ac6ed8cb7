import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { BACKEND_ERRORS, type BackendErrorKind, backendError, errorOfDriver } from './backend-error.ts';

test('every way in which a backend fails has a reason, and those that pass say when to come again', () => {
  const table = Object.keys(BACKEND_ERRORS).map((kind) => {
    const { code, row, metadata, retryAfterMs } = backendError(kind as BackendErrorKind, 'x');
    return `${kind}: ${code} ${row.grpc} ${metadata.taxonomy} ${retryAfterMs ?? '-'}`;
  });
  assert.deepEqual(table, [
    'unavailable: BACKEND_UNAVAILABLE UNAVAILABLE network 1000',
    'capacity: RATE_LIMITED RESOURCE_EXHAUSTED capacity 5000',
    'quota: RATE_LIMITED RESOURCE_EXHAUSTED quota 5000',
    'timeout: DEADLINE_EXCEEDED DEADLINE_EXCEEDED network 2000',
    'offline: DEVICE_OFFLINE UNAVAILABLE provider -',
    'invalid: JOB_SPEC_INVALID INVALID_ARGUMENT runtime -',
    'unsupported: NOT_IMPLEMENTED UNIMPLEMENTED provider -',
    'no_device: DEVICE_NOT_FOUND NOT_FOUND runtime -',
    'credentials: BACKEND_CREDENTIALS FAILED_PRECONDITION auth -',
    'lost: EXECUTION_LOST UNAVAILABLE provider -',
    'failed: INTERNAL INTERNAL internal -',
  ]);
});

test('a backend that says when to come again is believed', () => {
  assert.equal(backendError('quota', 'x', { retryAfterMs: 60_000 }).retryAfterMs, 60_000);
});

test('what a driver throws becomes a QfsError: its own, one of another copy, or BACKEND_UNAVAILABLE', () => {
  const own = new QfsError('DEVICE_OFFLINE', 'off');
  assert.equal(errorOfDriver('d', 'poll', own), own);
  const foreign = Object.assign(new Error('slow down'), { code: 'RATE_LIMITED', retryAfterMs: 7 });
  const read = errorOfDriver('d', 'poll', foreign);
  assert.deepEqual([read.code, read.message, read.retryAfterMs], ['RATE_LIMITED', 'slow down', 7]);
  for (const thrown of [
    new TypeError('bug'),
    'text',
    undefined,
    Object.assign(new Error('x'), { code: 'ENOENT' }),
  ]) {
    const { code, message } = errorOfDriver('d', 'poll', thrown);
    assert.deepEqual(
      [code, message],
      ['BACKEND_UNAVAILABLE', 'Driver d failed in poll; the call may succeed later.'],
    );
  }
});
