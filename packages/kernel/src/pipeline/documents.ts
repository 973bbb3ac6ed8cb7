import type { QfsError } from '@qfs/core';
import { hex, utf8 } from '@qfs/core/exact';
import { jcs } from '@qfs/core/json';
import type { FetchExecutionResponse } from '@qfs/rpc/internal';
import { type JobSpec, totalShots } from '../spec/job-spec.ts';
import type { JobState } from '../states.ts';
import type { JobRow, ManifestEntry } from '../store/rows.ts';
import type { NewArtifact } from './artifacts.ts';

const json = (name: string, type: string, value: unknown): NewArtifact => ({
  name,
  type,
  data: utf8(`${jcs(value)}\n`),
});

export interface Finished {
  readonly job: JobRow;
  readonly spec: JobSpec;
  readonly attempt: number;
  /** Manifest of the compilation. */
  readonly compiled: readonly ManifestEntry[];
  readonly fetched: FetchExecutionResponse;
}

/** What a successful attempt leaves: the results as the device gave them, and what explains them. */
export function resultArtifacts({ job, spec, attempt, compiled, fetched }: Finished): NewArtifact[] {
  const aqoDigests = compiled
    .filter(({ type }) => type === 'aqo')
    .map(({ sha256 }) => `sha256:${hex(sha256)}`);
  const artifacts = [
    { name: 'results.json', type: 'results', data: fetched.results },
    json('meta.json', 'meta', {
      job_id: job.jobId,
      name: job.name,
      target: job.target,
      attempt,
      seed: job.seed,
      shots: totalShots(spec.items),
      options: { ...spec.options },
      items: spec.items.map((item, index) => ({
        language: item.language,
        program: item.program,
        shots: item.shots,
        aqo_digest: aqoDigests[index]!,
      })),
      execution: { ...fetched.metadata },
    }),
  ];
  if (fetched.calibration.length === 0) return artifacts;
  return [...artifacts, { name: 'calibration.json', type: 'calibration', data: fetched.calibration }];
}

/** What a failed job leaves. */
export const errorArtifact = (job: JobRow, stage: JobState, attempt: number, error: QfsError): NewArtifact =>
  json('error.json', 'error', {
    job_id: job.jobId,
    attempt,
    stage,
    code: error.code,
    message: error.message,
    diagnostics: error.diagnostics,
    metadata: { ...error.metadata },
  });
