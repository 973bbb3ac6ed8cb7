import { type CompileTarget, readTarget } from '@qfs/circuit';
import { compileSource, readProgram } from '@qfs/compiler';
import { QfsError } from '@qfs/core';
import { digestOf, utf8, utf8Decode } from '@qfs/core/exact';
import { type JsonValue, parseJson } from '@qfs/core/json';
import { type DocumentItem, type JobDocument, readJobDocument } from '@qfs/jobspec';
import { type EngineOptions, readEngineOptions } from '@qfs/simulator';
import { SHOTS_DEFAULT } from '../options.ts';
import { plural } from '../plural.ts';
import { localInputs } from './local-inputs.ts';
import { notesOf, type ProgramDefaults } from './notes-of.ts';
import { type ItemHere, runItems } from './run-items.ts';

/** What running a job again gave. */
export interface Rerun {
  /** Of the compilation, as clause JOB-10 forms it. */
  readonly compiledDigest: string;
  /** The bytes of `results.json`. */
  readonly results: Uint8Array;
}

/**
 * Compiles and executes the job again that the artifacts describe. A pure function of what it is given.
 * @param artifacts `job.yaml` and the programs by name, and the target and the calibration of the device
 * @param doing hears what is begun, for people who wait
 * @param seed of the job, where its job.yaml left that to the platform
 * @throws QfsError JOB_SPEC_INVALID, or what the compiler or the engine refuses
 */
export function rerun(
  artifacts: ReadonlyMap<string, Uint8Array>,
  doing: (what: string) => void = () => undefined,
  seed?: number,
): Rerun {
  const job = readHere(textOf(artifacts, 'job.yaml'), seed);
  const target = targetOf(artifacts);
  const items = job.items.map((item, at) => {
    doing(`Compiling item ${at + 1} of ${job.items.length}`);
    return itemHere(item, artifacts, job, target);
  });
  const defaults = items.map((item) => item.defaults);
  const noise = job.options.noise_model ?? defaults.find(({ noiseModel }) => noiseModel)?.noiseModel;
  const options = { ...job.options, ...(noise === undefined ? {} : { noise_model: noise }) };
  const runs = items.reduce((sum, { parameters }) => sum + Math.max(1, parameters.length), 0);
  doing(`Running ${plural(runs, 'circuit')}`);
  const digests = items.map(({ compiled }) => compiled.aqoDigest);
  const engine = engineOptions(options, artifacts.get('calibration.json'));
  const notes = Object.assign({}, ...defaults.toReversed().map((asked) => notesOf(asked))) as Record<
    string,
    string
  >;
  return {
    compiledDigest: digestOf(utf8(digests.join('\n'))),
    results: runItems(items, engine, { ...notes, ...job.metadata }),
  };
}

/** What the circuits were compiled for, unless they ran as they are. */
function targetOf(artifacts: ReadonlyMap<string, Uint8Array>): CompileTarget | undefined {
  const bytes = artifacts.get('target.json');
  if (bytes === undefined) return undefined;
  const target = readTarget(bytes);
  if (!target.ok) throw target.error;
  return target.value;
}

type SeededJob = JobDocument & { readonly seed: number };

/** @throws QfsError JOB_SPEC_INVALID for what only the server can run again */
function readHere(text: string, given: number | undefined): SeededJob {
  const { document, problems } = readJobDocument(text);
  const seed = given ?? document?.seed;
  if (document !== undefined && seed !== undefined) return { ...document, seed };
  const why = problems.find(({ severity }) => severity === 'error')?.message ?? 'spec.seed is missing';
  throw new QfsError(
    'JOB_SPEC_INVALID',
    `The job.yaml cannot be read: ${why}. Run the job again on its server with --on-server.`,
  );
}

function itemHere(
  item: DocumentItem,
  artifacts: ReadonlyMap<string, Uint8Array>,
  { seed, metadata }: SeededJob,
  target: CompileTarget | undefined,
): ItemHere & { readonly defaults: ProgramDefaults } {
  const { entrypoint, inputs, language, memory, observables, parameters, program } = item;
  if (program.kind !== 'path') {
    throw new QfsError(
      'JOB_SPEC_INVALID',
      'The job.yaml cannot be run again: a program is no artifact of the job.',
    );
  }
  const source = bytesOf(artifacts, program.path);
  const read = language === 'eigen-lang' ? readProgram({ language, source, entrypoint }) : undefined;
  const defaults = (read?.ok && read.value.defaults) || {};
  const { optimizationLevel: level } = defaults;
  const options: Readonly<Record<string, string>> = {
    ...(level && { optimization_level: `${level}` }),
    ...item.compilerOptions,
  };
  const keeps = target !== undefined && options.target !== 'none';
  const compiled = compileSource({ language, source, entrypoint, options, ...(keeps && { target }) });
  if (!compiled.ok) throw new QfsError(compiled.error.code, `${program.path}: ${compiled.error.message}`);
  const wished = metadata.shots === undefined ? undefined : Number(metadata.shots);
  const shots = item.shots ?? wished ?? defaults.shots;
  return {
    compiled: compiled.value,
    inputs: localInputs(inputs),
    ...{ parameters, observables, memory, seed, defaults },
    shots: shots ?? SHOTS_DEFAULT,
    shotsGiven: shots !== undefined,
  };
}

function bytesOf(artifacts: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = artifacts.get(name);
  if (bytes !== undefined) return bytes;
  throw new QfsError('ARTIFACT_NOT_FOUND', `The job has no artifact ${name}, which its job.yaml names.`);
}

function textOf(artifacts: ReadonlyMap<string, Uint8Array>, name: string): string {
  const text = utf8Decode(bytesOf(artifacts, name));
  if (text.ok) return text.value;
  throw new QfsError('JOB_SPEC_INVALID', `${name} is not UTF-8 text.`);
}

/** Noise is what the job asked for, else what the device made of its calibration. */
function engineOptions(options: JobDocument['options'], calibration?: Uint8Array): EngineOptions {
  const noise = options.noise_model ?? (calibration && noiseOf(calibration));
  return readEngineOptions({
    ...options,
    ...(noise !== undefined && { noise_model: noise }),
  });
}

/** The noise model in the calibration of an emulated device; of other devices there is none. */
function noiseOf(calibration: Uint8Array): string | undefined {
  const read = parseJson(calibration);
  const model = read.ok ? (read.value as { readonly noise_model?: JsonValue }).noise_model : undefined;
  return model === undefined ? undefined : JSON.stringify(model);
}
