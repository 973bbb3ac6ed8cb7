import { compileSource } from '@qfs/compiler';
import { QfsError } from '@qfs/core';
import { digestOf, utf8, utf8Decode } from '@qfs/core/exact';
import { type JsonValue, parseJson } from '@qfs/core/json';
import { type DocumentItem, type JobDocument, readJobDocument } from '@qfs/jobspec';
import {
  type Binding,
  type EngineItem,
  type EngineOptions,
  readEngineOptions,
  simulate,
} from '@qfs/simulator';
import { SHOTS_DEFAULT } from '../options.ts';
import { plural } from '../plural.ts';
import { localInputs } from '../submission/input-refs.ts';

/** What running a job again gave. */
export interface Rerun {
  /** Of the compilation, as clause JOB-10 forms it. */
  readonly compiledDigest: string;
  /** The bytes of `results.json`. */
  readonly results: Uint8Array;
}

/**
 * Compiles and executes the job again that the artifacts describe. A pure function of their bytes.
 * @param artifacts `job.yaml` and the programs, by name
 * @param doing hears what is begun, for people who wait
 * @throws QfsError JOB_SPEC_INVALID, or what the compiler or the engine refuses
 */
export function rerun(
  artifacts: ReadonlyMap<string, Uint8Array>,
  doing: (what: string) => void = () => undefined,
): Rerun {
  const job = readHere(textOf(artifacts, 'job.yaml'));
  const compiled = job.items.map((item, at) => {
    doing(`Compiling item ${at + 1} of ${job.items.length}`);
    return compileItem(item, artifacts);
  });
  const items = job.items.map(
    (item, at): EngineItem => ({
      aqo: compiled[at]!.aqo,
      parameters: bindingsOf(item),
      shots: item.shots ?? SHOTS_DEFAULT,
      seed: job.seed,
      observables: item.observables,
      memory: item.memory,
    }),
  );
  const runs = items.reduce((sum, { parameters }) => sum + Math.max(1, parameters.length), 0);
  doing(`Running ${plural(runs, 'circuit')}`);
  const digests = compiled.map(({ aqoDigest }) => aqoDigest);
  return {
    compiledDigest: digestOf(utf8(digests.join('\n'))),
    results: simulate(items, engineOptions(job.options, artifacts.get('calibration.json'))),
  };
}

/** @throws QfsError JOB_SPEC_INVALID for what only the server can run again */
function readHere(text: string): JobDocument & { readonly seed: number } {
  const { document, problems } = readJobDocument(text);
  if (document?.seed !== undefined) return { ...document, seed: document.seed };
  const why = problems.find(({ severity }) => severity === 'error')?.message ?? 'spec.seed is missing';
  throw new QfsError(
    'JOB_SPEC_INVALID',
    `The job.yaml cannot be read: ${why}. Run the job again on its server with --on-server.`,
  );
}

function compileItem(item: DocumentItem, artifacts: ReadonlyMap<string, Uint8Array>) {
  const { compilerOptions: options, entrypoint, language, program } = item;
  if (program.kind !== 'path') {
    throw new QfsError(
      'JOB_SPEC_INVALID',
      'The job.yaml cannot be run again: a program is no artifact of the job.',
    );
  }
  const compiled = compileSource({ language, source: bytesOf(artifacts, program.path), entrypoint, options });
  if (compiled.ok) return compiled.value;
  throw new QfsError(compiled.error.code, `${program.path}: ${compiled.error.message}`);
}

/** What each run of an item is bound to: the inputs alone, or with each parameter set. */
function bindingsOf({ inputs, parameters }: DocumentItem): Binding[] {
  const shared = localInputs(inputs);
  if (parameters.length === 0) return shared.size > 0 ? [shared] : [];
  return parameters.map((set) => new Map([...shared, ...Object.entries(set)]));
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
