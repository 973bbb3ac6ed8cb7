import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCompilationService } from '@qfs/compiler/service';
import { QfsError, VALIDATE_MS_MAX } from '@qfs/core';
import { CompilationService, contextOf, directClient } from '@qfs/rpc';
import { BELL, FIRST, openRestDoor } from '../testing/open-rest-door.ts';
import { TEST_IDENTITY } from '../testing/rooms.ts';
import { callerOf } from '../testing/security.ts';

test('DOOR-2: a program has VALIDATE_MS_MAX to be checked, and is refused as such beyond', async (t) => {
  const limits: number[] = [];
  const startMs = performance.now();
  const compiler = directClient(CompilationService, {
    ...createCompilationService(),
    validateCircuit: (_request, handler) => {
      limits.push((contextOf(handler).deadlineMs ?? Number.POSITIVE_INFINITY) - startMs);
      return Promise.reject(new QfsError('DEADLINE_EXCEEDED', 'too late'));
    },
  });
  const { app } = await openRestDoor(t, { compiler });
  const answer = await app.inject({ method: 'POST', url: '/tasks', payload: { qc: BELL } });
  assert.deepEqual([answer.statusCode, answer.json().code], [400, 'VALIDATION_TIMEOUT']);
  const passedMs = performance.now() - startMs;
  assert.ok(limits[0]! >= VALIDATE_MS_MAX && limits[0]! <= VALIDATE_MS_MAX + passedMs, `${limits[0]} ms`);
});

test('DOOR-9: the rate limit answers 429 with Retry-After', async (t) => {
  const { app } = await openRestDoor(t, { keyRequestsPerSecond: 2 });
  const statuses = [];
  for (let k = 0; k < 3; k += 1) statuses.push(await app.inject({ method: 'GET', url: '/api/v1/devices' }));
  assert.deepEqual(
    statuses.map(({ statusCode }) => statusCode),
    [200, 200, 429],
  );
  const refused = statuses[2]!;
  assert.equal(refused.json().code, 'RATE_LIMITED');
  assert.equal(refused.headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.match(String(refused.headers['retry-after']), /^[1-9]/);
});

test('DOOR-4, JOB-6: nobody passes without credentials, and identity headers from outside say nothing', async (t) => {
  const seen: (string | undefined)[] = [];
  const { app, rooms } = await openRestDoor(t, {
    authenticator: {
      authenticate: ({ authorization }) => {
        seen.push(authorization);
        if (authorization === 'Bearer reader') return callerOf({ ...TEST_IDENTITY, roles: ['readonly'] });
        if (authorization === 'Bearer other') return callerOf({ ...TEST_IDENTITY, tenantId: 'other' });
        if (authorization === 'Bearer ana') return callerOf(TEST_IDENTITY);
        throw new QfsError('AUTH_MISSING', 'Send a token.');
      },
    },
  });
  const send = (authorization?: string) =>
    app.inject({
      method: 'POST',
      url: '/tasks',
      headers: {
        'x-eigen-sub': 'victim',
        'x-eigen-roles': 'admin',
        ...(authorization && { authorization }),
      },
      payload: { qc: BELL },
    });
  assert.equal((await send()).statusCode, 401);
  const denied = await send('Bearer reader');
  assert.equal(denied.statusCode, 403);
  assert.deepEqual(denied.json().metadata, { permission: 'jobs:submit' });
  assert.equal((await send('Bearer ana')).statusCode, 200);
  assert.deepEqual(
    rooms.contexts.map(({ identity }) => identity),
    [TEST_IDENTITY],
  );
  for (const path of ['', '/results', '/artifacts', '/artifacts/program.qasm', '/events']) {
    const url = `/api/v1/jobs/${FIRST}${path}`;
    const foreign = await app.inject({ method: 'GET', url, headers: { authorization: 'Bearer other' } });
    assert.equal(foreign.statusCode, 404, url);
  }
  assert.equal((await app.inject({ method: 'GET', url: '/healthz' })).statusCode, 200);
});

test('DOOR-23: readiness names what is missing', async (t) => {
  const readiness = () => [
    { name: 'store', ready: true },
    { name: 'drivers', ready: false, detail: 'no engine' },
  ];
  const { app } = await openRestDoor(t, { readiness });
  const answer = await app.inject({ method: 'GET', url: '/readyz' });
  assert.equal(answer.statusCode, 503);
  assert.deepEqual(answer.json().checks, { store: 'ok', drivers: 'not ready: no engine' });
});

test('DOOR-8: what breaks inside is logged with the request id and not shown', async (t) => {
  const logged: object[] = [];
  const quiet = () => undefined;
  const { app, rooms } = await openRestDoor(t, {
    logger: { info: quiet, warn: quiet, error: (fields) => void logged.push(fields) },
  });
  rooms.kernel.listJobs = () => Promise.reject(new TypeError('secret'));
  const answer = await app.inject({ method: 'GET', url: '/api/v1/jobs', headers: { 'x-request-id': 'r-1' } });
  assert.equal(answer.statusCode, 500);
  assert.doesNotMatch(answer.body, /secret/);
  assert.match(JSON.stringify(logged[0], ['request_id', 'code']), /r-1.*INTERNAL/);
});
