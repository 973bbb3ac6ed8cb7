import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FINISHED_EXECUTIONS_BYTES_MAX, FINISHED_EXECUTIONS_MAX } from '@qfs/core';
import { ExecutionTable } from './execution-table.ts';

const resultOf = (bytes: number) => ({ results: new Uint8Array(bytes), metadata: {} });

function finish(table: ExecutionTable, remoteId: string, bytes = 1): void {
  table.add(remoteId);
  table.update(remoteId, { state: 'succeeded' }, resultOf(bytes));
}

test('the results of the default number of executions are kept, of one more the oldest is lost', () => {
  const table = new ExecutionTable();
  for (let index = 0; index < FINISHED_EXECUTIONS_MAX; index += 1) finish(table, `e${index}`);
  assert.equal(table.status('e0').state, 'succeeded');
  finish(table, 'one more');
  assert.equal(table.status('e0').state, 'lost');
  assert.equal(table.status('e1').state, 'succeeded');
});

test('results are kept up to a number of bytes, and the newest whatever its size', () => {
  const table = new ExecutionTable({ finishedBytesMax: 10 });
  finish(table, 'a', 5);
  finish(table, 'b', 5);
  assert.equal(table.status('a').state, 'succeeded');
  finish(table, 'c', 11);
  assert.deepEqual(
    ['a', 'b', 'c'].map((id) => table.status(id).state),
    ['lost', 'lost', 'succeeded'],
  );
});

test('results fill the default bound of bytes; one byte more costs the oldest', () => {
  const table = new ExecutionTable();
  finish(table, 'a', FINISHED_EXECUTIONS_BYTES_MAX - 1);
  finish(table, 'b', 1);
  assert.equal(table.status('a').state, 'succeeded');
  finish(table, 'c', 1);
  assert.deepEqual(
    ['a', 'b', 'c'].map((id) => table.status(id).state),
    ['lost', 'succeeded', 'succeeded'],
  );
});

test('executions that run are never dropped for those that ended', () => {
  const table = new ExecutionTable({ finishedMax: 1 });
  table.add('running');
  finish(table, 'a');
  finish(table, 'b');
  assert.equal(table.status('running').state, 'queued');
});

test('a terminal status stays', () => {
  const table = new ExecutionTable();
  finish(table, 'a');
  table.update('a', { state: 'cancelled' });
  assert.equal(table.status('a').state, 'succeeded');
});

test('results before the end are refused', () => {
  const table = new ExecutionTable();
  table.add('a');
  assert.throws(() => table.result('a'), { code: 'JOB_NOT_TERMINAL' });
  table.update('a', { state: 'cancelled' });
  assert.throws(() => table.result('a'), { code: 'CANCELLED' });
});

test('a watcher misses no end that comes while it is busy', async () => {
  const table = new ExecutionTable();
  table.add('a');
  const seen: string[] = [];
  for await (const { state } of table.watch('a', new AbortController().signal)) {
    seen.push(state);
    if (state === 'queued') table.update('a', { state: 'running' });
    if (state === 'running') table.update('a', { state: 'succeeded' }, resultOf(0));
  }
  assert.deepEqual(seen, ['queued', 'running', 'succeeded']);
});

test('who waits for a forgotten execution learns that it is lost', async () => {
  const table = new ExecutionTable();
  table.add('a');
  const waiting = table.ended('a');
  table.forget('a');
  assert.equal((await waiting).state, 'lost');
});
