import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RATE_KEYS_MAX } from '@qfs/core';
import fc from 'fast-check';
import { RateLimiter } from './rate-limiter.ts';

test('SEC-13: a key has the requests of one second at once, and then as they are refilled', () => {
  const rates = new RateLimiter();
  const take = (ms: number) => {
    const { allowed, remaining, retryAfterMs } = rates.take('ana', { perSecond: 4 }, ms);
    return `${ms}: ${allowed ? 'yes' : 'no'}, ${remaining} left, again in ${retryAfterMs} ms`;
  };
  assert.deepEqual([0, 0, 0, 0, 0, 100, 250, 251, 10_000].map(take), [
    '0: yes, 3 left, again in 0 ms',
    '0: yes, 2 left, again in 0 ms',
    '0: yes, 1 left, again in 0 ms',
    '0: yes, 0 left, again in 250 ms',
    '0: no, 0 left, again in 250 ms',
    '100: no, 0 left, again in 150 ms',
    '250: yes, 0 left, again in 250 ms',
    '251: no, 0 left, again in 249 ms',
    '10000: yes, 3 left, again in 0 ms',
  ]);
  assert(rates.take('bob', { perSecond: 4 }, 0).allowed, 'others have their own');
});

test('SEC-13: whatever is asked when, no key gets more than its burst and what was refilled', () => {
  const steps = fc.array(fc.nat({ max: 700 }), { maxLength: 200 });
  fc.assert(
    fc.property(
      steps,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      (pauses, perSecond, burst) => {
        const rates = new RateLimiter();
        let ms = 0;
        let allowed = 0;
        for (const pause of pauses) {
          ms += pause;
          const state = rates.take('ana', { perSecond, burst }, ms);
          if (state.allowed) allowed += 1;
          else assert(state.retryAfterMs > 0);
        }
        assert(allowed <= burst + (ms / 1000) * perSecond + 1e-6, `${allowed} within ${ms} ms`);
      },
    ),
  );
});

test('SEC-13: of more than RATE_KEYS_MAX keys the ones longest idle are forgotten', () => {
  for (const [keys, isForgotten] of [
    [RATE_KEYS_MAX - 1, false],
    [RATE_KEYS_MAX, true],
  ] as const) {
    const rates = new RateLimiter();
    rates.take('first', { perSecond: 1 }, 0);
    for (let key = 0; key < keys; key += 1) rates.take(`key ${key}`, { perSecond: 1 }, 0);
    assert.equal(rates.take('first', { perSecond: 1 }, 0).allowed, isForgotten, `${keys} others`);
  }
});
