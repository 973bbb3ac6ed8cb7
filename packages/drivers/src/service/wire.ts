import type { Observable } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import * as api from '@qfs/rpc/api';
import * as internal from '@qfs/rpc/internal';
import type { Binding } from '@qfs/simulator';
import type {
  CancelOutcome,
  CircuitFormat,
  DeviceAvailability,
  ExecutionItem,
  ExecutionState,
  ExecutionStatus,
} from '../contract.ts';
import type { ExecutionAddress, ManagedDevice } from '../manager.ts';

const FORMATS: Readonly<Record<CircuitFormat, internal.CircuitFormat>> = {
  aqo_json: internal.CircuitFormat.AQO_JSON,
  qasm3_text: internal.CircuitFormat.QASM3_TEXT,
};

const AVAILABILITIES: Readonly<Record<DeviceAvailability, api.DeviceStatus>> = {
  online: api.DeviceStatus.ONLINE,
  offline: api.DeviceStatus.OFFLINE,
  calibrating: api.DeviceStatus.CALIBRATING,
  maintenance: api.DeviceStatus.MAINTENANCE,
  error: api.DeviceStatus.ERROR_STATUS,
};

/** A lost execution is a failed one whose reason says whether it may be submitted again. */
const STATES: Readonly<Record<ExecutionState, internal.ExecutionState>> = {
  queued: internal.ExecutionState.QUEUED,
  running: internal.ExecutionState.RUNNING,
  succeeded: internal.ExecutionState.SUCCEEDED,
  failed: internal.ExecutionState.FAILED,
  cancelled: internal.ExecutionState.CANCELLED,
  lost: internal.ExecutionState.FAILED,
};

export const CANCEL_OUTCOMES: Readonly<Record<CancelOutcome, internal.CancelOutcome>> = {
  cancelled: internal.CancelOutcome.CANCELLED,
  requested: internal.CancelOutcome.REQUESTED,
  too_late: internal.CancelOutcome.TOO_LATE,
  unsupported: internal.CancelOutcome.UNSUPPORTED,
};

export function circuitOf(payload: internal.CircuitPayload | undefined, field: string) {
  const format = (Object.keys(FORMATS) as CircuitFormat[]).find((name) => FORMATS[name] === payload?.format);
  if (payload === undefined || format === undefined) {
    throw new QfsError(
      'NOT_IMPLEMENTED',
      `${field} has circuit format ${payload?.format ?? 'none'}; known are ${Object.keys(FORMATS).join(', ')}.`,
    );
  }
  return { format, circuit: payload.data };
}

function inputValue(name: string, input: api.InputValue): number | string | boolean {
  const { value } = input;
  if (value.case === undefined) throw new QfsError('PARAMETER_UNBOUND', `Input "${name}" has no value.`);
  if (value.case !== 'integer') return value.value;
  if (Number.isSafeInteger(Number(value.value))) return Number(value.value);
  throw new QfsError('JOB_SPEC_INVALID', `Input "${name}" is ${value.value}; integers go to ±(2^53 - 1).`);
}

/** Inputs hold for every parameter set; a set's own value wins over an input of the same name. */
function bindingsOf(item: internal.ExecutionItem): Binding[] {
  const shared = Object.entries(item.inputs).map(([name, value]) => [name, inputValue(name, value)] as const);
  if (item.parameters.length === 0) return shared.length === 0 ? [] : [new Map(shared)];
  return item.parameters.map(({ values }) => new Map([...shared, ...Object.entries(values)]));
}

const observableOf = ({ name, terms }: api.Observable): Observable => ({
  ...(name === '' ? {} : { name }),
  terms: terms.map(({ coefficient, paulis }) => ({ coefficient, paulis })),
});

export const itemOf = (item: internal.ExecutionItem, index: number): ExecutionItem => ({
  ...circuitOf(item.payload, `items[${index}]`),
  parameters: bindingsOf(item),
  shots: item.shots,
  seed: Number(item.seed),
  observables: item.observables.map(observableOf),
  memory: item.memory,
  gradients: item.gradients,
  expectationsOnly: item.expectationsOnly,
});

export function deviceMessage({ device, driver, status }: ManagedDevice) {
  return {
    info: {
      deviceId: device.id,
      name: device.name,
      backendType: device.backendType,
      ...statusMessage({ device, driver, status }),
      capabilities: { ...device.properties },
    },
    driver: driver.name,
    qubits: device.qubitsMax,
    formats: device.formats.map((format) => FORMATS[format]),
    slots: device.slots,
    idempotentSubmission: driver.capabilities.idempotentSubmission,
    exact: driver.capabilities.reproducibility === 'exact',
    methods: [...device.methods],
    target: device.target?.slice() ?? new Uint8Array(),
    observables: device.observables ?? false,
    gradients: device.gradients ?? false,
  };
}

export const statusMessage = ({ status }: ManagedDevice) => ({
  status: AVAILABILITIES[status.availability],
  queueDepth: status.queueDepth,
  estimatedWaitSec: Math.ceil(status.estimatedWaitMs / 1000),
});

export function executionMessage({ deviceId, remoteId }: ExecutionAddress, status: ExecutionStatus) {
  const { error, progress, state } = status;
  return {
    remoteId,
    deviceId,
    state: STATES[state],
    progress: progress ?? (state === 'succeeded' ? 1 : 0),
    ...(error === undefined
      ? {}
      : { error: { reason: error.code, message: error.message, metadata: { ...error.metadata } } }),
  };
}
