import type { DocumentItem, JobDocument, ProgramSource } from '../contract.ts';
import type { Findings } from '../findings.ts';
import type { ValueOf } from '../shapes/shape.ts';
import { PROGRAM_PATH_DEFAULT, type V01 } from '../versions/v01.ts';
import { readArtifactRef } from './references.ts';
import { checkTarget } from './target.ts';
import { notesOf, overruling, tagsOf, takeCompilerTerms, takeTerms } from './terms.ts';
import { checkWorkload, itemsOfWorkload } from './workload.ts';

type Spec = NonNullable<ValueOf<typeof V01>['spec']>;

/** What a document of version 0.1 means. */
export function meanV01({ metadata, spec = {} }: ValueOf<typeof V01>, findings: Findings): JobDocument {
  const terms = takeTerms(spec.metadata ?? {}, findings);
  findings.markPrograms([spec.program === undefined ? 'spec.program_path' : 'spec.program']);
  const compiler = takeCompilerTerms(spec.compiler_options ?? {}, 'spec.compiler_options', findings);
  const seed = overruling(
    { path: 'spec.workload.seed', value: spec.workload?.seed ?? compiler.seed },
    { path: 'spec.metadata.seed', value: terms.seed },
    findings,
  );
  const item: DocumentItem = {
    language: spec.program === undefined ? '' : 'eigen-lang',
    program: programOf(spec, findings),
    entrypoint: spec.entrypoint ?? '',
    compilerOptions: compiler.rest,
    ...(terms.shots === undefined ? {} : { shots: terms.shots }),
    parameters: [],
    observables: [],
    inputs: spec.inputs ?? {},
    inputRefs: refsOf(spec.input_refs),
    memory: false,
  };
  const workload = checkWorkload(spec.workload, { seed, target: spec.target }, findings);
  return {
    version: 'eigen.os/v0.1',
    workload,
    name: metadata?.name ?? '',
    tags: tagsOf(metadata?.annotations),
    items: itemsOfWorkload(spec.workload, [item], false, findings),
    target: checkTarget(spec.target, findings),
    ...(spec.priority === undefined ? {} : { priority: spec.priority }),
    ...(seed === undefined ? {} : { seed }),
    options: terms.noiseModel === undefined ? {} : { noise_model: terms.noiseModel },
    metadata: notesOf(
      terms.rest,
      metadata?.labels ?? {},
      { workload: workload === 'QuantumJob' ? undefined : workload },
      findings,
    ),
    dependencies: spec.dependencies ?? [],
  };
}

/** The programs that version 0.1 writes into a document are Eigen-Lang. */
function programOf(
  { program, program_path: path, program_sha256: sha256 }: Spec,
  findings: Findings,
): ProgramSource {
  if (program !== undefined && path !== undefined) {
    const message = 'spec.program and spec.program_path are both given';
    findings.add('JOB_CONFLICT', 'spec.program_path', message, 'Keep one of them.');
  }
  const digest = sha256 === undefined ? {} : { sha256: digestText(sha256) };
  if (program !== undefined) return { kind: 'inline', text: program, ...digest };
  return { kind: 'path', path: path ?? PROGRAM_PATH_DEFAULT, ...digest };
}

/** Digests are written with and without the name of the hash; here they are hex digits alone. */
export const digestText = (text: string): string => text.replace(/^sha256:/, '').toLowerCase();

export const refsOf = (refs: Readonly<Record<string, string>> = {}): DocumentItem['inputRefs'] =>
  Object.fromEntries(Object.entries(refs).map(([name, uri]) => [name, readArtifactRef(uri)!]));
