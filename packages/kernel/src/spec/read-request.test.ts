import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  IDEMPOTENCY_KEY_CHARS_MAX,
  JOB_ITEMS_MAX,
  JOB_NAME_CHARS_MAX,
  JOB_OPTION_BYTES_MAX,
  JOB_OPTIONS_MAX,
  METADATA_ENTRIES_MAX,
  METADATA_KEY_BYTES_MAX,
  METADATA_VALUE_BYTES_MAX,
  OBSERVABLES_MAX,
  PARAMETER_SETS_MAX,
  PRIORITY_MAX,
  PRIORITY_MIN,
  QASM_SOURCE_BYTES_MAX,
  QfsError,
  SEED_MAX,
  SHOTS_MAX,
  TAG_CHARS_MAX,
  TAGS_MAX,
} from '@qfs/core';
import type { EnqueueJobRequest } from '@qfs/rpc/internal';
import { SPEC_MEMBERS } from './job-spec.ts';
import { readRequest } from './read-request.ts';

const DEFAULTS = {
  target: 'sim:local',
  shots: 1_024,
  retriesMax: 3,
  timeLimitMs: 300_000,
  queueTimeLimitMs: 604_800_000,
};

type Fields = Omit<EnqueueJobRequest, '$typeName' | '$unknown'>;
type Item = Fields['items'][number];

const item = (extra: Partial<Item> = {}): Item => ({
  $typeName: 'eigen.api.v1.JobItem',
  language: 'openqasm3',
  program: Uint8Array.of(1),
  shots: 10,
  parameters: [],
  observables: [],
  inputs: {},
  memory: false,
  entrypoint: '',
  compilerOptions: {},
  ...extra,
});

const request = (extra: Partial<Fields> = {}): EnqueueJobRequest => ({
  $typeName: 'eigen.internal.v1.EnqueueJobRequest',
  name: '',
  activeQubits: 0,
  program: Uint8Array.of(1),
  programFormat: 'openqasm3',
  target: '',
  priority: 50,
  compilerOptions: {},
  metadataKvs: {},
  options: {},
  items: [],
  method: '',
  precision: '',
  tags: [],
  parentJobId: '',
  sessionId: '',
  reservationId: '',
  idempotencyKey: '',
  tenantOpenJobsMax: 0,
  projectOpenJobsMax: 0,
  requestFingerprint: new Uint8Array(),
  sourceDoor: 'rest',
  dependencies: [],
  jobSpec: new Uint8Array(),
  ...extra,
});

/** The fields that are refused, or the code when the refusal is not about a field. */
function refusal(extra: Partial<Fields>): string {
  try {
    readRequest(request(extra), DEFAULTS);
    return '';
  } catch (error) {
    assert.ok(error instanceof QfsError);
    return error.code === 'JOB_SPEC_INVALID'
      ? error.violations.map(({ field }) => field).join(', ')
      : error.code;
  }
}

const many = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));
const chars = (count: number): string => 'x'.repeat(count);
const set = () => ({ $typeName: 'eigen.api.v1.ParameterSet' as const, values: { theta: 0.5 } });
const observable = () => ({ $typeName: 'eigen.api.v1.Observable' as const, name: '', terms: [] });
const metadata = (count: number) => Object.fromEntries(many(count, (index) => [`k${index}`, '']));

/** What is just allowed, what is just not, and what the refusal names. */
const BOUNDS: Readonly<Record<string, readonly [Partial<Fields>, Partial<Fields>, string]>> = {
  JOB_ITEMS_MAX: [
    { items: many(JOB_ITEMS_MAX, () => item()) },
    { items: many(JOB_ITEMS_MAX + 1, () => item()) },
    'items',
  ],
  SHOTS_MAX: [
    { items: [item({ shots: SHOTS_MAX })] },
    { items: [item({ shots: SHOTS_MAX + 1 })] },
    'items[0].shots',
  ],
  PARAMETER_SETS_MAX: [
    { items: [item({ parameters: many(PARAMETER_SETS_MAX, set) })] },
    { items: [item({ parameters: many(PARAMETER_SETS_MAX + 1, set) })] },
    'items[0].parameters',
  ],
  OBSERVABLES_MAX: [
    { items: [item({ observables: many(OBSERVABLES_MAX, observable) })] },
    { items: [item({ observables: many(OBSERVABLES_MAX + 1, observable) })] },
    'items[0].observables',
  ],
  QASM_SOURCE_BYTES_MAX: [
    { program: new Uint8Array(QASM_SOURCE_BYTES_MAX) },
    { program: new Uint8Array(QASM_SOURCE_BYTES_MAX + 1) },
    'PAYLOAD_TOO_LARGE',
  ],
  JOB_NAME_CHARS_MAX: [{ name: chars(JOB_NAME_CHARS_MAX) }, { name: chars(JOB_NAME_CHARS_MAX + 1) }, 'name'],
  PRIORITY_MIN: [{ priority: PRIORITY_MIN }, { priority: PRIORITY_MIN - 1 }, 'priority'],
  PRIORITY_MAX: [{ priority: PRIORITY_MAX }, { priority: PRIORITY_MAX + 1 }, 'priority'],
  SEED_MAX: [{ seed: BigInt(SEED_MAX) }, { seed: BigInt(SEED_MAX) + 1n }, 'seed'],
  TAGS_MAX: [{ tags: many(TAGS_MAX, String) }, { tags: many(TAGS_MAX + 1, String) }, 'tags'],
  TAG_CHARS_MAX: [{ tags: [chars(TAG_CHARS_MAX)] }, { tags: [chars(TAG_CHARS_MAX + 1)] }, 'tags[0]'],
  IDEMPOTENCY_KEY_CHARS_MAX: [
    { idempotencyKey: chars(IDEMPOTENCY_KEY_CHARS_MAX) },
    { idempotencyKey: chars(IDEMPOTENCY_KEY_CHARS_MAX + 1) },
    'idempotency_key',
  ],
  METADATA_ENTRIES_MAX: [
    { metadataKvs: metadata(METADATA_ENTRIES_MAX) },
    { metadataKvs: metadata(METADATA_ENTRIES_MAX + 1) },
    'metadata',
  ],
  METADATA_VALUE_BYTES_MAX: [
    { metadataKvs: { k: chars(METADATA_VALUE_BYTES_MAX) } },
    { metadataKvs: { k: chars(METADATA_VALUE_BYTES_MAX + 1) } },
    'bytes of metadata.k',
  ],
  METADATA_KEY_BYTES_MAX: [
    { metadataKvs: { [chars(METADATA_KEY_BYTES_MAX)]: '' } },
    { metadataKvs: { [chars(METADATA_KEY_BYTES_MAX + 1)]: '' } },
    `bytes of metadata key "${chars(32)}"`,
  ],
};

for (const [limit, [allowed, refused, expected]] of Object.entries(BOUNDS)) {
  test(`DOOR-3: ${limit} is allowed, and one more is refused`, () => {
    assert.deepEqual([refusal(allowed), refusal(refused)], ['', expected]);
  });
}

const WRONG: readonly (readonly [what: string, extra: Partial<Fields>, expected: string])[] = [
  ['an empty program', { program: new Uint8Array() }, 'items[0].program'],
  ['an unknown language', { programFormat: 'quil' }, 'LANGUAGE_UNSUPPORTED'],
  ['a target with a space', { target: 'sim local' }, 'target'],
  ['a name with a line break', { name: 'a\nb' }, 'name'],
  ['a tag with an escape character', { tags: ['\u001b[2J'] }, 'tags[0]'],
  ['a method of two words', { method: 'state vector' }, 'method'],
  ['a session of two words', { sessionId: 'a b' }, 'session_id'],
  ['too many compiler options', { compilerOptions: metadata(65) }, 'items[0].compiler_options'],
  ['a method in capitals', { method: 'MPS' }, 'method'],
  ['a precision of 33 characters', { precision: chars(33) }, 'precision'],
  ['a parent that is no job id', { parentJobId: 'job_1' }, 'parent_job_id'],
  ['shots that are no number', { metadataKvs: { shots: 'many' } }, 'metadata.shots'],
  [
    'an input without value',
    {
      items: [item({ inputs: { a: { $typeName: 'eigen.api.v1.InputValue', value: { case: undefined } } } })],
    },
    'items[0].inputs.a',
  ],
  [
    'an infinite parameter',
    { items: [item({ parameters: [{ ...set(), values: { theta: Number.POSITIVE_INFINITY } }] })] },
    'items[0].parameters[0].theta',
  ],
  ['two faults at once', { priority: 101, target: '-' }, 'priority, target'],
];

for (const [what, extra, expected] of WRONG) {
  test(`${what} is refused by name`, () => assert.equal(refusal(extra), expected));
}

test('JOB-3: what is not said is taken from the settings, and shots and seed also from the metadata', () => {
  const plain = readRequest(request(), DEFAULTS);
  assert.deepEqual([plain.target, plain.seed, plain.spec.items[0]?.shots], ['sim:local', undefined, 1_024]);
  const said = readRequest(request({ metadataKvs: { shots: '5', seed: '9' } }), DEFAULTS);
  assert.deepEqual([said.seed, said.spec.items[0]?.shots], [9, 5]);
});

test('options of the device are kept beside method and precision, within bounds of number, name and size', () => {
  const { spec } = readRequest(
    request({ method: 'auto', options: { noise_model: 'depolarizing:0.1' } }),
    DEFAULTS,
  );
  assert.deepEqual(spec.options, { noise_model: 'depolarizing:0.1', method: 'auto' });
  const named = readRequest(request({ options: { method: 'auto', precision: 'single' } }), DEFAULTS);
  assert.deepEqual([named.method, named.precision], ['auto', 'single']);
  assert.equal(refusal({ options: { method: 'state vector' } }), 'method');
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`o${at}`, '']));
  assert.equal(refusal({ options: many(JOB_OPTIONS_MAX) }), '');
  assert.equal(refusal({ options: many(JOB_OPTIONS_MAX + 1) }), 'options');
  assert.equal(refusal({ options: { a: 'x'.repeat(JOB_OPTION_BYTES_MAX) } }), '');
  assert.equal(refusal({ options: { a: 'x'.repeat(JOB_OPTION_BYTES_MAX + 1) } }), 'bytes of options.a');
  assert.equal(refusal({ options: { 'No Name': '' } }), 'options.No Name');
  for (const name of SPEC_MEMBERS) assert.equal(refusal({ options: { [name]: '' } }), `options.${name}`);
});
