/** `@qfs/fabric`: the deterministic state machine over the log. */
export { applyLogEntry, applyLogEntry as apply_log_entry, PROTOCOL_LEVEL } from './apply.ts';
export { REJECTIONS, type Rejection, type RejectionCode } from './rejections.ts';
export { openStateMap } from './state-map/state-map.ts';
