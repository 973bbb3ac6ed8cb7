import {
  JOB_ITEMS_MAX,
  JOB_OPTIONS_MAX,
  LABEL_KEY_CHARS_MAX,
  LABEL_VALUE_CHARS_MAX,
  TAGS_MAX,
} from '@qfs/core';
import type { Members, RecordShape } from '../shapes/shape.ts';
import { RESOURCES, RUNTIME, SCHEDULING, SECURITY } from './platform.ts';
import {
  ANY,
  ARTIFACT_URI,
  BOOLEAN,
  DEPENDENCIES,
  INPUT_REFS,
  INPUTS,
  KIND,
  LANGUAGE,
  METADATA_HELP,
  NOTES,
  OBSERVABLES,
  OPTION,
  PARAMETERS,
  PATH,
  PRIORITY,
  SEED,
  SHA256,
  SHOTS,
  STRICT_NAME,
  TARGET,
  TEXT,
  WORKLOAD,
  whole,
  words,
} from './shapes.ts';

/** Settings for devices that have a member of their own; `spec.options` takes those of any name. */
export const DEVICE_OPTIONS = {
  method: { shape: OPTION, help: 'how a simulator computes; its page lists the methods' },
  precision: { shape: OPTION, help: 'double or single' },
  fast: { shape: OPTION, help: 'true: let a simulator trade exactness of the last bits for time' },
  noise_model: { shape: OPTION, help: 'depolarizing:<p>, or a noise model as JSON text or as a mapping' },
} as const satisfies Members;

/** One program and what it is run with; at the top of `spec` for a single one. */
export const ITEM_MEMBERS = {
  program: {
    help: 'where the program is',
    shape: {
      kind: 'record',
      oneOf: ['path', 'inline', 'source', 'uri'],
      members: {
        path: { shape: PATH, help: 'a file below the folder of the document' },
        inline: { shape: TEXT, help: 'the text' },
        source: { shape: TEXT, help: 'the same as inline' },
        uri: { shape: ARTIFACT_URI, help: 'an artifact of an earlier job' },
        language: { shape: LANGUAGE, help: 'its language', preset: 'by the suffix, else by the text' },
        entrypoint: { shape: TEXT, help: 'the same as spec.entrypoint' },
        sha256: { shape: SHA256, help: 'the digest that the program must have' },
      },
    },
  },
  entrypoint: { shape: TEXT, help: 'the function of an Eigen-Lang program that is run', preset: 'main' },
  shots: {
    shape: SHOTS,
    help: 'how often the circuit is run',
    preset: 'what the program says, else the server',
  },
  compiler_options: { shape: NOTES, help: 'optimization_level 0 to 3, and target none' },
  inputs: { shape: INPUTS, help: 'values of inputs by name' },
  input_refs: {
    shape: INPUT_REFS,
    help: 'values of inputs that stand in artifacts of earlier jobs, by name',
  },
  parameters: {
    shape: PARAMETERS,
    help: 'values of parameters by name, where a search begins; or a list of such sets, each of which is run',
  },
  observables: { shape: OBSERVABLES, help: 'expectation values to compute' },
  memory: { shape: BOOLEAN, help: 'keep every shot in its order', preset: 'false' },
} as const satisfies Members;

const COMPILER = {
  kind: 'record',
  members: {
    optimization_level: {
      shape: { kind: 'integer', min: 0, max: 3 },
      help: 'how hard the compiler tries',
      preset: '1 for devices that demand a form, else none',
    },
    target_profile: {
      shape: words('balanced', 'latency', 'deterministic', 'debug', 'aggressive'),
      help: 'what to optimise for',
      noEffect: 'the compiler always gives the same circuit; optimization_level says how hard it tries',
      holds: ['balanced', 'deterministic'],
    },
    defines: {
      shape: NOTES,
      help: 'names for the program',
      noEffect: 'programs have inputs and parameters instead',
    },
  },
} as const satisfies RecordShape;

const ARTIFACTS = {
  kind: 'record',
  members: {
    persist_results: {
      shape: BOOLEAN,
      help: 'whether results are kept',
      noEffect: 'results are always kept',
      holds: [true],
    },
    retention: {
      help: 'how long',
      shape: {
        kind: 'record',
        members: {
          days: {
            shape: whole(),
            help: 'days',
            noEffect: 'how long jobs are kept is a setting of the server',
          },
        },
      },
    },
  },
} as const satisfies RecordShape;

const OBSERVABILITY = {
  kind: 'record',
  isOpen: true,
  members: {
    tracing: { shape: ANY, help: 'spans', noEffect: 'every job has a trace' },
    metrics: { shape: ANY, help: 'figures', noEffect: 'every job is counted and timed' },
    explainability_level: {
      shape: words('L1_USER', 'L2_OPERATOR', 'L3_FORENSIC'),
      help: 'how much is told',
      noEffect: '"eigen-cli explain" and the receipt tell everything',
    },
  },
} as const satisfies RecordShape;

/** The platform's own labels begin like this. */
const LABELS = {
  kind: 'map',
  max: TAGS_MAX,
  keys: {
    kind: 'text',
    pattern: new RegExp(
      `^(?!(?:(?:runtime|scheduler)\\.)?eigen\\.os/)[^\\p{Cc}]{1,${LABEL_KEY_CHARS_MAX}}$`,
      'u',
    ),
    expected: `1 to ${LABEL_KEY_CHARS_MAX} characters, and not begin with eigen.os/, runtime.eigen.os/ or scheduler.eigen.os/`,
  },
  of: {
    kind: 'text',
    pattern: new RegExp(`^[^\\p{Cc}]{0,${LABEL_VALUE_CHARS_MAX}}$`, 'u'),
    expected: `at most ${LABEL_VALUE_CHARS_MAX} characters of text`,
  },
} as const;

/** `eigen.os/v1`. Members that are not listed are refused, except below `spec.observability`. */
export const V1 = {
  kind: 'record',
  members: {
    apiVersion: { shape: words('eigen.os/v1'), help: 'eigen.os/v1', required: true },
    kind: KIND,
    metadata: {
      help: 'what the job is called',
      required: true,
      shape: {
        kind: 'record',
        members: {
          name: { shape: STRICT_NAME, help: 'the name of the job', required: true },
          namespace: {
            shape: {
              kind: 'text',
              pattern: /^[a-zA-Z0-9._-]{1,64}$/,
              expected: 'a name of 1 to 64 characters',
            },
            help: 'a group of jobs',
            noEffect: 'tenant and project of the token decide who sees the job',
            holds: ['default'],
          },
          labels: { shape: LABELS, help: 'notes to find it by; they become metadata label.<key>' },
          annotations: {
            shape: NOTES,
            help: 'notes; qfs/tags holds the tags, separated by a comma and a blank',
          },
        },
      },
    },
    spec: {
      help: 'what is to be done',
      required: true,
      shape: {
        kind: 'record',
        oneOf: ['program', 'items'],
        members: {
          ...ITEM_MEMBERS,
          items: {
            shape: {
              kind: 'list',
              min: 1,
              max: JOB_ITEMS_MAX,
              of: {
                kind: 'record',
                members: { ...ITEM_MEMBERS, program: { ...ITEM_MEMBERS.program, required: true } },
              },
            },
            help: 'several programs as one job; each has the members that spec has for one',
          },
          target: { shape: TARGET, help: 'the device, for example sim:local', required: true },
          priority: { shape: PRIORITY, help: 'higher runs first', preset: '50' },
          seed: {
            shape: SEED,
            help: 'equal seeds give equal counts',
            preset: 'what the program says, else drawn',
          },
          workload: { shape: WORKLOAD, help: 'the kind of work, where it is not one circuit' },
          ...DEVICE_OPTIONS,
          options: {
            shape: {
              kind: 'map',
              of: OPTION,
              max: JOB_OPTIONS_MAX,
              keys: {
                kind: 'text',
                pattern: /^[a-z0-9][a-z0-9_.-]{0,31}$/,
                expected: 'a word of a-z, 0-9, _ . -',
              },
            },
            help: 'settings for the device, of any name that it documents',
          },
          metadata: { shape: NOTES, help: METADATA_HELP },
          dependencies: { shape: DEPENDENCIES, help: 'jobs that must be DONE before' },
          compiler: { shape: COMPILER, help: 'how to compile' },
          runtime: { shape: RUNTIME, help: 'attempts and time limits' },
          resources: { shape: RESOURCES, help: 'what the job wants of machines' },
          scheduling: { shape: SCHEDULING, help: 'how it is put in order' },
          observability: { shape: OBSERVABILITY, help: 'what is to be watched' },
          security: { shape: SECURITY, help: 'how it is shut in' },
          artifacts: { shape: ARTIFACTS, help: 'what is kept' },
        },
      },
    },
  },
} as const satisfies RecordShape;

/** What to write in version 1 for members that only version 0.1 has. */
export const MOVED_TO_V1: Readonly<Record<string, string>> = {
  'spec.program_path': 'Write program: {path: …}.',
  'spec.program_sha256': 'Write program: {sha256: …}.',
};

/** What to write in version 0.1 for members that only version 1 has. */
export const MISSING_IN_V01: Readonly<Record<string, string>> = {
  'spec.shots': 'Write metadata: {shots: "…"}, or apiVersion: eigen.os/v1.',
  'spec.seed': 'Write metadata: {seed: "…"}, or apiVersion: eigen.os/v1.',
  'spec.noise_model': 'Write metadata: {noise_model: …}, or apiVersion: eigen.os/v1.',
  ...Object.fromEntries(
    Object.keys(V1.members.spec.shape.members)
      .filter((name) => !['shots', 'seed', 'noise_model'].includes(name))
      .map((name) => [`spec.${name}`, 'It belongs to apiVersion: eigen.os/v1.']),
  ),
};
