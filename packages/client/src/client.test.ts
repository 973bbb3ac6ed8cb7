import assert from 'node:assert/strict';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { QfsError } from '@qfs/core';
import { contextInterceptor, JobService, type ServiceImpl } from '@qfs/rpc';
import { JobState, type SubmitJobRequest } from '@qfs/rpc/api';
import { connect, type PlatformClient } from './index.ts';

type Jobs = Partial<ServiceImpl<typeof JobService>>;

/** A platform that answers as the handlers say, and a client of it. */
async function platform(t: TestContext, handlers: Jobs): Promise<PlatformClient> {
  const nobody = { tenantId: '', projectId: '', subject: '', account: '', roles: [] };
  const resolve = () => ({ identity: nobody, requestId: 'r', traceparent: '' });
  const server = createServer(
    connectNodeAdapter({
      routes: (router) => void router.service(JobService, handlers),
      interceptors: [contextInterceptor({ resolve })],
    }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = connect({
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'secret',
  });
  t.after(() => {
    client.close();
    server.close();
  });
  return client;
}

test('a submission arrives as it was written, with the token', async (t) => {
  let seen: SubmitJobRequest | undefined;
  let token: string | null = null;
  const client = await platform(t, {
    submitJob: (request, { requestHeader }) => {
      seen = request;
      token = requestHeader.get('authorization');
      return { jobId: 'job_1', logIndex: 7n };
    },
  });
  const submitted = await client.submit({
    items: [
      {
        language: 'openqasm3',
        program: 'qubit q;',
        shots: 5,
        parameters: [{ a: 0.5 }],
        inputs: { n: 3, x: 0.5, yes: true, mask: '01' },
      },
    ],
    seed: 9,
    tags: ['lab'],
    idempotencyKey: 'k',
  });
  assert.deepEqual(submitted, { jobId: 'job_1', logIndex: 7, replayed: false });
  assert.equal(token, 'Bearer secret');
  const [item] = seen!.items;
  assert.equal(new TextDecoder().decode(item?.program), 'qubit q;');
  assert.deepEqual(
    Object.entries(item!.inputs).map(([name, { value }]) => [name, value.case, value.value]),
    [
      ['n', 'integer', 3n],
      ['x', 'number', 0.5],
      ['yes', 'boolean', true],
      ['mask', 'bits', '01'],
    ],
  );
  assert.deepEqual([seen?.seed, seen?.envelope?.idempotencyKey], [9n, 'k']);
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
  for await (const { eventSeq } of client.watch('job_1')) seen.push(eventSeq);
  assert.deepEqual(seen, [1n, 2n, 3n]);
  assert.equal(opened, 2);
  assert.equal((await client.wait('job_1')).state, JobState.DONE);
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
  const error = await client.wait('job_1').catch((thrown: unknown) => thrown);
  assert(error instanceof QfsError);
  assert.deepEqual([error.code, error.message, opened], ['JOB_NOT_FOUND', "There is no job 'job_1'.", 1]);
});

test('results of a job that failed say why', async (t) => {
  const client = await platform(t, {
    getJobResults: ({ jobId }) => ({
      jobId,
      state: JobState.TIMEOUT,
      errorCode: 'DEADLINE_EXCEEDED',
      errorReason: 'JOB_TIMEOUT',
      errorSummary: 'It took too long.',
    }),
  });
  assert.deepEqual(await client.results('job_1'), {
    state: JobState.TIMEOUT,
    error: { code: 'DEADLINE_EXCEEDED', reason: 'JOB_TIMEOUT', summary: 'It took too long.' },
  });
});

test('where nobody answers, the error names the address and the remedy', async () => {
  const client = connect({ endpoint: 'http://127.0.0.1:9' });
  const error = await client.devices().catch((thrown: unknown) => thrown);
  client.close();
  assert(error instanceof QfsError);
  assert.equal(error.code, 'BACKEND_UNAVAILABLE');
  assert.match(error.message, /^Nobody answers at http:\/\/127\.0\.0\.1:9 \(.*ECONNREFUSED.*npm start/);
});

test('an endpoint that is no address is refused at once', () => {
  assert.throws(() => connect({ endpoint: 'http://host/path' }), /is not an address such as/);
});
