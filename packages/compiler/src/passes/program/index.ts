/** Programs as passes see them: runs of gates, and what lies between them. */

export { withoutUncalled } from './called.ts';
export type { Code, FixedPiece, NestedPiece } from './code.ts';
export { mapRuns } from './code.ts';
export { CodeBuilder } from './code-builder.ts';
export { elideSwaps, mayEnd } from './elide-swaps.ts';
export { expandChoices } from './expand-choices.ts';
export { extract } from './extract.ts';
export { inlineCalls } from './inline-calls.ts';
export { rebuild } from './rebuild.ts';
export { relabel, relabelPiece } from './relabel.ts';
