import type { EntryType } from '../entry-type.ts';
import { CHECKPOINT } from './checkpoint.ts';
import { CONFIG_SET } from './config-set.ts';
import { EPOCH_ADVANCE } from './epoch-advance.ts';
import { GENESIS } from './genesis.ts';
import { JOB_ACCEPTED } from './job-accepted.ts';
import { JOB_DELETED } from './job-deleted.ts';
import { JOB_EXPIRED } from './job-expired.ts';
import { JOB_FINISHED } from './job-finished.ts';
import { NOOP } from './noop.ts';
import { SEGMENT_SEALED } from './segment-sealed.ts';
import { SET_PROTOCOL_LEVEL } from './set-protocol-level.ts';
import { TICK } from './tick.ts';

/** A type of its own reads its own body, so the bodies' types may be forgotten here. */
const forgetBody = <Body>(type: EntryType<Body>): EntryType<unknown> => type as EntryType<unknown>;

/** Every entry type there is. */
export const ENTRY_TYPES: readonly EntryType<unknown>[] = [
  forgetBody(GENESIS),
  forgetBody(NOOP),
  forgetBody(TICK),
  forgetBody(EPOCH_ADVANCE),
  forgetBody(CONFIG_SET),
  forgetBody(SET_PROTOCOL_LEVEL),
  forgetBody(CHECKPOINT),
  forgetBody(SEGMENT_SEALED),
  forgetBody(JOB_ACCEPTED),
  forgetBody(JOB_FINISHED),
  forgetBody(JOB_EXPIRED),
  forgetBody(JOB_DELETED),
];
