import { createHash } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  IDEMPOTENCY_KEY_CHARS_MAX,
  isErrorCode,
  JOB_ITEMS_MAX,
  QASM_SOURCE_BYTES_MAX,
  QfsError,
} from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { JobItemSchema } from '@qfs/rpc/api';
import type { EnqueueJobRequestSchema, EnqueueJobResponse, ValidateCircuitResponse } from '@qfs/rpc/internal';
import { diagnosticFromMessage } from './diagnostics.ts';
import type { DoorDependencies } from './door.ts';

export type SubmissionItem = MessageInitShape<typeof JobItemSchema> & {
  readonly language: string;
  readonly program: Uint8Array;
};

/** A job as any door understands it. */
export interface Submission
  extends Omit<
    MessageInitShape<typeof EnqueueJobRequestSchema>,
    '$typeName' | 'items' | 'requestFingerprint'
  > {
  readonly items: readonly SubmissionItem[];
  /** What a repetition with the same idempotency key must equal, byte for byte. */
  readonly fingerprint: string | Uint8Array;
}

export type Submit = (submission: Submission, context: CallContext) => Promise<EnqueueJobResponse>;

/**
 * The way in that all doors share: bounds, validation of every program, the idempotency key, then the kernel.
 * A submission that is refused leaves nothing behind, so its key stays free.
 */
export function createSubmit({ kernel, compiler }: Pick<DoorDependencies, 'kernel' | 'compiler'>): Submit {
  const inFlight = new Set<string>();

  const validated = async (items: readonly SubmissionItem[], context: CallContext): Promise<void> => {
    const checked = new Map<string, ValidateCircuitResponse>();
    for (const [index, item] of items.entries()) {
      const field = items.length === 1 ? 'program' : `items[${index}].program`;
      checkProgramSize(item.program, field);
      const key = `${item.language}:${createHash('sha256').update(item.program).digest('hex')}`;
      const { language, program: source } = item;
      const verdict =
        checked.get(key) ??
        (await compiler.validateCircuit({ language, source, level: 'semantic' }, callOptions(context)));
      checked.set(key, verdict);
      refuse(verdict, field);
      refuseUnbound(verdict, item, field);
    }
  };

  return async (submission, context) => {
    const { items, fingerprint, idempotencyKey = '', ...rest } = submission;
    checkIdempotencyKey(idempotencyKey);
    if (items.length > JOB_ITEMS_MAX) {
      throw new QfsError('PAYLOAD_TOO_LARGE', `The job has ${items.length} items; at most ${JOB_ITEMS_MAX}.`);
    }
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
      await validated(items, context);
      const requestFingerprint = new Uint8Array(createHash('sha256').update(fingerprint).digest());
      const request = { ...rest, idempotencyKey, requestFingerprint, items: [...items] };
      return await kernel.enqueueJob(request, callOptions(context));
    } finally {
      if (idempotencyKey !== '') inFlight.delete(slot);
    }
  };
}

export function checkProgramSize(program: Uint8Array, field: string): void {
  if (program.length <= QASM_SOURCE_BYTES_MAX) return;
  throw new QfsError(
    'PAYLOAD_TOO_LARGE',
    `${field} has ${program.length} bytes; at most ${QASM_SOURCE_BYTES_MAX} are allowed.`,
    { violations: [{ field, description: 'is too large' }] },
  );
}

function checkIdempotencyKey(key: string): void {
  if (key.length <= IDEMPOTENCY_KEY_CHARS_MAX && !/[^\x20-\x7e]/.test(key)) return;
  throw new QfsError(
    'REQUEST_INVALID',
    `The idempotency key must be at most ${IDEMPOTENCY_KEY_CHARS_MAX} printable ASCII characters.`,
  );
}

/** Turns the verdict of the compiler on a program that cannot run into an error with its findings. */
export function refuse(verdict: ValidateCircuitResponse, field: string): void {
  if (verdict.valid && verdict.executable) return;
  const code = isErrorCode(verdict.reason) ? verdict.reason : 'QASM_SEMANTIC';
  const diagnostics = verdict.diagnostics.map(diagnosticFromMessage);
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const place = first === undefined ? '' : ` Line ${first.line}, column ${first.column}: ${first.message}`;
  throw new QfsError(code, `${field} cannot be run.${place}`, {
    diagnostics,
    violations: [{ field, description: first?.message ?? code }],
  });
}

function refuseUnbound(verdict: ValidateCircuitResponse, item: SubmissionItem, field: string): void {
  const inputs = new Set(Object.keys(item.inputs ?? {}));
  const sets = item.parameters ?? [];
  const unbound = (verdict.metrics?.parameters ?? []).filter(
    (name) =>
      !inputs.has(name) &&
      (sets.length === 0 || sets.some(({ values = {} }) => !Object.hasOwn(values, name))),
  );
  if (unbound.length === 0) return;
  const names = unbound.map((name) => `'${name}'`).join(', ');
  throw new QfsError('PARAMETER_UNBOUND', `${field} declares input ${names}, which has no value.`, {
    violations: unbound.map((name) => ({ field, description: `input '${name}' has no value` })),
  });
}

export const programBytes = (text: string): Uint8Array => utf8(text);
