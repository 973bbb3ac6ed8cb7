import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestIdFrom, traceparentFrom } from './request-context.ts';

const zeros = { bytes: (length: number) => new Uint8Array(length).fill(1) };

test('DOOR-5: a trace is continued with a span of ours, and anything malformed begins a new one', () => {
  const trace = 'a'.repeat(32);
  const ours = '01'.repeat(8);
  assert.equal(traceparentFrom(`00-${trace}-${'b'.repeat(16)}-00`, zeros), `00-${trace}-${ours}-00`);
  const fresh = `00-${'01'.repeat(16)}-${ours}-01`;
  for (const malformed of [
    undefined,
    '',
    'x',
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${trace}-b-01`,
  ]) {
    assert.equal(traceparentFrom(malformed, zeros), fresh, malformed);
  }
});

test('DOOR-5: a request id from outside is kept unless it could forge a log line', () => {
  assert.equal(requestIdFrom('deploy-7/a', zeros), 'deploy-7/a');
  for (const hostile of [undefined, '', 'a\nb', 'a b', 'x'.repeat(129)]) {
    assert.equal(requestIdFrom(hostile, zeros), `req_${'01'.repeat(12)}`);
  }
});
