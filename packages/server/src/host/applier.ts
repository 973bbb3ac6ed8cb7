import { verifyNodeSignature } from '@qfs/consensus/local';
import type { Applier } from '@qfs/core/exact';
import { applyLogEntry } from '@qfs/fabric';

/** The state machine of this platform: the writer's thread applies by it, and replays do. */
export const applier: Applier = (record, state) => applyLogEntry(record, state, verifyNodeSignature);
