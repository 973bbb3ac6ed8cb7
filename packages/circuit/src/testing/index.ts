/** `@qfs/circuit/testing`: generators for property tests. */
export {
  type RandomProgramSize,
  randomAngle,
  randomProgram,
  randomRunnableProgram,
} from './random-program.ts';
