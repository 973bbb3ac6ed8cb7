import { ERRORS, type ErrorCode, isErrorCode, PRIORITY_DEFAULT, QfsError } from '@qfs/core';
import { type CallContext, callOptions, TERMINAL_STATES } from '@qfs/rpc';
import { JobState } from '@qfs/rpc/api';
import { TARGET_DEFAULT } from '../door.ts';
import { firstCounts, resultBytes } from '../job-results.ts';
import { programBytes } from '../submission.ts';
import type { App, RestRooms } from './app.ts';
import { TASKS_DETAIL } from './problem.ts';
import { documented, IdempotencyHeaders, JobParams, problemResponses, TaskRequest } from './schemas.ts';
import { sendProblem } from './send-problem.ts';

/** What `/tasks` calls a program that is not valid. */
const PROGRAM_FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'QASM_SYNTAX',
  'QASM_SEMANTIC',
  'QASM_UNSUPPORTED',
  'PARAMETER_UNBOUND',
  'SHOT_STEPS_EXCEEDED',
  'VALIDATION_TIMEOUT',
]);

/** The two endpoints of the task API, to the letter: a program in, counts out. */
export function taskRoutes(app: App, rooms: RestRooms): void {
  submitRoute(app, rooms);
  pollRoute(app, rooms);
}

function submitRoute(app: App, rooms: RestRooms): void {
  app.post(
    '/tasks',
    {
      config: { permission: 'jobs:submit' },
      schema: {
        operationId: 'submitTask',
        tags: ['tasks'],
        summary: 'Submit an OpenQASM 3 program',
        headers: IdempotencyHeaders,
        body: TaskRequest,
        response: { 200: documented('`{task_id, message}`'), ...problemResponses },
      },
    },
    async (request, reply) => {
      try {
        const { qc } = request.body;
        if (qc.trim() === '') throw new QfsError('QASM_SYNTAX', 'qc is empty; give the text of a program.');
        const answer = await rooms.submit(
          {
            items: [{ language: 'openqasm3', program: programBytes(qc) }],
            target: TARGET_DEFAULT,
            priority: PRIORITY_DEFAULT,
            sourceDoor: 'tasks',
            idempotencyKey: request.headers['idempotency-key'] ?? '',
            fingerprint: JSON.stringify(['POST /tasks', qc]),
          },
          request.call,
        );
        reply.header('x-qfs-index', String(answer.logIndex));
        return reply.send({ task_id: answer.jobId, message: 'Task submitted successfully.' });
      } catch (thrown) {
        const error = QfsError.from(thrown);
        const detail = PROGRAM_FAULTS.has(error.code) ? TASKS_DETAIL : undefined;
        return sendProblem(reply, request, error, rooms, detail);
      }
    },
  );
}

function pollRoute(app: App, rooms: RestRooms): void {
  app.get(
    '/tasks/:id',
    {
      config: { permission: 'jobs:read' },
      schema: {
        operationId: 'getTask',
        tags: ['tasks'],
        summary: 'Poll a task',
        params: JobParams,
        response: {
          200: documented(
            '`completed` with `result` (`null` once it expired), `pending`, or `error` with the reason',
          ),
          404: documented('`{"status":"error","message":"Task not found."}`'),
          410: documented('`{"status":"error","message":"Task was deleted."}`'),
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { id: jobId } = request.params;
      const status = await statusOf(rooms, jobId, request.call);
      if (status === 'gone') return reply.code(410).send({ status: 'error', message: 'Task was deleted.' });
      if (status === 'unknown') {
        return reply.code(404).send({ status: 'error', message: 'Task not found.' });
      }
      if (!TERMINAL_STATES.has(status.state))
        return reply.send({ status: 'pending', message: 'Task is still in progress.' });
      if (status.state !== JobState.DONE) {
        const { errorReason: reason, errorSummary } = status;
        const message = errorSummary || (isErrorCode(reason) ? ERRORS[reason].title : 'The task failed.');
        return reply.send({ status: 'error', message, reason });
      }
      return reply.send(await completed(rooms, jobId, request.call));
    },
  );
}

async function statusOf({ kernel }: RestRooms, jobId: string, context: CallContext) {
  try {
    return await kernel.getJobStatus({ jobId }, callOptions(context));
  } catch (error) {
    if (!(error instanceof QfsError) || error.row.grpc !== 'NOT_FOUND') throw error;
    return error.code === 'JOB_DELETED' ? 'gone' : 'unknown';
  }
}

/** Results that expired are no failure of the task: what is left of them is the receipt. */
async function completed(rooms: RestRooms, jobId: string, context: CallContext): Promise<object> {
  try {
    return { status: 'completed', result: firstCounts(await resultBytes(rooms, jobId, context)) };
  } catch (error) {
    if (!(error instanceof QfsError) || error.code !== 'ARTIFACT_EXPIRED') throw error;
    return { status: 'completed', result: null, receipt: `/api/v1/jobs/${jobId}/receipt` };
  }
}
