import {
  DEPENDENCIES_MAX,
  JOB_ITEMS_MAX,
  JOB_NAME_CHARS_MAX,
  JOB_OPTION_BYTES_MAX,
  METADATA_ENTRIES_MAX,
  METADATA_KEY_BYTES_MAX,
  METADATA_VALUE_BYTES_MAX,
  OBSERVABLES_MAX,
  PARAMETER_SETS_MAX,
  PRIORITY_MAX,
  PRIORITY_MIN,
  SEED_MAX,
  SHOTS_MAX,
  SHOTS_MIN,
} from '@qfs/core';
import { WORKLOAD_KINDS } from '../contract.ts';
import type { Member, Shape } from '../shapes/shape.ts';

/** Names of inputs, parameters and options. */
const NAME = { kind: 'text', pattern: /^[^\p{Cc}]{1,255}$/u, expected: 'a name' } as const satisfies Shape;

/** Values by names of the author's own. */
const mapOf = <Of extends Shape>(of: Of, max: number) => ({ kind: 'map', of, max, keys: NAME }) as const;

export const TEXT = { kind: 'text', pattern: /^/, expected: 'text' } as const satisfies Shape;
export const BOOLEAN = { kind: 'boolean' } as const satisfies Shape;
export const ANY = { kind: 'any' } as const satisfies Shape;
const NOTE = { kind: 'note', bytesMax: METADATA_VALUE_BYTES_MAX } as const satisfies Shape;
export const COUNT = { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER } as const satisfies Shape;
export const NUMBER = { kind: 'number' } as const satisfies Shape;

/** Whole numbers of at least one. */
export const whole = (max: number = Number.MAX_SAFE_INTEGER) => ({ kind: 'integer', min: 1, max }) as const;

export const words = <const Word extends string>(...names: readonly Word[]) =>
  ({
    kind: 'choice',
    words: Object.fromEntries(names.map((name) => [name, {}])) as Record<Word, object>,
  }) as const;

export const NOTES = {
  kind: 'map',
  of: NOTE,
  max: METADATA_ENTRIES_MAX,
  keys: { kind: 'text', pattern: /^[\s\S]+$/, expected: 'a name', bytesMax: METADATA_KEY_BYTES_MAX },
} as const satisfies Shape;

export const TARGET = {
  kind: 'text',
  pattern: /^[A-Za-z0-9][A-Za-z0-9:._/@-]{0,127}$/,
  expected: 'the name of a device, for example sim:local',
} as const satisfies Shape;

/** Below the folder of the document, and nowhere else. */
export const PATH = {
  kind: 'text',
  pattern: /^(?![/\\]|[A-Za-z]:)(?!(?:.*[/\\])?\.\.(?:[/\\]|$))[^\p{Cc}]{1,1024}$/u,
  expected: 'a path below the folder of the document: not absolute, and without ".."',
} as const satisfies Shape;

export const SHA256 = {
  kind: 'text',
  pattern: /^(?:sha256:)?[0-9a-fA-F]{64}$/,
  expected: 'a SHA-256 digest: 64 hex digits',
} as const satisfies Shape;

const JOB_ID = 'job_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}';
const ARTIFACT = `(?:qfs://)?circuit_fs/${JOB_ID}/[^#\\p{Cc}]{1,255}`;

export const ARTIFACT_URI = {
  kind: 'text',
  pattern: new RegExp(`^${ARTIFACT}$`, 'u'),
  expected: 'an artifact of a job: qfs://circuit_fs/<job id>/<name>',
} as const satisfies Shape;

const VALUE_URI = {
  kind: 'text',
  pattern: new RegExp(`^${ARTIFACT}(?:#(?:/[^\\p{Cc}]*)?)?$`, 'u'),
  expected: 'a JSON artifact and the place in it: qfs://circuit_fs/<job id>/<name>#/<JSON pointer>',
} as const satisfies Shape;

/** The languages of programs, as a request names them. */
export const LANGUAGE = words('openqasm3', 'openqasm2', 'openqasm3-braket', 'aqo', 'eigen-lang');

export const PRIORITY = { kind: 'integer', min: PRIORITY_MIN, max: PRIORITY_MAX } as const satisfies Shape;
export const SEED = { kind: 'integer', min: 0, max: SEED_MAX } as const satisfies Shape;
export const SHOTS = { kind: 'integer', min: SHOTS_MIN, max: SHOTS_MAX } as const satisfies Shape;

/** Without characters that would rewrite a terminal or a line of a log. */
export const ANY_NAME = {
  kind: 'text',
  pattern: new RegExp(`^[^\\p{Cc}\\u2028\\u2029]{1,${JOB_NAME_CHARS_MAX}}$`, 'u'),
  expected: `a name of 1 to ${JOB_NAME_CHARS_MAX} characters`,
} as const satisfies Shape;

export const STRICT_NAME = {
  kind: 'text',
  pattern: /^[a-zA-Z0-9._-]{1,128}$/,
  expected: 'a name of 1 to 128 letters, digits, dots, dashes and underscores',
} as const satisfies Shape;

export const INPUTS = mapOf({ kind: 'input' }, Number.MAX_SAFE_INTEGER);
export const INPUT_REFS = mapOf(VALUE_URI, Number.MAX_SAFE_INTEGER);
const PARAMETER_SET = mapOf(NUMBER, Number.MAX_SAFE_INTEGER);
export const PARAMETERS = {
  kind: 'either',
  of: [PARAMETER_SET, { kind: 'list', of: PARAMETER_SET, max: PARAMETER_SETS_MAX }],
} as const satisfies Shape;

export const OBSERVABLES = {
  kind: 'list',
  max: OBSERVABLES_MAX,
  of: {
    kind: 'record',
    members: {
      name: { shape: TEXT, help: 'its name in the results' },
      terms: {
        required: true,
        help: 'the weighted Pauli strings that it is the sum of',
        shape: {
          kind: 'list',
          min: 1,
          max: Number.MAX_SAFE_INTEGER,
          of: {
            kind: 'record',
            members: {
              coefficient: { shape: NUMBER, help: 'the weight', required: true },
              paulis: {
                shape: {
                  kind: 'text',
                  pattern: /^[IXYZ]+$/,
                  expected: 'a string of the letters I, X, Y and Z',
                },
                help: 'one letter per qubit, that of qubit 0 rightmost',
                required: true,
              },
            },
          },
        },
      },
    },
  },
} as const satisfies Shape;

export const DEPENDENCIES = {
  kind: 'list',
  max: DEPENDENCIES_MAX,
  of: {
    kind: 'text',
    pattern: new RegExp(`^${JOB_ID}$`),
    expected: 'the id of a job; data are not fetched from addresses',
  },
} as const satisfies Shape;

/** A setting for the device. */
export const OPTION = { kind: 'json', bytesMax: JOB_OPTION_BYTES_MAX } as const satisfies Shape;

const REPLAYS = 'every job can be replayed from its record';

/** `spec.workload`, of both versions. */
export const WORKLOAD = {
  kind: 'record',
  members: {
    kind: {
      shape: {
        kind: 'choice',
        words: Object.fromEntries(
          Object.entries(WORKLOAD_KINDS).map(([name, { executed, help }]) => [
            name,
            executed ? {} : { refused: help },
          ]),
        ) as Readonly<Record<keyof typeof WORKLOAD_KINDS, { readonly refused?: string }>>,
      },
      help: 'the kind of work',
      required: true,
    },
    repetitions: {
      shape: { kind: 'integer', min: 2, max: JOB_ITEMS_MAX },
      help: 'how often a BenchmarkJob runs its circuit, with the same seed',
      preset: '2',
    },
    seed: {
      shape: SEED,
      help: 'equal seeds give equal counts; a BenchmarkJob needs one here or in spec.seed',
    },
    execution_profile: { shape: TEXT, help: 'another spelling of the kind', noEffect: 'the kind says it' },
    replayable: { shape: BOOLEAN, help: 'whether it may be replayed', noEffect: REPLAYS, holds: [true] },
    backend_target: { shape: TARGET, help: 'the same as spec.target' },
    topology: { shape: ANY, help: 'partitions of a DistributedJob', noEffect: 'no job is cut up' },
    pipeline: { shape: ANY, help: 'a stage of a PipelineJob', noEffect: 'there are no stages' },
    replay: { shape: ANY, help: 'what a ReplayJob replays', noEffect: REPLAYS },
    artifact_lineage: {
      shape: ANY,
      help: 'origin of artifacts',
      noEffect: 'the receipt names every input and output',
    },
    observability: {
      shape: ANY,
      help: 'what is to be watched',
      noEffect: 'every job has events, logs and a trace',
    },
    security: {
      shape: {
        kind: 'record',
        isOpen: true,
        members: {
          fail_closed: {
            shape: BOOLEAN,
            help: 'refuse in doubt',
            noEffect: 'what is not proved is refused',
            holds: [true],
          },
        },
      },
      help: 'how to treat doubt',
    },
  },
} as const satisfies Shape;

export const METADATA_HELP =
  'notes; and terms: shots, seed, noise_model, optimizer, max_iters, tol, estimator, retry.*, timeout.*';

/** `apiVersion` and `kind`, of both versions. */
export const KIND = {
  shape: {
    ...words('QuantumJob'),
    hint: 'Write kind: QuantumJob; spec.workload.kind says what kind of work it is.',
  },
  help: 'always QuantumJob; spec.workload.kind tells more',
  required: true,
} as const satisfies Member;
