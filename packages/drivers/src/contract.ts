import type { Observable } from '@qfs/circuit';
import type { CancelAnswer, QfsError } from '@qfs/core';
import type { Binding } from '@qfs/simulator';

/** Version of this contract; a driver written against another major version is refused at start. */
export const DRIVER_API_VERSION = '1.0';

export type CircuitFormat = 'aqo_json' | 'qasm3_text';

export type DeviceAvailability = 'online' | 'offline' | 'calibrating' | 'maintenance' | 'error';

/** What does not change about a device while the process runs. */
export interface Device {
  /** `vendor:name`, for example `sim:local`; a job's target. */
  readonly id: string;
  readonly name: string;
  /** `simulator`, or the vendor's family such as `ibmq`. */
  readonly backendType: string;
  readonly qubitsMax: number;
  readonly shotsMax: number;
  readonly formats: readonly CircuitFormat[];
  /** Executions that make progress at once; more of them wait in the device's own queue. */
  readonly slots: number;
  /** Simulation methods, or empty. */
  readonly methods: readonly string[];
  /** The target document that circuits are compiled for (`writeTarget`); absent: any gate on any qubits. */
  readonly target?: Uint8Array;
  /** Gives expectation values itself; elsewhere they are estimated from counts. */
  readonly observables?: boolean;
  /** Gives the derivatives of exact expectation values by the inputs of the circuit. */
  readonly gradients?: boolean;
  /** Anything else a person or a scheduler may want to know, as text. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface DeviceStatus {
  readonly availability: DeviceAvailability;
  /** Executions accepted and not ended. */
  readonly queueDepth: number;
  readonly estimatedWaitMs: number;
  /** Why it is not online. */
  readonly detail?: string;
}

export interface DriverCapabilities {
  readonly apiVersion: string;
  /**
   * Is a second `submit` with the same token the same execution? Only then may a lost execution be submitted
   * again; otherwise it could run, and be paid for, twice.
   */
  readonly idempotentSubmission: boolean;
  /** `exact`: equal requests give equal bytes. `statistical`: equal distributions. */
  readonly reproducibility: 'exact' | 'statistical';
  readonly cancellation: 'supported' | 'best_effort' | 'unsupported';
}

/** One batch item: a compiled circuit and how often, from which seed and with which values it runs. */
export interface ExecutionItem {
  readonly format: CircuitFormat;
  readonly circuit: Uint8Array;
  /** One result per binding; an empty list stands for one empty binding. */
  readonly parameters: readonly Binding[];
  readonly shots: number;
  readonly seed: number;
  readonly observables: readonly Observable[];
  /** Also report the outcome of every shot. */
  readonly memory: boolean;
  /** Also the derivatives of every expectation value by the circuit's inputs, in their order. */
  readonly gradients?: boolean;
  /** Where there are observables, counts are not wanted; a device may give them nevertheless. */
  readonly expectationsOnly?: boolean;
}

/** A whole batch: it is admitted, run, cancelled and answered as one. */
export interface ExecutionRequest {
  readonly jobId: string;
  /** 1 for the first try of a job. */
  readonly attempt: number;
  readonly deviceId: string;
  readonly items: readonly ExecutionItem[];
  /**
   * Settings by name, as the job gave them: `method`, `precision`, `fast`, and whatever the device documents.
   */
  readonly options: Readonly<Record<string, string>>;
  /** Time the execution may take once it runs; waiting in the device's queue does not count. */
  readonly timeLimitMs?: number;
}

export interface ExecutionCost {
  /** Memory the execution reserves on our own machines; 0 on devices elsewhere. */
  readonly memoryBytes: number;
  /** Units of work, comparable between executions on one device. */
  readonly operations: number;
  /** What the device charges, in `priceUnit`; 0 and no unit where nothing is charged. */
  readonly price: number;
  readonly priceUnit: string;
  /** Which of the device's methods would be used; empty where there is no choice. */
  readonly method: string;
}

/** An admitted batch in the driver's own form. Nothing outside the process knows of it yet. */
export interface PreparedExecution {
  readonly cost: ExecutionCost;
  /**
   * Hands the batch to the backend and resolves with the backend's own id of it. The caller makes that id
   * durable before it does anything else. The token is the same when the same submission is repeated. A
   * backend that takes part in traces is told the W3C traceparent.
   */
  submit(token: string, traceparent?: string): Promise<string>;
}

/**
 * `lost`: the backend does not know this remote id (any more). Whether it may be submitted again is for
 * `idempotentSubmission` to say.
 */
export type ExecutionState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'lost';

export interface ExecutionStatus {
  readonly state: ExecutionState;
  /** 0…1, where the backend reports it. */
  readonly progress?: number;
  /** Why a `failed` or `lost` execution is so. */
  readonly error?: QfsError;
}

/**
 * What a cancellation achieved; recorded with the job. `cancelled`: it did not and will not produce results.
 * `requested`: the backend was told, and the end is still to be watched for. `too_late`: it has ended by
 * itself.
 */
export type CancelOutcome = CancelAnswer;

export interface ExecutionResult {
  /** The results document in the canonical form of `writeResults` of `@qfs/circuit`. */
  readonly results: Uint8Array;
  /**
   * Facts about the run that are not part of the result: `driver` and `driver_version`, as every driver says
   * them; what else clause REC-2 names of the execution, as far as it is known; how long it took.
   */
  readonly metadata: Readonly<Record<string, string>>;
  readonly calibration?: CalibrationSnapshot;
}

/** State of the device's calibration when it was read: stored beside the results that it explains. */
export interface CalibrationSnapshot {
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/**
 * A way to a family of devices. Calls reject with a QfsError whose code decides about retrying; anything else
 * thrown counts as a driver's bug and becomes `BACKEND_UNAVAILABLE`. At least one of `poll` and `watch` is
 * there.
 */
export interface Driver {
  /** Short and stable: a metric label and part of the results' provenance. */
  readonly name: string;
  readonly capabilities: DriverCapabilities;
  /** Devices worth listing. */
  devices(): readonly Device[];
  /** The device of this id, listed or not (a driver may know families of ids). */
  findDevice(deviceId: string): Device | undefined;
  status(deviceId: string): Promise<DeviceStatus>;
  /** Translates and admits the batch; refuses what can never run, for example with CIRCUIT_TOO_LARGE. */
  prepare(request: ExecutionRequest): Promise<PreparedExecution>;
  /**
   * Prepares, submits, awaits and fetches in one call: the short way for drivers with idempotent submission
   * that run the batch in this process. The execution has no remote id; the signal ends it.
   */
  run?(request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionResult>;
  poll?(remoteId: string): Promise<ExecutionStatus>;
  /** The present status at once, then every change; ends after a terminal one or when the signal fires. */
  watch?(remoteId: string, signal: AbortSignal): AsyncIterable<ExecutionStatus>;
  /** Safe to repeat. */
  cancel(remoteId: string): Promise<CancelOutcome>;
  /** Results of a succeeded execution, any number of times while the backend keeps them. */
  fetch(remoteId: string): Promise<ExecutionResult>;
  calibration(deviceId: string): Promise<CalibrationSnapshot | undefined>;
  /** Asked once after loading; a backend that is not ready is told of in the log, and may be later. */
  healthcheck?(): Promise<{ readonly ready: boolean; readonly reason?: string }>;
  /**
   * Gives up connections. Executions at a backend elsewhere go on, and are found again by their remote id.
   */
  close(): Promise<void>;
}

export const isTerminal = (state: ExecutionState): boolean => state !== 'queued' && state !== 'running';
