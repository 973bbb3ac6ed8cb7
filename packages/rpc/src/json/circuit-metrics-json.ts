import type { CircuitMetrics } from '../entries/internal.ts';
import { byName, type JsonObject } from './json-object.ts';

type Readable<T> = { readonly [K in keyof T]: T[K] extends string[] ? readonly string[] : Readonly<T[K]> };

/** The measures of a circuit as `/api/v1/validate` shows them. */
export const circuitMetricsJson = (
  metrics: Readable<Omit<CircuitMetrics, '$typeName' | '$unknown'>>,
): JsonObject => ({
  qubits: metrics.qubits,
  bits: metrics.bits,
  depth: metrics.depth,
  gate_count: metrics.gateCount,
  active_qubits: metrics.activeQubits,
  two_qubit_gates: metrics.twoQubitGates,
  measurements: metrics.measurements,
  dynamic: metrics.dynamic,
  parameters: [...metrics.parameters],
  gates: byName(metrics.gates),
});
