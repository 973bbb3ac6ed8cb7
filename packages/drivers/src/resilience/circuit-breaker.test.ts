import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CircuitBreaker } from './circuit-breaker.ts';

const SETTINGS = { failuresMax: 3, openMs: 1_000, openMsMax: 3_000 };

function failing(times: number, nowMs = 0): CircuitBreaker {
  const breaker = new CircuitBreaker(SETTINGS);
  for (let time = 0; time < times; time += 1) breaker.failed(nowMs, 'no answer.');
  return breaker;
}

test('a breaker opens at its number of failures in a row and not before', () => {
  assert.equal(failing(2).kind, 'closed');
  assert.equal(failing(2).admit(0), undefined);
  assert.equal(failing(3).kind, 'open');
  assert.deepEqual(failing(3).admit(400), { retryAfterMs: 600, why: 'no answer.' });
});

test('after its time one probe is let through, and nobody else until it is decided', () => {
  const breaker = failing(3);
  assert.deepEqual(breaker.admit(999)?.retryAfterMs, 1);
  assert.equal(breaker.admit(1_000), undefined);
  assert.equal(breaker.kind, 'half_open');
  assert.equal(breaker.admit(1_001)?.retryAfterMs, 1_000);
});

test('a probe that fails doubles the time, up to a bound', () => {
  const breaker = failing(3);
  let nowMs = 0;
  const waits: number[] = [];
  for (let probe = 0; probe < 3; probe += 1) {
    nowMs += breaker.admit(nowMs)!.retryAfterMs;
    assert.equal(breaker.admit(nowMs), undefined);
    breaker.failed(nowMs, 'still no answer.');
    waits.push(breaker.admit(nowMs)!.retryAfterMs);
  }
  assert.deepEqual(waits, [2_000, 3_000, 3_000]);
});

test('calls that were under way when it opened do not prolong it', () => {
  const breaker = failing(3);
  breaker.failed(900, 'late.');
  assert.deepEqual(breaker.admit(900), { retryAfterMs: 100, why: 'no answer.' });
});
