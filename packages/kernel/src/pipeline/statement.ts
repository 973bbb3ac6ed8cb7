import { digestOf as digestText, hex, utf8 } from '@qfs/core/exact';
import { type NamedDigest, STATEMENT_ITEMS_MAX, STATEMENT_NAME, writeStatement } from '@qfs/receipts';
import { itemArtifact, type JobSpec } from '../spec/job-spec.ts';
import type { TerminalState } from '../states.ts';
import type { JobRow, ManifestEntry } from '../store/rows.ts';
import type { NewArtifact } from './artifacts.ts';

/** What a device says of a run that belongs to the truth about it; durations and hosts do not. */
const EXECUTION_FACTS: readonly string[] = [
  'driver',
  'driver_version',
  'device_id',
  'device_version',
  'noise_digest',
  'engine',
  'engine_version',
  'method',
  'precision',
];

export interface EndedJob {
  readonly clusterId: string;
  readonly job: JobRow;
  readonly spec: JobSpec;
  readonly state: TerminalState;
  readonly reason?: string;
  readonly attempt: number;
  readonly inputs: readonly ManifestEntry[];
  /** All outputs but the statement itself. */
  readonly outputs: readonly ManifestEntry[];
  /** What the device told of the run that gave the results. */
  readonly execution?: Readonly<Record<string, string>>;
}

/** `statement.json`: `docs/spec/receipts.md`, clauses REC-1 and REC-2. */
export function statementArtifact(ended: EndedJob): NewArtifact {
  const { job, spec, inputs, outputs, reason, execution } = ended;
  const results = digestOf(outputs, 'results.json');
  const calibration = digestOf(outputs, 'calibration.json');
  const data = writeStatement({
    outputs: outputs.map(named),
    clusterId: ended.clusterId,
    jobId: job.jobId,
    acceptedIndex: job.acceptedIndex,
    state: ended.state,
    ...(reason === undefined ? {} : { reason }),
    attempt: ended.attempt,
    target: job.target,
    seed: job.seed,
    priority: job.priority,
    shots: job.shots,
    options: statedOptions(spec.options),
    inputs: inputs.map(named),
    ...(job.compiledDigest === null ? {} : { compiledDigest: job.compiledDigest }),
    ...(spec.items.length > STATEMENT_ITEMS_MAX ? {} : { items: itemsOf(ended) }),
    ...(results === undefined ? {} : { resultsDigest: results }),
    ...(calibration === undefined ? {} : { calibrationDigest: calibration }),
    ...(execution === undefined ? {} : { execution: factsOf(execution) }),
  });
  return { name: STATEMENT_NAME, type: 'statement', data };
}

/** Longer texts, a noise model for example, are stated by their digest. */
const OPTION_CHARS_MAX = 128;

const statedOptions = (options: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(options).map(([name, text]) => [
      name,
      text.length <= OPTION_CHARS_MAX ? text : digestText(utf8(text)),
    ]),
  );

const named = ({ name, sha256 }: ManifestEntry): NamedDigest => ({ name, sha256: hex(sha256) });

function digestOf(manifest: readonly ManifestEntry[], name: string): string | undefined {
  const found = manifest.find((entry) => entry.name === name);
  return found === undefined ? undefined : `sha256:${hex(found.sha256)}`;
}

function itemsOf({ spec, inputs, outputs }: EndedJob) {
  return spec.items.map((item, index) => {
    const of = (name: string) => digestOf(outputs, itemArtifact(name, index, spec.items.length));
    const aqo = of('compiled.aqo.json');
    const qasm = of('compiled.qasm');
    return {
      program: digestOf(inputs, item.program) ?? '',
      ...(aqo === undefined ? {} : { aqo }),
      ...(qasm === undefined ? {} : { qasm }),
    };
  });
}

const factsOf = (execution: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(execution).filter(([name]) => EXECUTION_FACTS.includes(name)));
