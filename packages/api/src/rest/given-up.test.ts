import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { doorDependencies, MemoryRooms, TEST_IDENTITY } from '../testing/rooms.ts';
import { callerOf } from '../testing/security.ts';
import { createRestDoor } from './rest-door.ts';

const BELL =
  'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;';

/** A door with a task that has ended. */
async function endedTask(t: TestContext) {
  const rooms = new MemoryRooms();
  const roles = ['user'];
  const authenticator = { authenticate: () => callerOf({ ...TEST_IDENTITY, roles }) };
  const dependencies = doorDependencies(rooms, { authenticator });
  const app = await createRestDoor({ ...dependencies, page: [] });
  t.after(() => app.close());
  const submitted = await app.inject({ method: 'POST', url: '/tasks', payload: { qc: BELL } });
  const { task_id: jobId } = submitted.json<{ task_id: string }>();
  rooms.complete(jobId, { '00': 512, '11': 512 });
  const ask = async (url: string, method: 'GET' | 'DELETE' | 'POST' = 'GET') => {
    const { statusCode, body } = await app.inject({ method, url });
    const { code, message, ...rest } = JSON.parse(body) as Record<string, unknown>;
    return { statusCode, said: code ?? message, rest };
  };
  return { rooms, roles, jobId, ask };
}

test('DOOR-11: a task whose results expired is completed without them and leads to its receipt', async (t) => {
  const { rooms, jobId, ask } = await endedTask(t);
  rooms.expire(jobId);
  const receipt = `/api/v1/jobs/${jobId}/receipt`;
  const { statusCode, rest } = await ask(`/tasks/${jobId}`);
  assert.deepEqual([statusCode, rest], [200, { status: 'completed', result: null, receipt }]);
  const results = await ask(`/api/v1/jobs/${jobId}/results`);
  assert.deepEqual([results.statusCode, results.said], [410, 'ARTIFACT_EXPIRED']);
  const job = await ask(`/api/v1/jobs/${jobId}`);
  assert.deepEqual([job.statusCode, typeof job.rest.expired_index], [200, 'number']);
});

test('DOOR-11, DOOR-28: a deleted job is 410 at every address below it and in /tasks, and deleting it again answers the same', async (t) => {
  const { jobId, ask } = await endedTask(t);
  const first = await ask(`/api/v1/jobs/${jobId}`, 'DELETE');
  assert.equal(first.statusCode, 200);
  assert.deepEqual(await ask(`/api/v1/jobs/${jobId}`, 'DELETE'), first);
  const task = await ask(`/tasks/${jobId}`);
  assert.deepEqual([task.statusCode, task.said, task.rest], [410, 'Task was deleted.', { status: 'error' }]);
  const below = ['', '/results', '/artifacts', '/artifacts/results.json', '/events', '/receipt'];
  for (const path of below) {
    const { statusCode, said } = await ask(`/api/v1/jobs/${jobId}${path}`);
    assert.deepEqual([path, statusCode, said], [path, 410, 'JOB_DELETED']);
  }
  const again = await ask(`/api/v1/jobs/${jobId}/redrive`, 'POST');
  assert.deepEqual([again.statusCode, again.said], [410, 'JOB_DELETED']);
});

test('DOOR-28: who may only read deletes nothing', async (t) => {
  const { roles, jobId, ask } = await endedTask(t);
  roles.splice(0, 1, 'readonly');
  const denied = await ask(`/api/v1/jobs/${jobId}`, 'DELETE');
  assert.deepEqual([denied.statusCode, denied.said], [403, 'AUTH_DENIED']);
  assert.equal((await ask(`/api/v1/jobs/${jobId}`)).statusCode, 200);
});
