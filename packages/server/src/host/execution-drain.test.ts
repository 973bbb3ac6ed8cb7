import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DriverManagerService, directClient, type ServiceImpl } from '@qfs/rpc';
import { CancelOutcome, ExecutionState } from '@qfs/rpc/internal';
import { ASKED } from '../edge/testing/open-edge.ts';
import { ExecutionDrain } from './execution-drain.ts';

type Handlers = ServiceImpl<typeof DriverManagerService>;

/** A driver manager that takes everything; executions are by default done. */
function openManager() {
  const state = { value: ExecutionState.SUCCEEDED as ExecutionState };
  const run = Promise.withResolvers<void>();
  const inner = {
    submitExecution: ({ idempotencyToken }) => ({ remoteId: idempotencyToken }),
    getExecution: ({ remoteId, deviceId }) => ({ execution: { remoteId, deviceId, state: state.value } }),
    async *watchExecution({ remoteId, deviceId }) {
      yield { execution: { remoteId, deviceId, state: state.value } };
    },
    cancelExecution: () => ({ outcome: CancelOutcome.CANCELLED }),
    fetchExecution: () => ({}),
    runExecution: async () => run.promise.then(() => ({})),
  } as Partial<Handlers> as Handlers;
  const executions = new ExecutionDrain(inner);
  return { state, run, executions, manager: directClient(DriverManagerService, executions.handlers) };
}

const LONG_MS = 60_000;

test('a manager without executions is drained at once, and takes none any more', async () => {
  const { executions, manager } = openManager();
  await executions.drain(LONG_MS);
  await assert.rejects(manager.submitExecution({ idempotencyToken: 'a' }, ASKED), {
    code: 'SHUTTING_DOWN',
    retryAfterMs: 1_000,
  });
});

test('a drain waits until the results of every execution were fetched, or it is known that there are none', async () => {
  const { state, executions, manager } = openManager();
  const tokens = ['fetched', 'cancelled', 'failed', 'told of'];
  for (const idempotencyToken of tokens) await manager.submitExecution({ idempotencyToken }, ASKED);
  let drained = false;
  const draining = executions.drain(LONG_MS).then(() => {
    drained = true;
  });
  // That it has succeeded is not the end: nobody has the results yet.
  await manager.getExecution({ remoteId: 'fetched' }, ASKED);
  await manager.fetchExecution({ remoteId: 'fetched' }, ASKED);
  await manager.cancelExecution({ remoteId: 'cancelled' }, ASKED);
  state.value = ExecutionState.FAILED;
  await manager.getExecution({ remoteId: 'failed' }, ASKED);
  assert.equal(drained, false);
  for await (const _ of manager.watchExecution({ remoteId: 'told of' }, ASKED));
  await draining;
});

test('a drain waits for the answer of an execution that is run in one call, and refuses another', async () => {
  const { run, executions, manager } = openManager();
  const running = manager.runExecution({}, ASKED);
  let drained = false;
  const draining = executions.drain(LONG_MS).then(() => {
    drained = true;
  });
  await assert.rejects(manager.runExecution({}, ASKED), { code: 'SHUTTING_DOWN' });
  assert.equal(drained, false);
  run.resolve();
  await Promise.all([running, draining]);
});

test('a drain does not wait longer than it is given', async () => {
  const { executions, manager } = openManager();
  await manager.submitExecution({ idempotencyToken: 'hangs' }, ASKED);
  await executions.drain(5);
});
