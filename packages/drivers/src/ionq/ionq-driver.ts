import { writeResults } from '@qfs/circuit';
import { QfsError, type Timers } from '@qfs/core';
import { type JsonValue, stringifyJson } from '@qfs/core/json';
import { backendError } from '../backend-error.ts';
import {
  type CalibrationSnapshot,
  type CancelOutcome,
  type Device,
  type DeviceStatus,
  DRIVER_API_VERSION,
  type Driver,
  type DriverCapabilities,
  type ExecutionCost,
  type ExecutionRequest,
  type ExecutionResult,
  type ExecutionStatus,
  isTerminal,
  type PreparedExecution,
} from '../contract.ts';
import { BackendList } from './backend-list.ts';
import { IonqClient, type IonqClientOptions, memberOf, numberAt, textAt } from './ionq-client.ts';
import {
  gatesBody,
  idempotencyKey,
  noteOf,
  type RemoteCircuit,
  remoteCircuits,
  textBody,
} from './remote-circuit.ts';
import { type RemoteOutcome, remoteResults } from './remote-results.ts';
import { remoteState, wholeStatus } from './remote-status.ts';

const NAME = 'qfs-remote';
/** Rises with every change of what is sent to the backend, or of how its answers are read. */
const DRIVER_VERSION = '1.0.0';
/** How long a start waits for the backends; later they are listed when they answer. */
const FIRST_LIST_MS_MAX = 5_000;
/** Between the ids of an execution's jobs. */
const SEPARATOR = ',';
/** Pauses between two looks at an execution: short ones for short circuits, then longer and longer ones. */
const LOOK_MS_MIN = 50;
const LOOK_MS_MAX = 2_000;
const LOOK_GROWTH = 1.5;
/** Pauses in a row after which a backend that does not answer counts as gone. */
const SILENCE_MS_MAX = 120_000;
/** Answers to a circuit that the backend looked at and does not take. */
const REFUSALS: ReadonlySet<string> = new Set(['JOB_SPEC_INVALID', 'NOT_IMPLEMENTED']);
/** How long a cancellation is watched before it counts as requested. */
const CANCEL_MS_MAX = 5_000;

export interface IonqDriverOptions extends IonqClientOptions {
  /** In front of the backends' names in device ids: `remote` gives `remote:simulator`. */
  readonly prefix: string;
  readonly timers: Timers;
}

/** Devices of a backend that speaks IonQ's REST API, version 0.4, as another QFS does. */
export async function createIonqDriver(options: IonqDriverOptions): Promise<Driver> {
  const client = new IonqClient(options);
  const backends = new BackendList(client, options.prefix);
  const waited = Promise.withResolvers<void>();
  const stop = options.timers.after(FIRST_LIST_MS_MAX, waited.resolve);
  await Promise.race([backends.refresh(), waited.promise]);
  stop();
  return new IonqDriver(client, backends, options.timers);
}

/** Where a job goes, whose it is, and in which trace. */
interface SubmissionAddress {
  readonly backend: string;
  readonly jobId: string;
  readonly traceparent: string | undefined;
}

class IonqDriver implements Driver {
  readonly name = NAME;
  readonly #client: IonqClient;
  readonly #backends: BackendList;
  readonly #timers: Timers;

  constructor(client: IonqClient, backends: BackendList, timers: Timers) {
    this.#client = client;
    this.#backends = backends;
    this.#timers = timers;
  }

  /** Not told by the backend, a second submission counts as a second execution. */
  get capabilities(): DriverCapabilities {
    return {
      apiVersion: DRIVER_API_VERSION,
      idempotentSubmission: this.#backends.idempotent,
      reproducibility: 'statistical',
      cancellation: 'best_effort',
    };
  }

  devices(): readonly Device[] {
    return this.#backends.devices();
  }

  findDevice(deviceId: string): Device | undefined {
    return this.#backends.find(deviceId);
  }

  async status(deviceId: string): Promise<DeviceStatus> {
    const backend = await this.#client.send('GET', `/backends/${this.#pathOf(deviceId)}`);
    const told = textAt(backend, 'status') ?? '';
    const online = told === 'available' || told === 'running';
    return {
      availability: online ? 'online' : told === 'calibrating' ? 'calibrating' : 'offline',
      queueDepth: 0,
      estimatedWaitMs: Math.max(0, numberAt(backend, 'average_queue_time') ?? 0),
      ...(online ? {} : { detail: `The backend is ${told}.` }),
    };
  }

  async prepare(request: ExecutionRequest): Promise<PreparedExecution> {
    const circuits = remoteCircuits(request);
    const backend = this.#backends.nameOf(request.deviceId);
    const cost = await this.#cost(backend, circuits);
    const { jobId } = request;
    const submit = (token: string, traceparent?: string): Promise<string> =>
      this.#submit(circuits, { backend, jobId, traceparent }, token);
    return { cost, submit };
  }

  async poll(remoteId: string): Promise<ExecutionStatus> {
    return wholeStatus((await this.#jobs(remoteId)).map(remoteState));
  }

  /** An execution goes on while nobody answers for it, so that it is asked for again for a good while. */
  async *watch(remoteId: string, signal: AbortSignal): AsyncGenerator<ExecutionStatus, void> {
    let last = '';
    let silentMs = 0;
    for (let pauseMs = LOOK_MS_MIN; ; pauseMs = Math.min(LOOK_MS_MAX, pauseMs * LOOK_GROWTH)) {
      const status = await this.#look(remoteId, silentMs);
      silentMs = status === undefined ? silentMs + pauseMs : 0;
      const seen = status === undefined ? last : `${status.state} ${status.progress}`;
      if (status !== undefined && seen !== last) yield status;
      last = seen;
      if (signal.aborted || (status !== undefined && isTerminal(status.state))) return;
      await this.#pause(pauseMs, signal);
      if (signal.aborted) return;
    }
  }

  /** Undefined while the backend is silent, and not yet for too long. */
  async #look(remoteId: string, silentMs: number): Promise<ExecutionStatus | undefined> {
    try {
      return await this.poll(remoteId);
    } catch (thrown) {
      if (thrown instanceof QfsError && thrown.row.retryable && silentMs < SILENCE_MS_MAX) return undefined;
      throw thrown;
    }
  }

  /** Told to each job, then watched for a while: at once a backend often says only that it heard. */
  async cancel(remoteId: string): Promise<CancelOutcome> {
    for (const path of pathsOf(remoteId)) {
      if ((await this.#client.find(path)) !== undefined)
        await this.#client.send('PUT', `${path}/status/cancel`);
    }
    const stop = new AbortController();
    const forget = this.#timers.after(CANCEL_MS_MAX, () => stop.abort());
    let outcome: CancelOutcome = 'requested';
    for await (const { state } of this.watch(remoteId, stop.signal)) {
      if (state === 'cancelled' || state === 'lost') outcome = 'cancelled';
      else if (isTerminal(state)) outcome = 'too_late';
    }
    forget();
    return outcome;
  }

  async fetch(remoteId: string): Promise<ExecutionResult> {
    const jobs = await this.#jobs(remoteId);
    const { state, error } = wholeStatus(jobs.map(remoteState));
    if (state !== 'succeeded') throw error ?? noResults(remoteId, state, this.#backends.idempotent);
    const paths = pathsOf(remoteId);
    const outcomes: RemoteOutcome[] = [];
    for (const [index, job] of jobs.entries()) outcomes.push(await this.#outcome(job!, paths[index]!));
    const backend = textAt(jobs[0], 'backend') ?? '';
    const calibration = await this.#characterization(backend);
    const milliseconds = jobs.reduce<number>(
      (sum, job) => sum + (numberAt(job, 'execution_duration_ms') ?? 0),
      0,
    );
    return {
      results: writeResults(remoteResults(outcomes, backend)),
      metadata: {
        driver: NAME,
        driver_version: DRIVER_VERSION,
        engine: backend,
        remote_id: remoteId,
        execution_time_ms: milliseconds.toFixed(3),
        ...(await this.#charge(remoteId)),
      },
      ...(calibration === undefined ? {} : { calibration }),
    };
  }

  calibration(deviceId: string): Promise<CalibrationSnapshot | undefined> {
    return this.#characterization(this.#backends.nameOf(deviceId));
  }

  /** Executions live at the backend; nothing of them is here. */
  async close(): Promise<void> {}

  #pathOf(deviceId: string): string {
    return encodeURIComponent(this.#backends.nameOf(deviceId));
  }

  async #cost(backend: string, circuits: readonly RemoteCircuit[]): Promise<ExecutionCost> {
    const shots = circuits.reduce((sum, { note }) => sum + note.shots, 0);
    const qubits = circuits.reduce((most, { note }) => Math.max(most, note.qubits), 0);
    const query = new URLSearchParams({
      backend,
      type: 'ionq.qasm3.v1',
      shots: `${shots}`,
      qubits: `${qubits}`,
    });
    const estimate = await this.#client.find(`/jobs/estimate?${query}`);
    const price = Math.max(0, numberAt(estimate, 'estimated_cost') ?? 0);
    const priceUnit = price === 0 ? '' : (textAt(estimate, 'cost_unit') ?? '');
    return { memoryBytes: 0, operations: shots, price, priceUnit, method: '' };
  }

  /** What the backend charged for all jobs together, where it did. */
  async #charge(remoteId: string): Promise<Readonly<Record<string, string>>> {
    const answers = await Promise.all(pathsOf(remoteId).map((path) => this.#client.find(`${path}/cost`)));
    const costs = answers.map((answer) => memberOf(answer, 'cost'));
    const cost = costs.reduce<number>((sum, one) => sum + (numberAt(one, 'value') ?? 0), 0);
    return cost === 0 ? {} : { cost: String(cost), cost_unit: textAt(costs[0], 'unit') ?? '' };
  }

  /** One job per circuit; those that were taken before one is refused are given up again. */
  async #submit(
    circuits: readonly RemoteCircuit[],
    address: SubmissionAddress,
    token: string,
  ): Promise<string> {
    const ids: string[] = [];
    try {
      for (const [index, circuit] of circuits.entries()) {
        const key = idempotencyKey(token, index);
        const answer = await this.#post(circuit, address, key);
        const id = textAt(answer, 'id');
        if (id === undefined || id === '' || id.includes(SEPARATOR))
          throw backendError('unavailable', 'The backend took a job and did not say which.');
        ids.push(id);
      }
    } catch (thrown) {
      const refused = thrown instanceof QfsError && !thrown.row.retryable;
      if (refused && ids.length > 0) await this.cancel(ids.join(SEPARATOR)).catch(() => undefined);
      throw thrown;
    }
    return ids.join(SEPARATOR);
  }

  /** As OpenQASM 3; as gates for a backend that does not take that, if the circuit is no more than gates. */
  async #post(
    circuit: RemoteCircuit,
    { backend, jobId, traceparent }: SubmissionAddress,
    key: string,
  ): Promise<JsonValue> {
    const trace: Record<string, string> = traceparent === undefined ? {} : { traceparent };
    const send = (body: object, ofKey: string): Promise<JsonValue> =>
      this.#client.send('POST', '/jobs', body, { 'idempotency-key': ofKey, ...trace });
    try {
      return await send(textBody(circuit, backend, jobId), key);
    } catch (thrown) {
      const gates = gatesBody(circuit, backend, jobId);
      const refused = thrown instanceof QfsError && REFUSALS.has(thrown.code);
      if (!refused || gates === undefined) throw thrown;
      return send(gates, `${key}/gates`);
    }
  }

  #jobs(remoteId: string): Promise<(JsonValue | undefined)[]> {
    return Promise.all(pathsOf(remoteId).map((path) => this.#client.find(path)));
  }

  async #outcome(job: JsonValue, path: string): Promise<RemoteOutcome> {
    const note = noteOf(job);
    if (note === undefined)
      throw new QfsError('RESULT_INCOMPLETE', `${path} does not say which circuit it is.`);
    const histogram =
      (await this.#client.find(`${path}/results/histogram`)) ??
      (await this.#client.find(`${path}/results/probabilities`)) ??
      null;
    const shots = note.memory ? await this.#client.find(`${path}/results/shots`) : undefined;
    return { note, histogram, shots };
  }

  async #characterization(backend: string): Promise<CalibrationSnapshot | undefined> {
    const answer = await this.#client.find(
      `/backends/${encodeURIComponent(backend)}/characterizations?limit=1`,
    );
    const list = memberOf(answer, 'characterizations');
    const [newest] = Array.isArray(list) ? list : [];
    if (newest === undefined) return undefined;
    return { contentType: 'application/json', bytes: new TextEncoder().encode(stringifyJson(newest)) };
  }

  async #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = this.#timers.after(milliseconds, resolve);
    const abort = (): void => resolve();
    signal.addEventListener('abort', abort, { once: true });
    await promise;
    stop();
    signal.removeEventListener('abort', abort);
  }
}

const pathsOf = (remoteId: string): string[] =>
  remoteId.split(SEPARATOR).map((id) => `/jobs/${encodeURIComponent(id)}`);

function noResults(remoteId: string, state: string, idempotent: boolean): QfsError {
  const lost = idempotent ? 'ENGINE_LOST' : 'EXECUTION_LOST';
  const code = state === 'lost' ? lost : state === 'cancelled' ? 'CANCELLED' : 'JOB_NOT_TERMINAL';
  return new QfsError(code, `Execution ${remoteId.slice(0, 200)} is ${state} and has no results.`);
}
