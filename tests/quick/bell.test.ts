import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { call, startPlatform, temporaryDirectory, until } from '../platform/platform.ts';

const bell = readFileSync('examples/bell.qasm', 'utf8');

test('a Bell pair goes in at /tasks and its counts come out, also after kill -9', async () => {
  const dataDir = temporaryDirectory();
  const first = await startPlatform({ dataDir });
  const { task_id: id, message } = (await call(`${first.ready.rest}/tasks`, 'POST', { qc: bell })).json<{
    task_id: string;
    message: string;
  }>();
  assert.equal(message, 'Task submitted successfully.');
  assert.equal(await first.end('SIGKILL'), 'SIGKILL');

  const second = await startPlatform({ dataDir });
  assert.equal(second.ready.node_id, first.ready.node_id);
  const task = await until('the counts', 30_000, async () => {
    const answer = (await call(`${second.ready.rest}/tasks/${id}`)).json<{
      status: string;
      result?: Record<string, number>;
    }>();
    return answer.status === 'pending' ? undefined : answer;
  });
  assert.equal(task.status, 'completed');
  assert.deepEqual(Object.keys(task.result ?? {}).sort(), ['00', '11']);
  assert.equal((task.result?.['00'] ?? 0) + (task.result?.['11'] ?? 0), 1024);
  assert.equal(await second.end('SIGTERM'), 0);
});
