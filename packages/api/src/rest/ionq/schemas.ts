import { type TSchema, Type } from '@fastify/type-provider-typebox';
import { JOBS_PAGE_MAX } from '@qfs/core';
import { JOB_TYPES } from './ionq-submission.ts';
import { STATUS_WORDS } from './states.ts';

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]));

const AnyObject = Type.Record(Type.String(), Type.Unknown());

/** Clients send more than is read here; what they send beside is ignored. */
export const CreateJob = Type.Object({
  type: Type.Optional(Type.String({ description: `One of ${Object.keys(JOB_TYPES).join(', ')}.` })),
  backend: Type.String({ description: '`simulator`, `qpu.DEVICE`, or the id of a device.' }),
  input: AnyObject,
  shots: Type.Optional(Type.Unknown({ description: 'Default: 100.' })),
  name: orNull(Type.String()),
  metadata: orNull(AnyObject),
  noise: orNull(AnyObject),
  settings: orNull(AnyObject),
  dry_run: orNull(Type.Boolean()),
  session_id: orNull(Type.String()),
});

export const CreateSession = Type.Object({ backend: Type.String(), settings: orNull(AnyObject) });

export const ListQuery = Type.Object({
  status: Type.Optional(
    Type.Unsafe<(typeof STATUS_WORDS)[number]>({ type: 'string', enum: [...STATUS_WORDS] }),
  ),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, description: `At most ${JOBS_PAGE_MAX} are answered at once.` }),
  ),
  next: Type.Optional(Type.String({ description: '`next` of the page before.' })),
  session_id: Type.Optional(Type.String()),
});

export const EstimateQuery = Type.Object({
  backend: Type.String(),
  type: Type.Optional(Type.String()),
  qubits: Type.Optional(Type.Integer({ minimum: 0 })),
  shots: Type.Optional(Type.Integer({ minimum: 0 })),
  '1q_gates': Type.Optional(Type.Integer({ minimum: 0 })),
  '2q_gates': Type.Optional(Type.Integer({ minimum: 0 })),
  error_mitigation: Type.Optional(Type.String()),
  session: Type.Optional(Type.String()),
});

export const JobParams = Type.Object({
  id: Type.String({ description: 'Job id, or the id of one circuit of a batch.' }),
});
export const BackendParams = Type.Object({ backend: Type.String() });
export const ResultParams = Type.Object({ id: Type.String(), kind: Type.String() });
export const IonqArtifactParams = Type.Object({ id: Type.String(), '*': Type.String() });

const IonqError = Type.Object(
  {
    statusCode: Type.Integer(),
    error: Type.String(),
    message: Type.String(),
    reason: Type.String({ description: 'Stable reason, for example QASM_SYNTAX.' }),
    retryable: Type.Boolean(),
    request_id: Type.String(),
  },
  { description: 'The shape of errors of IonQ; `validation` and `diagnostics` where they apply.' },
);

/** Refusals for the documentation. */
export const ionqRefusals = {
  '4XX': Type.Unsafe<unknown>(IonqError),
  '5XX': Type.Unsafe<unknown>(IonqError),
};
