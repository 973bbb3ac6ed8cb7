import { type Static, Type } from '@fastify/type-provider-typebox';
import {
  DEPENDENCIES_MAX,
  JOB_ITEMS_MAX,
  JOB_NAME_CHARS_MAX,
  JOBS_PAGE_MAX,
  OBSERVABLES_MAX,
  PARAMETER_SETS_MAX,
  PRIORITY_DEFAULT,
  PRIORITY_MAX,
  PRIORITY_MIN,
  SEED_MAX,
  SHOTS_MAX,
  SHOTS_MIN,
  TAG_CHARS_MAX,
  TAGS_MAX,
} from '@qfs/core';
import { STATE_NAMES } from '@qfs/rpc';

/** A word of a closed list, as OpenAPI and Ajv both know it. */
const oneOf = <const Word extends string>(words: readonly Word[], description: string) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words], description });

/** The compiler's languages; a test compares them with its table, which doors may not import. */
const Language = oneOf(
  ['openqasm3', 'aqo', 'openqasm2', 'openqasm3-braket', 'eigen-lang'],
  'Language of the program.',
);

export type ProgramLanguage = Static<typeof Language>;

const DialectName = oneOf(['braket'], 'Dialect of OpenQASM 3: `braket` knows the gates of Amazon Braket.');
export type Dialect = Static<typeof DialectName>;

const EncodingName = oneOf(
  ['utf-8', 'base64'],
  'How the program is written here; default: utf-8. An AQO message is no text, so it is `base64`.',
);
export type Encoding = Static<typeof EncodingName>;

const EntrypointName = Type.String({
  maxLength: JOB_NAME_CHARS_MAX,
  description: 'The function of an Eigen-Lang program; default: the one that it has.',
});

export const TaskRequest = Type.Object(
  { qc: Type.String({ description: 'An OpenQASM 3 program without unbound inputs.' }) },
  { examples: [{ qc: 'OPENQASM 3.0; qubit q; bit c; c = measure q;' }] },
);

export const ValidateRequest = Type.Object(
  {
    language: Language,
    dialect: Type.Optional(DialectName),
    source: Type.String(),
    encoding: Type.Optional(EncodingName),
    entrypoint: Type.Optional(EntrypointName),
    level: Type.Optional(oneOf(['syntax', 'semantic'], 'How deep to look; default: semantic.')),
  },
  { additionalProperties: false },
);

export const DrawRequest = Type.Object(
  {
    language: Language,
    dialect: Type.Optional(DialectName),
    source: Type.String(),
    encoding: Type.Optional(EncodingName),
    format: Type.Optional(oneOf(['text', 'svg'], 'Default: text.')),
    fold: Type.Optional(Type.Integer({ minimum: 20, maximum: 10_000, description: 'Columns of text.' })),
    ascii: Type.Optional(Type.Boolean({ description: 'ASCII instead of box-drawing characters.' })),
  },
  { additionalProperties: false },
);

const Observable = Type.Object(
  {
    name: Type.Optional(Type.String()),
    terms: Type.Array(
      Type.Object(
        { coefficient: Type.Number(), paulis: Type.String({ description: 'Qubit 0 rightmost.' }) },
        { additionalProperties: false },
      ),
      { minItems: 1 },
    ),
  },
  { additionalProperties: false },
);

const itemFields = {
  language: Language,
  dialect: Type.Optional(DialectName),
  program: Type.String(),
  encoding: Type.Optional(EncodingName),
  entrypoint: Type.Optional(EntrypointName),
  shots: Type.Optional(Type.Integer({ minimum: SHOTS_MIN, maximum: SHOTS_MAX })),
  parameters: Type.Optional(
    Type.Array(Type.Record(Type.String(), Type.Number()), {
      maxItems: PARAMETER_SETS_MAX,
      description: 'One object per run of a sweep: values by name of the input.',
    }),
  ),
  observables: Type.Optional(Type.Array(Observable, { maxItems: OBSERVABLES_MAX })),
  inputs: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Unsafe<number | boolean | string | readonly unknown[]>({
        type: ['number', 'boolean', 'string', 'array'],
      }),
      {
        description:
          'Values of inputs for every run; bit registers as text, highest bit leftmost; arrays as lists.',
      },
    ),
  ),
  memory: Type.Optional(Type.Boolean({ description: 'Keep every shot in order.' })),
  compiler_options: Type.Optional(Type.Record(Type.String(), Type.String())),
};

const Item = Type.Object(itemFields, { additionalProperties: false });
export type ItemBody = Static<typeof Item>;

/** Either `items`, or one item written at the top. The route checks that it is one of the two. */
export const JobRequest = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: JOB_NAME_CHARS_MAX })),
    target: Type.Optional(
      Type.String({ description: 'Device; default: what the program asks for, else sim:local.' }),
    ),
    priority: Type.Optional(
      Type.Integer({
        minimum: PRIORITY_MIN,
        maximum: PRIORITY_MAX,
        description: `Default: ${PRIORITY_DEFAULT}.`,
      }),
    ),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: SEED_MAX })),
    method: Type.Optional(Type.String()),
    precision: Type.Optional(Type.String()),
    options: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          'What the device documents, for example `noise_model`; anything but text is handed on as JSON.',
      }),
    ),
    tags: Type.Optional(Type.Array(Type.String({ maxLength: TAG_CHARS_MAX }), { maxItems: TAGS_MAX })),
    metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
    parent_job_id: Type.Optional(Type.String()),
    session_id: Type.Optional(Type.String()),
    reservation_id: Type.Optional(Type.String({ description: 'Of `POST /api/v1/reservations`.' })),
    dependencies: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: DEPENDENCIES_MAX,
        description: 'Ids of jobs that must be DONE before this one begins.',
      }),
    ),
    items: Type.Optional(Type.Array(Item, { minItems: 1, maxItems: JOB_ITEMS_MAX })),
    ...itemFields,
    language: Type.Optional(itemFields.language),
    program: Type.Optional(itemFields.program),
  },
  { additionalProperties: false },
);
export type JobBody = Static<typeof JobRequest>;

export const JOBS_PAGE_DEFAULT = 50;

export const JobsQuery = Type.Object(
  {
    state: Type.Optional(
      Type.Array(oneOf(STATE_NAMES, 'One of the eight states.'), { description: 'May be repeated.' }),
    ),
    cursor: Type.Optional(Type.String({ description: '`next_cursor` of the page before.' })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: JOBS_PAGE_MAX, description: `Default: ${JOBS_PAGE_DEFAULT}.` }),
    ),
    since: Type.Optional(
      Type.String({ description: 'RFC 3339, for example 2026-01-31T12:00:00Z: accepted then or later.' }),
    ),
    name: Type.Optional(Type.String()),
    tag: Type.Optional(Type.Array(Type.String(), { maxItems: TAGS_MAX, description: 'All of them.' })),
    target: Type.Optional(Type.String({ description: 'Device.' })),
    parent_job_id: Type.Optional(Type.String({ description: 'The children of this job.' })),
    deleted: Type.Optional(
      oneOf(['true', 'false'], 'The ids of deleted jobs, instead of those that are there.'),
    ),
  },
  { additionalProperties: false },
);
export type JobsQuery = Static<typeof JobsQuery>;

export const JobParams = Type.Object({ id: Type.String({ description: 'Job id, `job_…`.' }) });
export const ArtifactParams = Type.Object({
  id: Type.String(),
  '*': Type.String({ description: 'Artifact name.' }),
});
export const DeviceParams = Type.Object({
  id: Type.String({ description: 'Device id, for example sim:local.' }),
});

export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'The same key with the same body gives the same answer for 72 hours; with another body 409.',
    }),
  ),
});

const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Stable reason, for example QASM_SYNTAX.' }),
    error_code: Type.String({ description: 'gRPC status name.' }),
    retryable: Type.Boolean(),
    request_id: Type.String(),
  },
  { description: 'RFC 9457; `errors`, `diagnostics` and `metadata` where they apply.' },
);

/** Bodies of good answers for the documentation; they are written by the routes, not checked again. */
export const documented = (description: string) => Type.Unsafe<unknown>({ type: 'object', description });
export const problemResponses = {
  '4XX': Type.Unsafe<unknown>(Problem),
  '5XX': Type.Unsafe<unknown>(Problem),
};
