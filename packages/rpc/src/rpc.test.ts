import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { JobState } from './entries/api.ts';
import {
  type CallContext,
  type Client,
  callOptions,
  contextOf,
  directClient,
  KernelGatewayService,
  routerClient,
  type ServiceImpl,
} from './index.ts';

type Kernel = ServiceImpl<typeof KernelGatewayService>;

const CONTEXT: CallContext = {
  identity: {
    tenantId: 'tenant-default',
    projectId: 'project-default',
    subject: 'Ana Müller, lab 3',
    roles: ['user', 'read,only'],
  },
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  requestId: 'req_1',
};

/** Runs one check over the direct call and over the serialising transport: rooms must not notice which. */
function bothWays(
  name: string,
  handlers: Partial<Kernel>,
  check: (kernel: Client<typeof KernelGatewayService>) => Promise<void>,
): void {
  test(`${name}, called directly`, () => check(directClient(KernelGatewayService, handlers as Kernel)));
  test(`${name}, serialised`, () => check(routerClient(KernelGatewayService, handlers as Kernel)));
}

bothWays(
  'identity, trace and request id reach the handler',
  {
    getJob: (request, handler) => {
      const { identity, traceparent, requestId } = contextOf(handler);
      assert.deepEqual({ identity, traceparent, requestId }, CONTEXT);
      return { job: { jobId: request.jobId } };
    },
  },
  async (kernel) => {
    const { job } = await kernel.getJob({ jobId: 'job_1' }, callOptions(CONTEXT));
    assert.equal(job?.jobId, 'job_1');
  },
);

bothWays(
  'a QfsError arrives with everything it said',
  {
    cancelJob: () => {
      throw new QfsError('JOB_TERMINAL', "Job 'job_1' is DONE.", {
        metadata: { job_id: 'job_1' },
        violations: [{ field: 'job_id', description: 'names an ended job' }],
        retryAfterMs: 1500,
        diagnostics: [
          {
            code: 'X',
            severity: 'error',
            message: 'here',
            line: 1,
            column: 2,
            end_line: 1,
            end_column: 3,
          },
        ],
      });
    },
  },
  async (kernel) => {
    const error = await kernel.cancelJob({ jobId: 'job_1' }, callOptions(CONTEXT)).catch((e: unknown) => e);
    assert(error instanceof QfsError);
    assert.equal(error.code, 'JOB_TERMINAL');
    assert.equal(error.message, "Job 'job_1' is DONE.");
    assert.deepEqual(error.metadata, { job_id: 'job_1' });
    assert.deepEqual(error.violations, [{ field: 'job_id', description: 'names an ended job' }]);
    assert.equal(error.retryAfterMs, 1500);
    assert.equal(error.diagnostics[0]?.message, 'here');
  },
);

bothWays(
  'what is thrown and is not ours becomes INTERNAL without its text',
  {
    getJob: () => {
      throw new TypeError('secret path /etc');
    },
  },
  async (kernel) => {
    const error = await kernel.getJob({ jobId: 'j' }, callOptions(CONTEXT)).catch((e: unknown) => e);
    assert(error instanceof QfsError);
    assert.equal(error.code, 'INTERNAL');
    assert.doesNotMatch(error.message, /secret/);
  },
);

bothWays(
  'a deadline ends the wait and reaches the handler',
  {
    getJob: (_request, handler) =>
      new Promise((_resolve, reject) => {
        const { signal, deadlineMs } = contextOf(handler);
        assert(deadlineMs !== undefined);
        signal?.addEventListener('abort', () => reject(new QfsError('CANCELLED', 'told to stop')));
      }),
  },
  async (kernel) => {
    const context = { ...CONTEXT, deadlineMs: performance.now() + 20 };
    const error = await kernel.getJob({ jobId: 'j' }, callOptions(context)).catch((e: unknown) => e);
    assert(error instanceof QfsError);
    assert.equal(error.code, 'DEADLINE_EXCEEDED');
  },
);

let streamEnded = 0;
bothWays(
  'a stream delivers in order and tells the handler when its reader leaves',
  {
    async *streamJobUpdates(request, handler) {
      const { signal } = contextOf(handler);
      try {
        for (let seq = request.lastEventSeq + 1n; ; seq += 1n) {
          yield { jobId: request.jobId, eventSeq: seq, state: JobState.RUNNING };
          await new Promise((resolve) => setImmediate(resolve));
          if (signal?.aborted) return;
        }
      } finally {
        streamEnded += 1;
      }
    },
  },
  async (kernel) => {
    const before = streamEnded;
    const seen: bigint[] = [];
    const updates = kernel.streamJobUpdates({ jobId: 'j', lastEventSeq: 4n }, callOptions(CONTEXT));
    for await (const update of updates) {
      seen.push(update.eventSeq);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, [5n, 6n, 7n]);
    while (streamEnded === before) await new Promise((resolve) => setImmediate(resolve));
  },
);

bothWays(
  'an error in the middle of a stream arrives after what came before it',
  {
    async *streamJobUpdates() {
      yield { eventSeq: 1n };
      throw new QfsError('SHUTTING_DOWN', 'The process is shutting down.');
    },
  },
  async (kernel) => {
    const seen: bigint[] = [];
    await assert.rejects(
      async () => {
        for await (const update of kernel.streamJobUpdates({ jobId: 'j' }, callOptions(CONTEXT))) {
          seen.push(update.eventSeq);
        }
      },
      (error) => error instanceof QfsError && error.code === 'SHUTTING_DOWN',
    );
    assert.deepEqual(seen, [1n]);
  },
);

test('a direct call freezes what it hands over, on both ways, and carries the unit of work', async () => {
  const unitOfWork = { add: () => undefined };
  const kernel = directClient(KernelGatewayService, {
    getJob: (request, handler) => {
      assert(Object.isFrozen(request));
      assert.equal(contextOf(handler).unitOfWork, unitOfWork);
      return { job: { jobId: request.jobId, tags: ['a'] } };
    },
  } as Partial<Kernel> as Kernel);
  const { job } = await kernel.getJob({ jobId: 'j' }, callOptions({ ...CONTEXT, unitOfWork }));
  assert.throws(() => job?.tags.push('b'), TypeError);
});
