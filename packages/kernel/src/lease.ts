/** Proof of the right to end a job: the log's term, and a counter that rises within it. */
export interface Fencing {
  readonly term: number;
  readonly n: number;
}

/** The lease columns of a job; both `null` while nobody holds it. */
export interface LeaseHolder {
  readonly leaseTerm: number | null;
  readonly leaseN: number | null;
}

/** A token counts only while the job names exactly it: every later lease, and every end, makes it stale. */
export const holdsLease = (job: LeaseHolder, fencing: Fencing): boolean =>
  job.leaseTerm === fencing.term && job.leaseN === fencing.n;

/** The next token of a term. A new term begins at 1, so tokens rise even over restarts. */
export const nextFencing = (last: Fencing, term: number): Fencing => ({
  term,
  n: last.term === term ? last.n + 1 : 1,
});

/**
 * The token under which an attempt is submitted. Attempts that failed before the device named them share the
 * token of the first of them: if that submission did arrive, a device that knows tokens runs the work once.
 */
export function submissionToken(
  jobId: string,
  attempts: readonly { readonly attempt: number; readonly remoteId: string | null }[],
  attempt: number,
): string {
  const unnamed = new Set(attempts.filter(({ remoteId }) => remoteId === null).map((row) => row.attempt));
  let first = attempt;
  while (unnamed.has(first - 1)) first -= 1;
  return `${jobId}/${first}`;
}
