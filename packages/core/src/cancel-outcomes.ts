/**
 * What became of a request to cancel: one spelling in drivers, in the job table and on every door. A driver
 * answers a cancellation with one of the first four; the job keeps what it comes to in the end.
 */
export const CANCEL_OUTCOMES = {
  requested: 'The device was told; the end is still to come.',
  cancelled: 'The job was stopped: there are no results, and there will be none.',
  too_late: 'The work had ended when the device was told; its own end counts.',
  unsupported: 'The device cannot stop what it has begun; the end that came by itself counts.',
  completed_before_cancel: 'Another end came before the device answered.',
} as const;

export type CancelOutcome = keyof typeof CANCEL_OUTCOMES;
/** What a driver may answer. */
export type CancelAnswer = Exclude<CancelOutcome, 'completed_before_cancel'>;
