/** Passes that rewrite a run where it stands and leave every qubit in its place. */
export { LOCAL_PASSES, type LocalPassName } from './local-passes.ts';
