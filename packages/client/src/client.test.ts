import assert from 'node:assert/strict';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { QfsError } from '@qfs/core';
import { contextInterceptor, JobService, type ServiceImpl } from '@qfs/rpc';
import { JobState, type SubmitJobRequest } from '@qfs/rpc/api';
import { type Client, createClient } from './index.ts';

type Jobs = Partial<ServiceImpl<typeof JobService>>;

/** A platform that answers as the handlers say, and a client of it. */
async function platform(t: TestContext, handlers: Jobs): Promise<Client> {
  const nobody = { tenantId: '', projectId: '', subject: '', roles: [] };
  const resolve = () => ({ identity: nobody, requestId: 'r', traceparent: '' });
  const server = createServer(
    connectNodeAdapter({
      routes: (router) => void router.service(JobService, handlers),
      interceptors: [contextInterceptor({ resolve })],
    }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({ endpoint, token: 'secret', resumeDelayMs: 1 });
  t.after(() => {
    client.close();
    server.close();
  });
  return client;
}

/** What reading the stream to its end fails with. */
async function failureOf(updates: AsyncIterable<unknown>): Promise<unknown> {
  try {
    for await (const _ of updates);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

test('a submission arrives as it was written, with token and idempotency key', async (t) => {
  let seen: SubmitJobRequest | undefined;
  const sent: (string | null)[] = [];
  const client = await platform(t, {
    submitJob: (request, { requestHeader }) => {
      seen = request;
      sent.push(requestHeader.get('authorization'), requestHeader.get('x-idempotency-key'));
      return { jobId: 'job_1', logIndex: 7n };
    },
  });
  const request = { items: [{ language: 'openqasm3', program: new Uint8Array([1, 2]), shots: 5 }], seed: 9n };
  const submitted = await client.submit(request, { idempotencyKey: 'k' });
  assert.deepEqual([submitted.jobId, submitted.logIndex], ['job_1', 7n]);
  assert.deepEqual(sent, ['Bearer secret', 'k']);
  assert.deepEqual([[...seen!.items[0]!.program], seen?.seed], [[1, 2], 9n]);
});

test('a broken stream is resumed: every event is seen once and in order', async (t) => {
  let opened = 0;
  const client = await platform(t, {
    async *streamJobUpdates({ jobId, lastEventSeq }) {
      opened += 1;
      yield { jobId, eventSeq: lastEventSeq, heartbeat: true };
      yield { jobId, eventSeq: lastEventSeq + 1n, state: JobState.RUNNING };
      if (opened === 1) throw new QfsError('SHUTTING_DOWN', 'The process is shutting down.');
      yield { jobId, eventSeq: lastEventSeq + 2n, state: JobState.DONE };
    },
    getJob: ({ jobId }) => ({ job: { jobId, state: JobState.DONE } }),
  });
  const seen: bigint[] = [];
  for await (const { eventSeq } of client.updates('job_1')) seen.push(eventSeq);
  assert.deepEqual(seen, [1n, 2n, 3n]);
  assert.equal(opened, 2);
  assert.equal((await client.job('job_1')).state, JobState.DONE);
});

test('what the platform refuses is the same error here, and is not tried again', async (t) => {
  let opened = 0;
  const client = await platform(t, {
    // biome-ignore lint/correctness/useYield: the stream fails before its first message.
    async *streamJobUpdates() {
      opened += 1;
      throw new QfsError('JOB_NOT_FOUND', "There is no job 'job_1'.", { metadata: { job_id: 'job_1' } });
    },
  });
  const error = await failureOf(client.updates('job_1'));
  assert(error instanceof QfsError);
  assert.deepEqual([error.code, error.message, opened], ['JOB_NOT_FOUND', "There is no job 'job_1'.", 1]);
});

test('a stream that ends before the job did, again and again, is an error at last', async (t) => {
  let opened = 0;
  const client = await platform(t, {
    async *streamJobUpdates({ jobId }) {
      opened += 1;
      yield { jobId, eventSeq: 1n, state: JobState.RUNNING };
    },
  });
  const error = await failureOf(client.updates('job_1', { after: 1n }));
  assert(error instanceof QfsError);
  assert.equal(error.code, 'BACKEND_UNAVAILABLE');
  assert(opened > 1);
});

test('where nobody answers, the error is BACKEND_UNAVAILABLE with the reason of the system', async () => {
  const client = createClient({ endpoint: 'http://127.0.0.1:9' });
  const error = await client.devices().catch((thrown: unknown) => thrown);
  client.close();
  assert(error instanceof QfsError);
  assert.equal(error.code, 'BACKEND_UNAVAILABLE');
  assert.match(error.message, /ECONNREFUSED/);
});
