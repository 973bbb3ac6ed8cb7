/** Why the state machine refuses an entry: the code is evidence in the log, the sentence is for people. */
export const REJECTIONS = {
  MALFORMED: 'The bytes are not an entry of version 1 in its one canonical encoding.',
  GENESIS_MISSING: 'The first entry of a log must be GENESIS.',
  GENESIS_MISPLACED: 'GENESIS stands at index 1 and nowhere else.',
  GENESIS_INVALID: 'A founding member, key, admin or elector of GENESIS contradicts itself.',
  TYPE_UNKNOWN: 'No protocol level up to the one in force has this entry type.',
  LEVEL_NOT_IN_FORCE: 'The entry asks to be judged by a protocol level that is not in force.',
  KEY_UNKNOWN: 'The key is not the one of a member, or not of the member named as actor.',
  SIGNATURE_MISSING: 'Entries of this type must be signed.',
  SIGNATURE_INVALID: 'The signature does not verify under the key that the entry names.',
  BODY_INVALID: 'A field of the body is missing, unknown, of the wrong type or out of range.',
  JOB_ALREADY_ACCEPTED: 'A job of this id was accepted before.',
  JOB_UNKNOWN: 'No job of this id was accepted.',
  JOB_ALREADY_FINISHED: 'The job has a terminal state, and the first one stands.',
  PARENT_JOB_UNKNOWN: 'No job of the id given as parent was accepted.',
  ATTEMPT_OUT_OF_RANGE: 'The attempt is beyond the number of attempts with which the job was accepted.',
  FENCING_STALE:
    'The fencing token is older than one that the job has seen, or of a term that has not begun.',
  ARTIFACT_NAME_TAKEN: 'The job has an artifact of this name with other bytes.',
  JOB_NOT_FINISHED: 'The job has no terminal state yet.',
  JOB_ALREADY_EXPIRED: 'The bytes of the job were given up before.',
  JOB_ALREADY_DELETED: 'The job was deleted before.',
  NOT_OWNER: 'Only the account that submitted a job and admins may delete it.',
  NOT_ADMIN: 'Rules change on behalf of an admin only.',
  CONFIG_KEY_UNKNOWN: 'The configuration has no such key.',
  CONFIG_KEY_NOT_OPERATOR: 'The key is governed by the electors or fixed for ever.',
  CONFIG_VALUE_OUT_OF_RANGE: 'The value is below the least or above the greatest that the key may have.',
  CONFIG_STALE: 'The key does not have the value that the entry expects.',
  LEVEL_INVALID: 'The level is not the one after that in force.',
  LEVEL_NOT_SUPPORTED: 'Not every member, or somebody else too, announces support of the level.',
  LEVEL_PENDING: 'Another change of the level waits for its epoch.',
  CHECKPOINT_INVALID:
    'The statement cannot be read, is of another cluster, or covers entries that are to come.',
  CHECKPOINT_STALE: 'A checkpoint in the log covers as many entries or more.',
  QUORUM_MISSING: 'Not more than half of the members have signed the statement.',
  SEGMENT_INVALID: 'The segment does not follow the last one, or no checkpoint covers it.',
} as const satisfies Record<string, string>;

export type RejectionCode = keyof typeof REJECTIONS;

/** An apply function's way to say no. Everything it staged is dropped. */
export interface Rejection {
  readonly code: RejectionCode;
  /** A sentence with the values, for people. */
  readonly detail: string;
}

export const reject = (code: RejectionCode, detail: string): Rejection => ({ code, detail });
