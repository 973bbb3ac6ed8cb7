import assert from 'node:assert/strict';
import { readResults } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import {
  DRIVER_API_VERSION,
  type Driver,
  type ExecutionItem,
  type ExecutionRequest,
  type ExecutionStatus,
  isTerminal,
  type PreparedExecution,
} from './contract.ts';
import { type PluginHost, pluginHost } from './plugins/plugin-host.ts';

/** What a plugin is given when it is judged: time as it passes, and a log that nobody reads. */
export const conformanceHost = (config: PluginHost['config'] = {}): PluginHost =>
  pluginHost(config, {
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    timers: {
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    log: () => undefined,
  });

/** A driver to be judged, on a device that is online and does what it should. */
export interface Candidate {
  readonly driver: Driver;
  readonly deviceId: string;
  /** A circuit that the device can run, with classical bits to count. */
  readonly circuit: Pick<ExecutionItem, 'format' | 'circuit'>;
}

export interface ConformanceCase {
  readonly name: string;
  run(candidate: Candidate): Promise<void>;
}

const SHOTS = 50;
let submissions = 0;

function requestOf({ circuit, deviceId }: Candidate, items = 1, seed = 7): ExecutionRequest {
  const item = { ...circuit, parameters: [], shots: SHOTS, seed, observables: [], memory: false };
  return { jobId: 'job_conformance', attempt: 1, deviceId, items: Array(items).fill(item), options: {} };
}

/** No two cases may meet each other's executions. */
const freshToken = (): string => {
  submissions += 1;
  return `conformance/${process.pid}/${submissions}`;
};

async function submitted(candidate: Candidate, request = requestOf(candidate)): Promise<string> {
  return (await candidate.driver.prepare(request)).submit(freshToken());
}

async function* statuses({ driver }: Candidate, remoteId: string): AsyncGenerator<ExecutionStatus, void> {
  if (driver.watch !== undefined) {
    yield* driver.watch(remoteId, new AbortController().signal);
    return;
  }
  for (;;) {
    const status = await driver.poll!(remoteId);
    yield status;
    if (isTerminal(status.state)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ended(candidate: Candidate, remoteId: string): Promise<ExecutionStatus> {
  let last: ExecutionStatus = { state: 'lost' };
  for await (const status of statuses(candidate, remoteId)) last = status;
  return last;
}

const hasCode =
  (...codes: string[]) =>
  (thrown: unknown): boolean => {
    assert.ok(thrown instanceof QfsError, `${thrown} is no QfsError`);
    assert.ok(codes.includes(thrown.code), `${thrown.code} is none of ${codes.join(', ')}`);
    return true;
  };

/**
 * What the contract promises, as cases that every driver must pass on a device that works. Each case submits
 * its own executions; together they cost about a dozen runs of the circuit.
 */
export const DRIVER_CONFORMANCE: readonly ConformanceCase[] = [
  {
    name: 'it speaks this version of the contract and can be watched or polled',
    async run({ driver }) {
      assert.equal(driver.capabilities.apiVersion.split('.')[0], DRIVER_API_VERSION.split('.')[0]);
      assert.ok(driver.watch !== undefined || driver.poll !== undefined);
    },
  },
  {
    name: 'every listed device is found again, has slots and formats, and a status',
    async run({ driver }) {
      for (const device of driver.devices()) {
        assert.equal(driver.findDevice(device.id)?.id, device.id);
        assert.ok(device.slots >= 1 && device.formats.length >= 1 && device.qubitsMax >= 1);
        const { queueDepth, estimatedWaitMs } = await driver.status(device.id);
        assert.ok(queueDepth >= 0 && estimatedWaitMs >= 0);
      }
    },
  },
  {
    name: 'a device of nobody is not found',
    async run({ driver }) {
      assert.equal(driver.findDevice('nobody:nothing'), undefined);
    },
  },
  {
    name: 'preparing states a cost and starts nothing',
    async run(candidate) {
      const before = await candidate.driver.status(candidate.deviceId);
      const { cost } = await candidate.driver.prepare(requestOf(candidate));
      assert.ok(cost.price >= 0 && cost.memoryBytes >= 0 && cost.operations >= 0);
      const after = await candidate.driver.status(candidate.deviceId);
      assert.equal(after.queueDepth, before.queueDepth);
    },
  },
  {
    name: 'what runs in one call may be repeated, gives what a submission gives, and ends with its signal',
    async run(candidate) {
      const { driver } = candidate;
      if (driver.run === undefined) return;
      assert.ok(driver.capabilities.idempotentSubmission);
      const never = new AbortController().signal;
      const { results } = await driver.run(requestOf(candidate), never);
      if (driver.capabilities.reproducibility === 'exact') {
        const { submit } = await driver.prepare(requestOf(candidate));
        const remoteId = await submit(freshToken());
        await ended(candidate, remoteId);
        assert.deepEqual(results, (await driver.fetch(remoteId)).results);
      }
      await assert.rejects(driver.run(requestOf(candidate), AbortSignal.abort()), hasCode('CANCELLED'));
    },
  },
  {
    name: 'bytes that are no circuit are refused before anything runs, whenever that can be known',
    async run(candidate) {
      const request = requestOf(candidate);
      const items = [{ ...request.items[0]!, circuit: new TextEncoder().encode('{"no": "circuit"') }];
      let prepared: PreparedExecution;
      try {
        prepared = await candidate.driver.prepare({ ...request, items });
      } catch (thrown) {
        assert.ok(thrown instanceof QfsError && !thrown.row.retryable, `${thrown}`);
        return;
      }
      const status = await ended(candidate, await prepared.submit(freshToken()));
      assert.equal(status.state, 'failed');
    },
  },
  {
    name: 'an execution moves forward to its end and then has complete results',
    async run(candidate) {
      const remoteId = await submitted(candidate);
      const order = ['queued', 'running', 'succeeded'];
      const seen: number[] = [];
      for await (const { state } of statuses(candidate, remoteId)) seen.push(order.indexOf(state));
      assert.deepEqual(seen, seen.toSorted(), 'a status went back');
      assert.equal(order[seen.at(-1)!], 'succeeded');
      const read = readResults((await candidate.driver.fetch(remoteId)).results);
      assert.ok(read.ok, 'the results cannot be read');
      const { counts, shots } = read.value.items[0]!.results[0]!;
      assert.equal(shots, SHOTS);
      assert.equal(
        [...counts.values()].reduce((sum, count) => sum + count, 0),
        SHOTS,
      );
    },
  },
  {
    name: 'results may be fetched again and are the same bytes',
    async run(candidate) {
      const remoteId = await submitted(candidate);
      await ended(candidate, remoteId);
      const first = await candidate.driver.fetch(remoteId);
      assert.deepEqual(await candidate.driver.fetch(remoteId), first);
    },
  },
  {
    name: 'results say by which version of which driver they came',
    async run(candidate) {
      const remoteId = await submitted(candidate);
      await ended(candidate, remoteId);
      const { driver, driver_version } = (await candidate.driver.fetch(remoteId)).metadata;
      assert.match(driver ?? '', /^[a-z][a-z0-9_-]{0,31}$/);
      assert.match(driver_version ?? '', /^\d+\.\d+\.\d+/);
    },
  },
  {
    name: 'a batch has one result per item',
    async run(candidate) {
      const remoteId = await submitted(candidate, requestOf(candidate, 3));
      await ended(candidate, remoteId);
      const read = readResults((await candidate.driver.fetch(remoteId)).results);
      assert.equal(read.ok && read.value.items.length, 3);
    },
  },
  {
    name: 'the same token is the same execution exactly where that is declared',
    async run(candidate) {
      const { driver } = candidate;
      const token = freshToken();
      const first = await (await driver.prepare(requestOf(candidate))).submit(token);
      const second = await (await driver.prepare(requestOf(candidate))).submit(token);
      assert.equal(first === second, driver.capabilities.idempotentSubmission);
      assert.notEqual(await submitted(candidate), first);
    },
  },
  {
    name: 'equal requests give equal bytes where results are declared exact',
    async run(candidate) {
      if (candidate.driver.capabilities.reproducibility !== 'exact') return;
      const results: Uint8Array[] = [];
      for (const remoteId of [await submitted(candidate), await submitted(candidate)]) {
        await ended(candidate, remoteId);
        results.push((await candidate.driver.fetch(remoteId)).results);
      }
      assert.deepEqual(results[0], results[1]);
    },
  },
  {
    name: 'an execution that nobody submitted is lost and has no results',
    async run(candidate) {
      assert.equal((await ended(candidate, 'never-submitted')).state, 'lost');
      await assert.rejects(
        candidate.driver.fetch('never-submitted'),
        hasCode('ENGINE_LOST', 'EXECUTION_LOST'),
      );
    },
  },
  {
    name: 'watching stops when the watcher loses interest',
    async run(candidate) {
      const { driver } = candidate;
      if (driver.watch === undefined) return;
      const controller = new AbortController();
      const remoteId = await submitted(candidate);
      for await (const _status of driver.watch(remoteId, controller.signal)) controller.abort();
      assert.ok(controller.signal.aborted);
      assert.equal((await ended(candidate, remoteId)).state, 'succeeded');
    },
  },
  {
    name: 'a cancellation has an outcome, may be repeated, and comes too late after the end',
    async run(candidate) {
      const { driver } = candidate;
      const first = await submitted(candidate);
      await ended(candidate, first);
      assert.notEqual(await driver.cancel(first), 'cancelled');
      const second = await submitted(candidate);
      const outcome = await driver.cancel(second);
      assert.equal(await driver.cancel(second), outcome);
      const { state } = await ended(candidate, second);
      if (outcome === 'cancelled') assert.equal(state, 'cancelled');
      if (outcome === 'too_late') assert.equal(state, 'succeeded');
    },
  },
];
