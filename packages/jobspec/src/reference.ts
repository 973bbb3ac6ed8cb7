import { JOB_YAML_BYTES_MAX, JOB_YAML_DEPTH_MAX, JOB_YAML_NODES_MAX } from '@qfs/core';
import { WORKLOAD_KINDS } from './contract.ts';
import { PROBLEMS } from './problems.ts';
import { VERSIONS } from './schema.ts';
import { memberPath, nounOf } from './shapes/check.ts';
import type { Member, RecordShape, Shape } from './shapes/shape.ts';

/** The reference page of `job.yaml`, as Markdown. */
export function jobDocumentReference(): string {
  const kinds = Object.entries(WORKLOAD_KINDS).map(
    ([name, { executed, help }]) => `| \`${name}\` | ${executed ? help : `refused: ${help}`} |\n`,
  );
  const problems = Object.entries(PROBLEMS).map(
    ([code, { help, severity }]) => `| \`${code}\` | ${severity} | ${help} |\n`,
  );
  return `# job.yaml

A \`job.yaml\` describes a job: \`eigen-cli submit --job job.yaml\`. \`eigen-cli job init\` writes one that runs,
\`eigen-cli job lint\` finds what is wrong with one. It is YAML 1.2 of at most ${JOB_YAML_BYTES_MAX} bytes,
${JOB_YAML_NODES_MAX} values and ${JOB_YAML_DEPTH_MAX} levels; documents that the
platform wrote may be larger. Keys stand once, tags and merge keys are not read. \`spec.workload.kind\` says what kind of work it is:

| kind | |
|---|---|
${kinds.join('')}
A flag of the command line wins over the document, the document over the decorator of an Eigen-Lang program.

${section('Version 1', 'v1', 'A key that is not listed is refused, except below `spec.observability`.')}
Each entry of \`spec.items\` has the members of \`spec\` from \`program\` to \`memory\`.

${section('Version 0.1', 'v0.1', 'A key that is not listed is passed over with a warning.')}
## What is found

| code | | |
|---|---|---|
${problems.join('')}`;
}

function section(title: string, version: keyof typeof VERSIONS, rule: string): string {
  const rows = rowsOf(VERSIONS[version].shape, '');
  return `## ${title}

${rule}
JSON Schema: [job-${version}.schema.json](job-${version}.schema.json), also by \`eigen-cli job schema ${version}\`.

| member | value | default | meaning |
|---|---|---|---|
${rows.join('')}`;
}

function rowsOf(shape: RecordShape, path: string): string[] {
  return Object.entries(shape.members).flatMap(([name, member]) => {
    const inside = memberPath(path, name);
    const below = member.shape.kind === 'record' ? rowsOf(member.shape, inside) : [];
    return [rowOf(member, inside), ...below];
  });
}

function rowOf({ help, noEffect, holds, preset, required, shape }: Member, path: string): string {
  const unless = holds === undefined ? '' : `, unless ${holds.join(' or ')}`;
  const effect = noEffect === undefined ? '' : ` **No effect**${unless}: ${noEffect}.`;
  const value = required === true ? '**required**' : (preset ?? '');
  return `| \`${path}\` | ${plain(valuesOf(shape))} | ${value} | ${plain(help)}${effect === '' ? '' : `.${effect}`} |\n`;
}

function valuesOf(shape: Shape): string {
  if (shape.kind === 'integer') {
    return shape.max === Number.MAX_SAFE_INTEGER
      ? `whole, from ${shape.min}`
      : `${shape.min} to ${shape.max}`;
  }
  if (shape.kind === 'list') return `list, each ${valuesOf(shape.of)}`;
  if (shape.kind === 'map') return `mapping, each ${valuesOf(shape.of)}`;
  if (shape.kind === 'either') return shape.of.map(valuesOf).join('; or ');
  if (shape.kind === 'any') return 'anything';
  return nounOf(shape);
}

/** Text that Markdown shows as it is. */
const plain = (text: string): string => text.replaceAll('<', '\\<').replaceAll('|', '\\|');
