import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { discardRest } from './unread-body.ts';

const LONG_MS = 60_000;

test('the rest of a body is awaited', async () => {
  const body = new PassThrough();
  let waiting = true;
  const rest = discardRest(body, { bytes: 10, ms: LONG_MS }).then(() => {
    waiting = false;
  });
  body.write('12345');
  await new Promise(setImmediate);
  assert.equal(waiting, true);
  body.end('67890');
  await rest;
});

test('a body that ended or broke off is not waited for', async () => {
  const ended = new PassThrough();
  ended.end();
  await ended.resume().toArray();
  await discardRest(ended, { bytes: 1, ms: LONG_MS });
  const broken = new PassThrough();
  const rest = discardRest(broken, { bytes: 1, ms: LONG_MS });
  broken.destroy();
  await rest;
});

test('a sender that goes on for too long is cut off, by bytes and by time', async () => {
  const endless = new PassThrough();
  const rest = discardRest(endless, { bytes: 10, ms: LONG_MS });
  endless.write('12345678901');
  await rest;
  await discardRest(new PassThrough(), { bytes: 10, ms: 1 });
});
