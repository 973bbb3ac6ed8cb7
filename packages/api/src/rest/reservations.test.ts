import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESERVATION_PURPOSE_CHARS_MAX, RESERVATION_SECONDS_MAX, RESERVATION_SECONDS_MIN } from '@qfs/core';
import { BELL, FIRST, openRestDoor } from '../testing/open-rest-door.ts';
import { assertTranscript, transcript } from '../testing/transcript.ts';

test('DOOR-30: reservations are made, listed and given back over REST, and a job says why it is where it is', async (t) => {
  const { app } = await openRestDoor(t);
  const url = '/api/v1/reservations';
  assertTranscript(
    'reservations',
    await transcript(app, [
      {
        title: 'a slot for a minute',
        method: 'POST',
        url,
        body: { device_id: 'sim:local', ttl_seconds: 60, purpose: 'calibrated sweep' },
      },
      { title: 'for no time', method: 'POST', url, body: { device_id: 'sim:local', ttl_seconds: 0 } },
      { title: 'what is in force', method: 'GET', url: `${url}?device_id=sim%3Alocal` },
      { title: 'given back', method: 'DELETE', url: `${url}/res_test` },
      {
        title: 'a job that names one',
        method: 'POST',
        url: '/api/v1/jobs',
        body: { language: 'openqasm3', program: BELL, reservation_id: 'res_test', dependencies: [] },
      },
      { title: 'its rationale', method: 'GET', url: `/api/v1/jobs/${FIRST}/rationale` },
      { title: 'no time', method: 'GET', url: '/api/v1/jobs?since=yesterday' },
    ]),
  );
});

test('DOOR-30: a reservation is bounded in time and purpose, on both sides', async (t) => {
  const { app } = await openRestDoor(t);
  const reserve = async (ttl_seconds: number, purpose: string): Promise<number> => {
    const payload = { device_id: 'sim:local', ttl_seconds, purpose };
    return (await app.inject({ method: 'POST', url: '/api/v1/reservations', payload })).statusCode;
  };
  const long = 'x'.repeat(RESERVATION_PURPOSE_CHARS_MAX);
  for (const ttl of [RESERVATION_SECONDS_MIN, RESERVATION_SECONDS_MAX]) {
    assert.equal(await reserve(ttl, long), 201);
  }
  for (const ttl of [RESERVATION_SECONDS_MIN - 1, RESERVATION_SECONDS_MAX + 1]) {
    assert.equal(await reserve(ttl, ''), 422);
  }
  assert.equal(await reserve(RESERVATION_SECONDS_MIN, `${long}x`), 422);
});

test('DOOR-14: a list of jobs is narrowed by what its query says', async (t) => {
  const { app, rooms } = await openRestDoor(t);
  const query =
    'state=DONE&since=2026-01-31T12:00:00.5Z&name=sweep&tag=a&tag=b&target=sim%3Alocal&parent_job_id=job_1&deleted=true';
  assert.equal((await app.inject(`/api/v1/jobs?${query}`)).statusCode, 200);
  const { states, since, name, tags, target, parentJobId, deleted } = rooms.listed.at(-1)!;
  assert.deepEqual(
    [states, since?.seconds, since?.nanos, name, tags, target, parentJobId, deleted],
    [[5], 1769860800n, 500_000_000, 'sweep', ['a', 'b'], 'sim:local', 'job_1', true],
  );
  assert.equal((await app.inject('/api/v1/jobs?deleted=maybe')).statusCode, 400);
});
