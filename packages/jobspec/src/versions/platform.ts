import type { RecordShape, Shape } from '../shapes/shape.ts';
import { ANY, BOOLEAN, COUNT, NUMBER, PRIORITY, SEED, TEXT, whole, words } from './shapes.ts';

const NO_REPLAY = 'replays are made by "eigen-cli replay" from the record of the job';
/** A year: the server grants less. */
const SECONDS = whole(365 * 24 * 3600);

/** `spec.runtime` of version 1. */
export const RUNTIME = {
  kind: 'record',
  members: {
    mode: {
      shape: {
        kind: 'choice',
        words: {
          local: {},
          hybrid: {},
          benchmark: {},
          distributed: { refused: 'there are no clusters of workers to cut a job up for' },
          replay: { refused: NO_REPLAY },
        },
      },
      help: 'where the work is done; spec.workload.kind says what it is',
      preset: 'local',
    },
    retry: {
      help: 'what happens after a failure',
      shape: {
        kind: 'record',
        members: {
          max_attempts: {
            shape: whole(1_000),
            help: 'attempts in all, the first one counted; metadata retry.max_attempts',
          },
          backoff: {
            shape: words('fixed', 'linear', 'exponential'),
            help: 'how pauses between attempts grow',
            noEffect: 'they always double; metadata retry.base_delay_ms and retry.max_delay_ms bound them',
            holds: ['exponential'],
          },
        },
      },
    },
    timeout: {
      help: 'how long the job may take',
      shape: {
        kind: 'record',
        members: {
          queue_seconds: {
            shape: SECONDS,
            help: 'longest wait for compiler and device; metadata timeout.queue_ms',
          },
          execution_seconds: {
            shape: SECONDS,
            help: 'longest execution over all attempts; metadata timeout.execution_ms',
          },
          result_seconds: {
            shape: SECONDS,
            help: 'longest wait for the results',
            noEffect: 'results are there when the job is DONE',
          },
        },
      },
    },
    replay: {
      help: 'whether an earlier job is replayed',
      shape: {
        kind: 'record',
        members: {
          enabled: { shape: BOOLEAN, help: 'only false' },
          deterministic_seed: {
            shape: SEED,
            help: 'seed of the replay',
            noEffect: 'spec.seed makes counts repeat',
          },
        },
      },
    },
  },
} as const satisfies RecordShape;

const ONE_MACHINE = 'executions are bounded by the settings of the server';
const COUNTED = 'the compiler counts the qubits, and the device says how many it has';

/** `spec.resources` of version 1: wishes that nobody grants. */
export const RESOURCES = {
  kind: 'record',
  members: {
    cpu: { shape: NUMBER, help: 'cores', noEffect: ONE_MACHINE },
    memory_mb: { shape: COUNT, help: 'memory', noEffect: ONE_MACHINE },
    gpu: {
      help: 'graphics processors',
      noEffect: 'no simulator here uses one',
      shape: {
        kind: 'record',
        members: {
          count: { shape: COUNT, help: 'how many' },
          vendor: { shape: TEXT, help: 'whose' },
          memory_mb: { shape: COUNT, help: 'memory of each' },
        },
      },
    },
    quantum: {
      help: 'what the device must have',
      noEffect: COUNTED,
      shape: {
        kind: 'record',
        members: {
          qubits: { shape: COUNT, help: 'qubits' },
          backend_family: { shape: TEXT, help: 'kind of device' },
          minimum_fidelity: { shape: NUMBER, help: 'least fidelity of its gates' },
        },
      },
    },
  },
} as const satisfies RecordShape;

const ONE_DEVICE = 'the job runs on its target, and waits there by priority';

/** `spec.scheduling` of version 1. */
export const SCHEDULING = {
  kind: 'record',
  members: {
    priority: { shape: PRIORITY, help: 'the same as spec.priority' },
    policy: {
      help: 'what the choice of a device goes by',
      shape: {
        kind: 'record',
        members: {
          mode: {
            shape: words('balanced', 'latency', 'cost', 'availability', 'deterministic', 'compliance'),
            help: 'what counts most',
            noEffect: ONE_DEVICE,
            holds: ['balanced', 'deterministic'],
          },
        },
      },
    },
    affinity: { shape: ANY, help: 'workers it likes', noEffect: ONE_DEVICE },
  },
} as const satisfies RecordShape;

const one = (shape: Shape, name: string, noEffect: string, holds: readonly (string | boolean)[]) =>
  ({
    kind: 'record',
    members: { [name]: { shape, help: 'the wish', noEffect, holds } },
  }) as const satisfies RecordShape;

const NEVER_RUN = 'programs are compiled and never run as code, so they reach neither files nor network';

/** `spec.security` of version 1: what holds anyway, and what is not to be had. */
export const SECURITY = {
  kind: 'record',
  members: {
    sandbox: {
      shape: words('disabled', 'standard', 'strict'),
      help: 'how far a program is shut in',
      noEffect: NEVER_RUN,
      holds: ['standard', 'strict'],
    },
    filesystem: { shape: one(BOOLEAN, 'readonly', NEVER_RUN, [true]), help: 'files of the machine' },
    network: {
      shape: one(words('disabled', 'restricted', 'enabled'), 'mode', NEVER_RUN, ['disabled', 'restricted']),
      help: 'network of the machine',
    },
    artifacts: {
      shape: one(BOOLEAN, 'require_signatures', 'every job gets a signed receipt', [true]),
      help: 'what is kept',
    },
  },
} as const satisfies RecordShape;
