import { JOB_OPTIONS_MAX } from '@qfs/core';
import type { DocumentItem, JobDocument, ProgramSource } from '../contract.ts';
import type { Findings } from '../findings.ts';
import type { ValueOf } from '../shapes/shape.ts';
import { DEVICE_OPTIONS, type ITEM_MEMBERS, type V1 } from '../versions/v1.ts';
import { digestText, refsOf } from './mean-v01.ts';
import { readArtifactRef } from './references.ts';
import { checkTarget } from './target.ts';
import { notesOf, oneValue, overruling, tagsOf, takeCompilerTerms, takeTerms } from './terms.ts';
import { checkWorkload, itemsOfWorkload } from './workload.ts';

type Spec = NonNullable<ValueOf<typeof V1>['spec']>;
type Item = ValueOf<{ readonly kind: 'record'; readonly members: typeof ITEM_MEMBERS }>;

/** What a document of version 1 means. */
export function meanV1({ metadata, spec: said = {} }: ValueOf<typeof V1>, findings: Findings): JobDocument {
  const terms = takeTerms(said.metadata ?? {}, findings);
  const compiler = takeCompilerTerms(said.compiler_options ?? {}, 'spec.compiler_options', findings);
  const spec = said.compiler_options === undefined ? said : { ...said, compiler_options: compiler.rest };
  const seed = seedOf(spec, compiler.seed, terms.seed, findings);
  const priority = oneValue(
    [
      { path: 'spec.priority', value: spec.priority },
      { path: 'spec.scheduling.priority', value: spec.scheduling?.priority },
    ],
    findings,
  );
  const workload = checkWorkload(spec.workload, { seed, target: spec.target }, findings);
  const { retry, replay, timeout } = spec.runtime ?? {};
  if (replay?.enabled === true) {
    const message =
      'spec.runtime.replay.enabled is true, which QFS does not do: replays are made by "eigen-cli replay"';
    findings.add('JOB_UNSUPPORTED', 'spec.runtime.replay.enabled', message);
  }
  const noted = {
    'retry.max_attempts': retry?.max_attempts,
    'timeout.queue_ms': milliseconds(timeout?.queue_seconds),
    'timeout.execution_ms': milliseconds(timeout?.execution_seconds),
    workload: workload === 'QuantumJob' ? undefined : workload,
  };
  return {
    version: 'eigen.os/v1',
    workload,
    name: metadata?.name ?? '',
    tags: tagsOf(metadata?.annotations),
    items: itemsOf(spec, terms.shots, findings),
    target: checkTarget(spec.target, findings),
    ...(priority === undefined ? {} : { priority }),
    ...(seed === undefined ? {} : { seed }),
    options: optionsOf(spec, terms.noiseModel, findings),
    metadata: notesOf(terms.rest, metadata?.labels ?? {}, noted, findings),
    dependencies: spec.dependencies ?? [],
  };
}

const milliseconds = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;

function seedOf(
  spec: Spec,
  compiled: number | undefined,
  noted: number | undefined,
  findings: Findings,
): number | undefined {
  const value = oneValue(
    [
      { path: 'spec.seed', value: spec.seed },
      { path: 'spec.workload.seed', value: spec.workload?.seed },
      { path: 'spec.compiler_options', value: compiled },
    ],
    findings,
  );
  return overruling({ path: 'spec.seed', value }, { path: 'spec.metadata.seed', value: noted }, findings);
}

function itemsOf(spec: Spec, noted: number | undefined, findings: Findings): readonly DocumentItem[] {
  const { items: listed } = spec;
  const level = spec.compiler?.optimization_level;
  findings.markPrograms(
    (listed ?? [spec]).map((item, at) => programPath(item, listed ? `spec.items[${at}]` : 'spec')),
  );
  if (listed === undefined) {
    const item = itemOf(spec, 'spec', noted, level, findings);
    return itemsOfWorkload(spec.workload, [item], false, findings);
  }
  const members: readonly (keyof Item)[] = [
    'entrypoint',
    'inputs',
    'input_refs',
    'parameters',
    'observables',
    'memory',
  ];
  for (const name of [...members, 'compiler_options', 'shots'] as const) {
    if (spec[name] === undefined) continue;
    const message = `spec.${name} is given beside spec.items`;
    findings.add('JOB_CONFLICT', `spec.${name}`, message, 'Write it into the items that it is for.');
  }
  const items = listed.map((item, at) => itemOf(item, `spec.items[${at}]`, noted, level, findings));
  return itemsOfWorkload(spec.workload, items, true, findings);
}

/** The member that says where the program is. */
function programPath({ program = {} }: Item, path: string): string {
  const name = (['path', 'inline', 'source', 'uri'] as const).find((one) => program[one] !== undefined);
  return name === undefined ? `${path}.program` : `${path}.program.${name}`;
}

function itemOf(
  item: Item,
  path: string,
  noted: number | undefined,
  level: number | undefined,
  findings: Findings,
): DocumentItem {
  const { program, parameters = [] } = item;
  const shots = overruling(
    { path: `${path}.shots`, value: item.shots },
    { path: 'spec.metadata.shots', value: noted },
    findings,
  );
  const entrypoint = oneValue(
    [
      { path: `${path}.entrypoint`, value: item.entrypoint },
      { path: `${path}.program.entrypoint`, value: program?.entrypoint },
    ],
    findings,
  );
  return {
    language: program?.language ?? '',
    program: programOf(program),
    entrypoint: entrypoint ?? '',
    compilerOptions: compilerOptionsOf(item, path, level, findings),
    ...(shots === undefined ? {} : { shots }),
    parameters: Array.isArray(parameters) ? parameters : [parameters as Readonly<Record<string, number>>],
    observables: (item.observables ?? []).map(({ name = '', terms = [] }) => ({
      name,
      terms: terms.map(({ coefficient = 0, paulis = '' }) => ({ coefficient, paulis })),
    })),
    inputs: item.inputs ?? {},
    inputRefs: refsOf(item.input_refs),
    memory: item.memory ?? false,
  };
}

function programOf({ path, inline, source, uri, sha256 }: NonNullable<Item['program']> = {}): ProgramSource {
  const digest = sha256 === undefined ? {} : { sha256: digestText(sha256) };
  const text = inline ?? source;
  if (uri !== undefined) return { kind: 'artifact', ref: readArtifactRef(uri)!, ...digest };
  return text === undefined
    ? { kind: 'path', path: path ?? '', ...digest }
    : { kind: 'inline', text, ...digest };
}

function compilerOptionsOf(
  item: Item,
  path: string,
  level: number | undefined,
  findings: Findings,
): Readonly<Record<string, string>> {
  const options = item.compiler_options ?? {};
  const chosen = oneValue(
    [
      { path: 'spec.compiler.optimization_level', value: level === undefined ? undefined : String(level) },
      { path: `${path}.compiler_options.optimization_level`, value: options.optimization_level },
    ],
    findings,
  );
  return chosen === undefined ? options : { ...options, optimization_level: chosen };
}

/** Options with a member of their own, and those of any name. */
function optionsOf(
  spec: Spec,
  noted: string | undefined,
  findings: Findings,
): Readonly<Record<string, string>> {
  const options: Record<string, string> = { ...spec.options };
  for (const name of Object.keys(DEVICE_OPTIONS) as (keyof typeof DEVICE_OPTIONS)[]) {
    const value = oneValue(
      [
        { path: `spec.${name}`, value: spec[name] },
        { path: `spec.options.${name}`, value: options[name] },
      ],
      findings,
    );
    const settled =
      name === 'noise_model'
        ? overruling(
            { path: `spec.${name}`, value },
            { path: `spec.metadata.${name}`, value: noted },
            findings,
          )
        : value;
    if (settled !== undefined) options[name] = settled;
  }
  const count = Object.keys(options).length;
  if (count > JOB_OPTIONS_MAX) {
    findings.add(
      'JOB_VALUE',
      'spec.options',
      `There are ${count} options; a job has at most ${JOB_OPTIONS_MAX}`,
    );
  }
  return options;
}
