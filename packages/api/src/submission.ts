import { createHash } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { isAqoMessage } from '@qfs/circuit';
import { IDEMPOTENCY_KEY_CHARS_MAX, JOB_ITEMS_MAX, QfsError } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { EstimateJobResponse, JobItemSchema } from '@qfs/rpc/api';
import type { EnqueueJobRequestSchema, EnqueueJobResponse } from '@qfs/rpc/internal';
import type { DoorDependencies } from './door.ts';
import { withProgramDefaults } from './program-defaults.ts';
import { checkPrograms } from './validation.ts';

export type SubmissionItem = MessageInitShape<typeof JobItemSchema> & {
  readonly language: string;
  readonly program: Uint8Array;
};

/** A job as any door understands it. */
export interface Submission
  extends Omit<
    MessageInitShape<typeof EnqueueJobRequestSchema>,
    '$typeName' | 'items' | 'requestFingerprint' | 'target'
  > {
  /** A device; empty: what the programs ask for, else the simulator. */
  readonly target: string;
  readonly items: readonly SubmissionItem[];
  /** What a repetition with the same idempotency key must equal, byte for byte. */
  readonly fingerprint: string | Uint8Array;
}

export type Submit = (submission: Submission, context: CallContext) => Promise<EnqueueJobResponse>;

/**
 * The way in that all doors share: bounds, validation of every program, the idempotency key, then the kernel.
 * A submission that is refused leaves nothing behind, so its key stays free.
 */
export function createSubmit(rooms: Pick<DoorDependencies, 'kernel' | 'compiler' | 'metrics'>): Submit {
  const submit = createUncounted(rooms);
  const count = (outcome: SubmitOutcome): void =>
    rooms.metrics.count('eigen_api_submit_job_outcomes_total', { outcome });
  return async (submission, context) => {
    try {
      const answer = await submit(submission, context);
      count(answer.replayed ? 'replayed' : 'accepted');
      return answer;
    } catch (thrown) {
      count(outcomeOf(QfsError.from(thrown)));
      throw thrown;
    }
  };
}

type SubmitOutcome = 'accepted' | 'replayed' | 'conflict' | 'limit' | 'refused' | 'failed';

/** A refusal by what the caller can do: use another key, ask for less or later, correct it, or nothing. */
function outcomeOf({ code, row }: QfsError): SubmitOutcome {
  if (code.startsWith('IDEMPOTENCY_')) return 'conflict';
  if (row.grpc === 'RESOURCE_EXHAUSTED') return 'limit';
  return row.http < 500 ? 'refused' : 'failed';
}

function createUncounted({ kernel, compiler }: Pick<DoorDependencies, 'kernel' | 'compiler'>): Submit {
  const inFlight = new Set<string>();

  return async (submission, context) => {
    const { items, fingerprint, idempotencyKey = '', ...rest } = submission;
    checkIdempotencyKey(idempotencyKey);
    if (items.length > JOB_ITEMS_MAX) throw tooManyItems(items.length);
    const { tenantId, projectId, subject } = context.identity;
    const slot = JSON.stringify([tenantId, projectId, subject, idempotencyKey]);
    if (idempotencyKey !== '') {
      if (inFlight.has(slot)) {
        const message = `A request with the idempotency key '${idempotencyKey}' is being answered; repeat it.`;
        throw new QfsError('IDEMPOTENCY_IN_FLIGHT', message, { retryAfterMs: 1000 });
      }
      inFlight.add(slot);
    }
    try {
      const checked = await checkedSubmission(compiler, { ...rest, items, fingerprint }, context);
      const requestFingerprint = new Uint8Array(createHash('sha256').update(fingerprint).digest());
      return await kernel.enqueueJob(
        { ...checked, idempotencyKey, requestFingerprint },
        callOptions(context),
      );
    } finally {
      if (idempotencyKey !== '') inFlight.delete(slot);
    }
  };
}

/** What a job would need and cost, by the same way in; nothing is kept. */
export async function estimate(
  { kernel, compiler }: Pick<DoorDependencies, 'kernel' | 'compiler'>,
  submission: Submission,
  context: CallContext,
): Promise<EstimateJobResponse> {
  const { items } = submission;
  if (items.length > JOB_ITEMS_MAX) throw tooManyItems(items.length);
  const job = await checkedSubmission(compiler, submission, context);
  return kernel.estimateJob({ job }, callOptions(context));
}

/** What the kernel gets: every program is checked, and has filled what the request leaves open. */
async function checkedSubmission(
  compiler: DoorDependencies['compiler'],
  submission: Submission,
  context: CallContext,
) {
  const { activeQubits, defaults } = await checkPrograms(compiler, submission.items, context);
  const { fingerprint: _, items, ...rest } = withProgramDefaults(submission, defaults);
  const documents = await Promise.all(items.map((item) => asDocument(compiler, item, context)));
  return { ...rest, activeQubits, items: documents };
}

/** An AQO message as the document that it stands for: artifacts are what their names say. */
async function asDocument(
  compiler: DoorDependencies['compiler'],
  item: SubmissionItem,
  context: CallContext,
): Promise<SubmissionItem> {
  if (item.language !== 'aqo' || !isAqoMessage(item.program)) return item;
  const request = { language: 'aqo', source: item.program, options: { optimization_level: '0' } };
  const { circuit } = await compiler.compileCircuit(request, callOptions(context));
  return circuit === undefined ? item : { ...item, program: circuit.data };
}

const tooManyItems = (count: number): QfsError =>
  new QfsError('PAYLOAD_TOO_LARGE', `The job has ${count} items; at most ${JOB_ITEMS_MAX}.`);

function checkIdempotencyKey(key: string): void {
  if (key.length <= IDEMPOTENCY_KEY_CHARS_MAX && !/[^\x20-\x7e]/.test(key)) return;
  throw new QfsError(
    'REQUEST_INVALID',
    `The idempotency key must be at most ${IDEMPOTENCY_KEY_CHARS_MAX} printable ASCII characters.`,
  );
}

export const programBytes = (text: string): Uint8Array => utf8(text);
