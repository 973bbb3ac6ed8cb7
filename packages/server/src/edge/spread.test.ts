import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { directClient, KernelGatewayService, type ServiceImpl, StoreService } from '@qfs/rpc';
import { roleUnavailable } from './losses.ts';
import { AWAY_MS, spread } from './spread.ts';
import { ASKED, oneCall } from './testing/open-edge.ts';

/** Processes of a stateless role, which tell who was called. */
function processes(count: number) {
  const calls: number[] = [];
  const failures = new Map<number, QfsError>();
  const clients = Array.from({ length: count }, (_, k) => {
    const transact = () => {
      calls.push(k);
      const failure = failures.get(k);
      if (failure !== undefined) throw failure;
      return { results: [] };
    };
    return directClient(StoreService, { transact } as ServiceImpl<typeof StoreService>);
  });
  return { calls, failures, clients };
}

const away = (sent: boolean): QfsError => roleUnavailable('qfs', 'http://qfs', new Error('away'), sent);

test('calls go round', async () => {
  const { calls, clients } = processes(3);
  const client = spread(StoreService, clients);
  for (let k = 0; k < 6; k += 1) await client.transact(oneCall, ASKED);
  assert.deepEqual(calls, [1, 2, 0, 1, 2, 0]);
});

test('a call that did not reach a process, or was refused by one that stops, goes to the next', async () => {
  for (const failure of [away(false), new QfsError('SHUTTING_DOWN', 'Stops.')]) {
    const { calls, failures, clients } = processes(2);
    let nowMs = 0;
    const client = spread(StoreService, clients, () => nowMs);
    failures.set(1, failure);
    await client.transact(oneCall, ASKED);
    assert.deepEqual(calls.splice(0), [1, 0]);
    // For a while it is not asked first.
    await client.transact(oneCall, ASKED);
    await client.transact(oneCall, ASKED);
    assert.deepEqual(calls.splice(0), [0, 0]);
    failures.clear();
    nowMs += AWAY_MS;
    await client.transact(oneCall, ASKED);
    await client.transact(oneCall, ASKED);
    assert.deepEqual(calls.sort(), [0, 1]);
  }
});

test('a call that may have had an effect, or was answered with an error, is not made twice', async () => {
  for (const failure of [away(true), new QfsError('STORAGE_FULL', 'Full.')]) {
    const { calls, failures, clients } = processes(2);
    const client = spread(StoreService, clients);
    failures.set(1, failure);
    await assert.rejects(client.transact(oneCall, ASKED), { code: failure.code });
    assert.deepEqual(calls, [1]);
  }
});

test('when all are away the call says so', async () => {
  const { calls, failures, clients } = processes(2);
  const client = spread(StoreService, clients);
  failures.set(0, away(false)).set(1, away(false));
  await assert.rejects(client.transact(oneCall, ASKED), { code: 'ROLE_UNAVAILABLE' });
  assert.equal(calls.length, 2);
});

test('a stream that has begun is not begun anew elsewhere', async () => {
  const calls: string[] = [];
  const clientOf = (name: string, messages: number) =>
    directClient(KernelGatewayService, {
      async *streamJobUpdates() {
        calls.push(name);
        for (let k = 1; k <= messages; k += 1) yield { eventSeq: BigInt(k) };
        throw away(false);
      },
    } as never);
  const read = async (client: ReturnType<typeof clientOf>): Promise<void> => {
    for await (const _ of client.streamJobUpdates({}, ASKED));
  };
  await assert.rejects(read(spread(KernelGatewayService, [clientOf('a', 0), clientOf('b', 0)])));
  assert.deepEqual(calls.splice(0), ['b', 'a']);
  await assert.rejects(read(spread(KernelGatewayService, [clientOf('a', 1), clientOf('b', 1)])));
  assert.deepEqual(calls, ['b']);
});

test('a process that calls nobody of a role can be wired all the same', () => {
  const client = spread(StoreService, []);
  return assert.rejects(client.transact(oneCall, ASKED), /no role of this process calls/);
});
