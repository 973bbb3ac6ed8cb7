/** `@qfs/simulator`: state-vector simulation of AQO circuits, by bytes. The engine process is the `./engine` entry. */
export type * from './engine-contract.ts';
export { ENGINE_OPTION_NAMES, readEngineOptions } from './engine-options.ts';
export { ENGINE_NAME, ENGINE_VERSION } from './engine-version.ts';
export {
  type Channel,
  type Confusion,
  NOISE_MODEL,
  type NoiseConvention,
  type NoiseModel,
  noiseDigest,
  noiseModelSchema,
  readNoiseModel,
} from './noise/noise-model.ts';
export { DEFAULT_OPTIONS, estimate, simulate } from './simulate.ts';
