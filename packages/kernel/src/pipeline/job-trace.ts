import type { QfsError } from '@qfs/core';
import { type Span, type Tracer, traceFields } from '@qfs/rpc';
import type { OpenState } from '../states.ts';
import type { JobRow } from '../store/rows.ts';

/** What every log line about a job says of it. */
export interface JobFields {
  readonly job_id: string;
  readonly device_id: string;
  readonly trace_id: string;
  readonly span_id: string;
}

/**
 * The trace of a job is its submitter's: the run is a span below the request that brought the job, also in a
 * later process. A job that is known from the log alone has a trace of its own, by the UUID in its id.
 */
export const traceparentOf = ({ traceparent, jobId }: Pick<JobRow, 'traceparent' | 'jobId'>): string =>
  traceparent ?? `00-${jobId.slice('job_'.length)}-${'1'.padStart(16, '0')}-01`;

/** The spans of a job: one over its run in this process, and below it one per state that it passes. */
export class JobTrace {
  readonly #tracer: Tracer | undefined;
  readonly #job: JobRow;
  readonly #span: Span | undefined;
  #stage: Span | undefined;
  #error: QfsError | undefined;

  constructor(tracer: Tracer | undefined, job: JobRow) {
    const { jobId, target, attempts } = job;
    this.#tracer = tracer;
    this.#job = job;
    const attributes = { job_id: jobId, device_id: target, earlier_attempts: attempts };
    this.#span = tracer?.startSpan('job', 'internal', traceparentOf(job), attributes);
  }

  /** What the calls of the present stage are below. */
  get traceparent(): string {
    return (this.#stage ?? this.#span)?.traceparent ?? traceparentOf(this.#job);
  }

  get fields(): JobFields {
    const { jobId, target } = this.#job;
    return { job_id: jobId, device_id: target, ...traceFields(this.traceparent) };
  }

  enter(stage: OpenState): void {
    this.#stage?.end();
    if (this.#tracer === undefined || this.#span === undefined) return;
    const attributes = { job_id: this.#job.jobId, stage };
    const name = `stage ${stage.toLowerCase()}`;
    this.#stage = this.#tracer.startSpan(name, 'internal', this.#span.traceparent, attributes);
  }

  /** Why the job will not be DONE; its last stage lasts until that is written. */
  fail(error: QfsError): void {
    this.#error = error;
  }

  /** The run is over: with the job's end, or because the process stops. */
  end(): void {
    this.#stage?.end(this.#error);
    this.#span?.end(this.#error);
  }
}
