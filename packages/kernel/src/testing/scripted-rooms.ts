import { ERRORS, type ErrorCode, isErrorCode, QfsError } from '@qfs/core';
import { digestOf, utf8, utf8Decode } from '@qfs/core/exact';
import { cos, sin } from '@qfs/core/math';
import { type HybridPlan, writePlan } from '@qfs/hybrid';
import type { CompilationService, DriverManagerService, ServiceImpl } from '@qfs/rpc';
import { DeviceStatus } from '@qfs/rpc/api';
import {
  CancelOutcome,
  CircuitFormat,
  type ExecutionItem,
  ExecutionState,
  type SubmitExecutionRequest,
  type WatchExecutionResponse,
} from '@qfs/rpc/internal';

/**
 * A compiler that does what the text of a program says, one word per line: `error CODE` does not compile;
 * `flaky N` is away the first N times; `restless` gives other bytes every time; `searches METHOD` is a hybrid
 * program with the parameters a and b; `laid_out yes` puts two qubits on the qubits 2 and 0 of three.
 */
export class ScriptedCompiler {
  readonly handlers: Partial<ServiceImpl<typeof CompilationService>>;
  /** Programs compiled, by text, and the targets that they were compiled for, as text. */
  readonly compiled: string[] = [];
  readonly targets: string[] = [];
  /** While set, compilations wait for it. */
  gate: Promise<void> | undefined;
  readonly #calls = new Map<string, number>();

  constructor() {
    this.handlers = {
      compileBatch: async ({ items }) => {
        await this.gate;
        this.targets.push(...items.map(({ target }) => text(target)));
        return { items: items.map(({ source }) => this.#compile(text(source))) };
      },
    };
  }

  #compile(source: string) {
    const calls = (this.#calls.get(source) ?? 0) + 1;
    this.#calls.set(source, calls);
    const words = new Map(source.split('\n').map((line) => line.split(' ') as [string, string]));
    const failure = words.get('error');
    if (failure !== undefined) {
      const diagnostics = [{ code: 'PLANTED', severity: 'error', message: 'planted', line: 1, column: 2 }];
      return { reason: failure, message: `planted ${failure}`, diagnostics };
    }
    if (calls <= Number(words.get('flaky') ?? 0)) throw new QfsError('BACKEND_UNAVAILABLE', 'no compiler');
    this.compiled.push(source);
    const aqo = utf8(`{"aqo":${JSON.stringify(source)}${words.has('restless') ? `,"n":${calls}` : ''}}`);
    return {
      circuit: { format: CircuitFormat.AQO_JSON, data: aqo },
      qasm: utf8(`OPENQASM 3.0; // ${source.split('\n')[0]}\n`),
      aqoDigest: digestOf(aqo),
      ...(words.has('searches') ? { plan: planOf(words.get('searches') as Method) } : {}),
      ...(words.has('laid_out') ? { finalLayout: [2, 0], metrics: { qubits: 3 } as never } : {}),
      ...(words.has('reports') ? { report: utf8('{"passes":[]}') } : {}),
    };
  }
}

type Method = NonNullable<HybridPlan['minimisation']>['method'];

const planOf = (method: Method): Uint8Array =>
  writePlan({
    entrypoint: 'main',
    parameters: [{ name: 'a' }, { name: 'b' }],
    observable: { terms: [{ coefficient: 1, paulis: 'Z' }] },
    minimisation: { method, start: [0.3, -0.2] },
    outputs: { energy: { $optimum: 'fun' } },
  });

const text = (bytes: Uint8Array): string => {
  const decoded = utf8Decode(bytes);
  return typeof decoded === 'string' ? decoded : decoded.ok ? decoded.value : '';
};

interface Execution {
  readonly request: SubmitExecutionRequest;
  state: ExecutionState;
  progress: number;
  error?: { reason: string; message: string };
  readonly watchers: Set<() => void>;
}

/** What a call of a role meets that is not there, as the way between processes says it. */
export const roleAway = (role: string): QfsError =>
  new QfsError('ROLE_UNAVAILABLE', `The ${role} does not answer.`, {
    metadata: { role, reached: 'no' },
    retryAfterMs: 500,
  });

/** What a device does with a submission. */
export type Behaviour =
  | 'succeed'
  | 'hold'
  | 'lose_answer'
  | 'incomplete'
  | `refuse ${ErrorCode}`
  | `fail ${ErrorCode}`;

/** Devices that do what the test says, and outlive the kernels of the test. */
export class ScriptedDevices {
  readonly handlers: Partial<ServiceImpl<typeof DriverManagerService>>;
  readonly executions = new Map<string, Execution>();
  /** Tokens of executions that were run in one call, in order. */
  readonly runs: string[] = [];
  /** Told before each of them; may throw, and may take its time. */
  onRun: (token: string) => Promise<void> | void = () => undefined;
  /** Submissions in order, also those that were refused: `token → behaviour`. */
  readonly submissions: string[] = [];
  /** What happens to the next submissions, in order; then `otherwise`. */
  script: Behaviour[] = [];
  otherwise: Behaviour = 'succeed';
  cancelAnswer: CancelOutcome = CancelOutcome.CANCELLED;
  /** What a watcher meets instead of an answer, as often as it says. */
  silences = 0;
  slots = 2;
  /** The document of what circuits are compiled for. */
  target: Uint8Array = new Uint8Array();
  readonly qubits = 27;
  idempotent = true;
  /** Forms of circuits that the device takes; empty: it does not say. */
  formats: CircuitFormat[] = [];
  /** Remote ids that were told to stop, in order. */
  readonly cancelled: string[] = [];
  #connection = 0;

  constructor() {
    const find = (remoteId: string): Execution => {
      const execution = this.executions.get(remoteId);
      if (execution === undefined) throw new QfsError('ENGINE_LOST', `${remoteId} is not known`);
      return execution;
    };
    this.handlers = {
      listDevices: () => ({
        devices: [
          {
            info: {
              deviceId: 'sim:local',
              name: 'Simulator',
              backendType: 'simulator',
              status: DeviceStatus.ONLINE,
            },
            slots: this.slots,
            qubits: this.qubits,
            idempotentSubmission: this.idempotent,
            formats: this.formats,
            exact: true,
            observables: true,
            gradients: true,
            target: this.target,
          },
        ],
      }),
      getDeviceStatus: ({ deviceId }) => {
        if (deviceId !== 'sim:local') throw new QfsError('DEVICE_NOT_FOUND', `no device ${deviceId}`);
        return { deviceId, status: DeviceStatus.ONLINE, queueDepth: 2, estimatedWaitSec: 4 };
      },
      estimateExecution: ({ items, options }) => ({
        memoryBytes: BigInt(items.reduce((sum, { payload }) => sum + (payload?.data.length ?? 0), 0)),
        cost: items.length,
        costUnit: 'credits',
        method: options.method ?? 'auto',
      }),
      runExecution: async ({ submission }, { signal }) => {
        if (submission === undefined) throw new QfsError('REQUEST_INVALID', 'nothing to run');
        this.runs.push(submission.idempotencyToken);
        await Promise.race([this.onRun(submission.idempotencyToken), abortOf(signal)]);
        return { results: utf8(resultsOf(submission)), metadata: { driver: 'scripted' } };
      },
      submitExecution: (request) => ({ remoteId: this.#submit(request) }),
      watchExecution: ({ remoteId }, { signal }) => this.#watch(remoteId, signal),
      cancelExecution: ({ remoteId }) => {
        this.cancelled.push(remoteId);
        if (this.cancelAnswer === CancelOutcome.CANCELLED) this.settle(remoteId, ExecutionState.CANCELLED);
        return { outcome: this.cancelAnswer };
      },
      fetchExecution: ({ remoteId }) => {
        const { request } = find(remoteId);
        if (request.items.length === 0) throw new QfsError('RESULT_INCOMPLETE', 'partial');
        return { results: utf8(resultsOf(request)), metadata: { driver: 'scripted' } };
      },
    };
  }

  /** Executions that have not ended. */
  get held(): string[] {
    const running = ExecutionState.RUNNING;
    return [...this.executions].filter(([, { state }]) => state === running).map(([remoteId]) => remoteId);
  }

  settle(remoteId: string, state: ExecutionState, reason = ''): void {
    const execution = this.executions.get(remoteId);
    if (execution === undefined || execution.state !== ExecutionState.RUNNING) return;
    execution.state = state;
    if (reason !== '') execution.error = { reason, message: `planted ${reason}` };
    for (const wake of execution.watchers) wake();
  }

  /** Tells the watchers of an execution how far it is, from 0 to 1. */
  advance(remoteId: string, progress: number): void {
    const execution = this.executions.get(remoteId);
    if (execution === undefined) return;
    execution.progress = progress;
    for (const wake of execution.watchers) wake();
  }

  /** Ends every watch, as when the process that drives the devices goes. */
  cut(): void {
    this.#connection += 1;
    for (const { watchers } of this.executions.values()) for (const wake of watchers) wake();
  }

  /** As when the process of the devices ended. */
  forget(): void {
    this.executions.clear();
  }

  #submit(request: SubmitExecutionRequest): string {
    const token = request.idempotencyToken;
    const remoteId = `remote:${token}`;
    const known = this.executions.has(remoteId);
    const behaviour = this.script.shift() ?? this.otherwise;
    this.submissions.push(`${token} ${behaviour}`);
    const [verb, code = ''] = behaviour.split(' ');
    if (verb === 'refuse' && isErrorCode(code)) throw new QfsError(code, `planted ${code}`);
    if (!known) this.#start(remoteId, request);
    if (verb === 'succeed') this.settle(remoteId, ExecutionState.SUCCEEDED);
    if (verb === 'fail') this.settle(remoteId, ExecutionState.FAILED, code);
    if (verb === 'incomplete') this.settle(remoteId, ExecutionState.FAILED, 'RESULT_INCOMPLETE');
    if (verb === 'lose_answer') throw new QfsError('BACKEND_UNAVAILABLE', 'the answer was lost');
    return remoteId;
  }

  #start(remoteId: string, request: SubmitExecutionRequest): void {
    this.executions.set(remoteId, {
      request,
      state: ExecutionState.RUNNING,
      progress: 0,
      watchers: new Set(),
    });
  }

  async *#watch(remoteId: string, signal: AbortSignal): AsyncGenerator<Partial<WatchExecutionResponse>> {
    if (this.silences > 0) {
      this.silences -= 1;
      throw new QfsError('BACKEND_UNAVAILABLE', 'nobody answers');
    }
    const connection = this.#connection;
    for (;;) {
      if (connection !== this.#connection) throw roleAway('drivers');
      const execution = this.executions.get(remoteId);
      const state = execution?.state ?? ExecutionState.FAILED;
      const progress = execution?.progress ?? 0;
      const error =
        execution === undefined ? { reason: 'ENGINE_LOST', message: 'not known' } : execution.error;
      yield { execution: { remoteId, deviceId: 'sim:local', state, progress, error } as never };
      if (state !== ExecutionState.RUNNING || execution === undefined) return;
      await new Promise<void>((resolve) => {
        execution.watchers.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      if (signal.aborted) return;
    }
  }
}

const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Counts that depend on everything a result may depend on, and cos a + cos b of parameters. */
const resultsOf = ({ items }: SubmitExecutionRequest): string =>
  JSON.stringify({
    items: items.map((item) => (item.observables.length === 0 ? plainItem(item) : evaluatedItem(item))),
    version: '1.0.0',
  });

const plainItem = ({ shots, seed }: ExecutionItem) => ({
  counts: { '00': shots },
  seed: String(seed),
});

const evaluatedItem = ({ shots, seed, parameters, observables, gradients }: ExecutionItem) => ({
  results: parameters.map(({ values: { a = 0, b = 0 } }) => ({
    counts: shots === 0 ? {} : { '0': shots },
    shots,
    seed: Number(seed),
    expectation_values: observables.map(() => ({
      value: cos(a) + cos(b) + (shots === 0 ? 0 : Number(seed % 7n) / 1_000),
      std_error: shots === 0 ? 0 : 0.01,
    })),
    ...(gradients ? { gradients: observables.map(() => [-sin(a), -sin(b)]) } : {}),
    outputs: {},
    warnings: [],
    metadata: {
      method: 'scripted',
      precision: 'double',
      fast: false,
      engine: 'scripted',
      engine_version: '1',
      aqo_digest: 'sha256:00',
      qubits: 1,
    },
  })),
});

/** Every reason of the table, for tests that walk over it. */
export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];
