import { type Metrics, metricsOf, type Program } from '@qfs/circuit';
import type { Diagnostic } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { jcs } from '@qfs/core/json';
import { CircuitFormat, type CircuitPayload } from '@qfs/rpc/internal';
import type { Compiled } from '../compile.ts';
import type { Verdict } from '../validate.ts';

export function circuitMessage(compiled: Compiled) {
  const circuit: Pick<CircuitPayload, 'format' | 'data'> = {
    format: CircuitFormat.AQO_JSON,
    // The cache keeps its own: nobody may change what the next one gets.
    data: compiled.aqo.slice(),
  };
  return {
    circuit,
    qasm: utf8(compiled.qasm),
    aqoDigest: compiled.aqoDigest,
    metrics: metricsMessage(compiled.metrics),
    ...(compiled.plan === undefined ? {} : { plan: compiled.plan.slice() }),
    ...(compiled.report === undefined ? {} : { report: compiled.report.slice() }),
    ...(compiled.layout === undefined ? {} : { finalLayout: [...compiled.layout.final] }),
    diagnostics: compiled.diagnostics.map(diagnosticMessage),
  };
}

/** What an Eigen-Lang program asks for, as the fields of a submission are called. */
function hybridMessage({ defaults, plan }: NonNullable<Verdict['hybrid']>) {
  const { target, shots, seed, optimizationLevel, noiseModel, metadata } = defaults;
  const given = { target, shots, seed, optimization_level: optimizationLevel, noise_model: noiseModel };
  const notes = Object.entries(metadata ?? {}).map(
    ([name, value]) => [`metadata.${name}`, typeof value === 'string' ? value : jcs(value)] as const,
  );
  const valued = plan?.parameters.filter(
    ({ initial }) => plan.minimisation !== undefined || initial !== undefined,
  );
  return {
    defaults: Object.fromEntries([
      ...Object.entries(given).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)]],
      ),
      ...notes,
    ]),
    valued: (valued ?? []).map(({ name }) => name),
  };
}

const metricsMessage = (metrics: Metrics) => ({
  ...metrics,
  gates: { ...metrics.gates },
  parameters: [...metrics.parameters],
});

export const diagnosticMessage = (diagnostic: Diagnostic) => ({
  code: diagnostic.code,
  severity: diagnostic.severity,
  message: diagnostic.message,
  line: diagnostic.line,
  column: diagnostic.column,
  endLine: diagnostic.end_line,
  endColumn: diagnostic.end_column,
  hint: diagnostic.hint ?? '',
  related: (diagnostic.related ?? []).map(({ message, line, column }) => ({ message, line, column })),
});

const sizes = (when: 'before' | 'after', { depth, gateCount, twoQubitGates }: Metrics) => ({
  [`depth_${when}`]: String(depth),
  [`gates_${when}`]: String(gateCount),
  [`two_qubit_gates_${when}`]: String(twoQubitGates),
});

export const optimisedMessage = (before: Program, after: Compiled) => ({
  circuit: circuitMessage(after).circuit,
  metrics: { ...sizes('before', metricsOf(before)), ...sizes('after', after.metrics) },
});

export const verdictMessage = ({ valid, executable, reason, diagnostics, metrics, hybrid }: Verdict) => ({
  valid,
  executable,
  reason: reason ?? '',
  diagnostics: diagnostics.map(diagnosticMessage),
  ...(metrics === undefined ? {} : { metrics: metricsMessage(metrics) }),
  ...(hybrid === undefined ? {} : hybridMessage(hybrid)),
});
