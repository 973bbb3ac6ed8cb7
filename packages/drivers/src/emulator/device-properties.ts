import { type DeviceDescription, deviceVersion } from '@qfs/circuit/device';

/** What a device tells of itself, as text; lists and objects as JSON. */
export function deviceProperties(device: DeviceDescription): Readonly<Record<string, string>> {
  const { basisGates, calibration, coupling, directed, durations, price, qubits, queue } = device;
  return {
    qubits: String(qubits),
    coupling_map: coupling === 'all_to_all' ? coupling : JSON.stringify(coupling),
    directed: String(directed),
    basis_gates: basisGates.join(','),
    durations: JSON.stringify(Object.fromEntries([...durations].sort())),
    device_version: deviceVersion(device),
    target_compiled: 'true',
    options: 'method,precision,fast,noise_model,strict',
    ...(queue.waitMs > 0 && { queue_wait_ms: String(queue.waitMs) }),
    ...(price && { price: `${price.perTask} per task and ${price.perShot} per shot, in ${price.unit}` }),
    ...(calibration && { calibration_taken_at: calibration.takenAt, noise: noiseSummary(device) }),
  };
}

/** Medians of the calibration in one line; empty for an ideal device. */
export function noiseSummary({ calibration }: DeviceDescription): string {
  if (calibration === undefined) return '';
  const { qubits, pairs } = calibration;
  const of = (values: readonly number[]): number => median(values);
  const parts = [
    `T1 ${durationText(of(qubits.map(({ t1 }) => t1)))}`,
    `T2 ${durationText(of(qubits.map(({ t2 }) => t2)))}`,
    `one-qubit error ${percent(of(qubits.map(({ gateError }) => gateError)))}`,
    ...(pairs.length === 0
      ? []
      : [`two-qubit error ${percent(of(pairs.map(({ gateError }) => gateError)))}`]),
    `readout error ${percent(of(qubits.flatMap(({ readoutError }) => readoutError)))}`,
  ];
  return `medians: ${parts.join(', ')}`;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const percent = (value: number): string => `${Number((100 * value).toPrecision(3))} %`;

const UNITS = [
  { unit: 's', seconds: 1 },
  { unit: 'ms', seconds: 1e-3 },
  { unit: 'µs', seconds: 1e-6 },
  { unit: 'ns', seconds: 1e-9 },
  { unit: 's', seconds: 0 },
] as const;

export function durationText(seconds: number): string {
  const { unit } = UNITS.find((row) => seconds >= row.seconds)!;
  const scale = { s: 1, ms: 1e3, µs: 1e6, ns: 1e9 }[unit];
  return `${Number((seconds * scale).toPrecision(3))} ${unit}`;
}
