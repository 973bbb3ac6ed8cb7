import type { CancelOutcome, Diagnostic, ErrorCode } from '@qfs/core';
import type { Fencing } from '../lease.ts';
import type { TerminalState } from '../states.ts';
import type { IterationEvent, IterationRow, ManifestEntry, Owner } from './rows.ts';

/** How many jobs that have not ended a tenant and a project may have. */
export interface OpenJobLimits {
  readonly tenantOpenJobsMax?: number;
  readonly projectOpenJobsMax?: number;
}

/** `jobs.accept`: the whole acceptance of a job, together with its JOB_ACCEPTED entry. */
export interface AcceptArgument {
  readonly owner: Owner;
  readonly jobId: string;
  readonly name: string;
  readonly target: string;
  readonly priority: number;
  readonly seed: number;
  readonly method?: string;
  readonly precision?: string;
  /** Of the execution, all attempts together. */
  readonly timeLimitMs: number;
  /** Of each wait, for the compiler and for the device. */
  readonly queueLimitMs: number;
  /** Bounds on open jobs; absent: none. */
  readonly limits?: OpenJobLimits;
  /** The job waits for others before it begins. */
  readonly dependent: boolean;
  readonly attemptsMax: number;
  readonly shots: number;
  readonly itemCount: number;
  readonly door: string;
  readonly tags: readonly string[];
  readonly parentJobId?: string;
  readonly sessionId?: string;
  readonly reservationId?: string;
  /** W3C trace context of the request. */
  readonly traceparent?: string;
  /** The inputs, as the artifact store named them. */
  readonly manifest: readonly ManifestEntry[];
  /** JSON of what the pipeline needs to compile and run the job. */
  readonly spec: string;
  readonly deadlineMs: number;
  readonly idempotency?: { readonly key: string; readonly fingerprint: Uint8Array };
}

export interface AcceptResult {
  readonly index: number;
  readonly term: number;
  readonly createdMs: number;
}

/** `jobs.start_compile` */
export interface StartCompileArgument {
  readonly jobId: string;
  readonly message: string;
  readonly deadlineMs: number;
}

/** `jobs.compiled`: once with the digest of the first compilation; afterwards only equal digests pass. */
export interface CompiledArgument {
  readonly jobId: string;
  readonly digest: string;
  readonly manifest: readonly ManifestEntry[];
  readonly message: string;
  readonly deadlineMs: number;
}

/** `jobs.lease`: opens the next attempt. */
export interface LeaseArgument {
  readonly jobId: string;
  readonly deviceId: string;
  readonly message: string;
  readonly deadlineMs: number;
}

export interface LeaseResult {
  readonly attempt: number;
  readonly fencing: Fencing;
}

/** `jobs.reattach`: a new token for an attempt whose process ended. */
export interface ReattachArgument {
  readonly jobId: string;
  readonly attempt: number;
}

/** `jobs.submitted`: the remote id, durable before anything else happens to the execution. */
export interface SubmittedArgument {
  readonly jobId: string;
  readonly attempt: number;
  readonly fencing: Fencing;
  readonly remoteId: string;
}

/** `jobs.attempt_ended`: an attempt ended and the job did not. */
export interface AttemptEndedArgument {
  readonly jobId: string;
  readonly attempt: number;
  readonly fencing: Fencing;
  readonly code: ErrorCode;
  readonly summary: string;
  readonly message: string;
}

/** `jobs.report`: an event without a change of state. */
export interface ReportArgument {
  readonly jobId: string;
  readonly message: string;
  readonly progress: number;
}

/** `jobs.iterated`: iterations of a search, each with what it was told and the event that tells of it. */
export interface IteratedArgument {
  readonly jobId: string;
  readonly attempt: number;
  readonly fencing: Fencing;
  readonly iterations: readonly (IterationRow & {
    readonly event: IterationEvent;
    readonly message: string;
    readonly progress: number;
  })[];
}

/** `jobs.request_cancel`: recorded while a device works on the job. */
export interface RequestCancelArgument {
  readonly jobId: string;
  readonly message: string;
}

/** `jobs.finish`: the end of the job, together with its JOB_FINISHED entry. */
export interface FinishArgument {
  readonly jobId: string;
  readonly state: TerminalState;
  /** Of the lease whose attempt reports; absent when the job ends without one, which voids any lease. */
  readonly fencing?: Fencing;
  /** The attempt that produced the outputs; 0 before the first. */
  readonly attempt: number;
  readonly message: string;
  readonly code?: ErrorCode;
  readonly summary?: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly cancelOutcome?: CancelOutcome;
  readonly deadLetter?: boolean;
  readonly manifest: readonly ManifestEntry[];
}

export interface FinishResult {
  readonly index: number;
  /** False when the job had ended before: nothing was written. */
  readonly ended: boolean;
}

/** `jobs.late`: a result came after its lease was void. */
export interface LateArgument {
  readonly jobId: string;
  readonly attempt: number;
}

/** `jobs.delete`: gives up every byte of an ended job. */
export interface DeleteArgument {
  readonly jobId: string;
  /** Who asks. */
  readonly owner: Owner;
}

/** `jobs.expire`: gives up the bytes of the jobs that ended first. */
export interface ExpireArgument {
  /** Milliseconds since 1970; jobs that ended at this moment or later stay. */
  readonly endedBeforeMs: number;
  readonly jobsMax: number;
}

/** `jobs.dependencies_met`: every job that this one waited for is DONE. */
export interface DependenciesMetArgument {
  readonly jobId: string;
  readonly message: string;
}

/** `jobs.reserve`: a slot of a device for a while. */
export interface ReserveArgument {
  readonly owner: Owner;
  readonly reservationId: string;
  readonly deviceId: string;
  readonly purpose: string;
  readonly ttlMs: number;
  /** Executions that the device takes at once. */
  readonly slots: number;
}

/** `jobs.unreserve` */
export interface UnreserveArgument {
  readonly reservationId: string;
}
