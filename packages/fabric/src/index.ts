/** `@qfs/fabric`: the deterministic state machine over the log. */
export { applyLogEntry, applyLogEntry as apply_log_entry } from './apply.ts';
export { fabricConfigurationReference } from './config-keys.ts';
export { ENTRY_TYPES } from './entries/index.ts';
export { PROTOCOL_LEVEL } from './protocol.ts';
export { REJECTIONS, type Rejection, type RejectionCode } from './rejections.ts';
export { openStateMap } from './state-map/state-map.ts';
