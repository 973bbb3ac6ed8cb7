import { JOB_YAML_BYTES_MAX, nearestName } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import type { JobDocument, ReadDocument } from './contract.ts';
import { Findings, shown } from './findings.ts';
import { meanV1 } from './meaning/mean-v1.ts';
import { meanV01 } from './meaning/mean-v01.ts';
import { findSecrets } from './meaning/secrets.ts';
import { check } from './shapes/check.ts';
import { MISSING_IN_V01, MOVED_TO_V1, V1 } from './versions/v1.ts';
import { V01 } from './versions/v01.ts';
import { CANONICAL_HEAD, writeJobDocument } from './write-document.ts';
import { readYaml } from './yaml/read-yaml.ts';
import type { Tree } from './yaml/tree.ts';

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Reads a `job.yaml` of version 0.1 or 1: everything that is wrong with it at once, with line and column.
 * A document may have JOB_YAML_BYTES_MAX bytes, and more if it is exactly what `writeJobDocument` writes.
 */
export function readJobDocument(text: string): ReadDocument {
  const plain = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const findings = new Findings(plain);
  const bytes = utf8(plain).length;
  const isLarge = bytes > JOB_YAML_BYTES_MAX;
  const document =
    isLarge && !plain.startsWith(CANONICAL_HEAD)
      ? undefined
      : readWithin(plain, isLarge ? bytes : undefined, findings);
  if (isLarge && (document === undefined || writeJobDocument(document) !== plain)) {
    const hint = 'Keep programs and data in files of their own.';
    findings.add(
      'JOB_TOO_LARGE',
      '',
      `The document has ${bytes} bytes; at most ${JOB_YAML_BYTES_MAX} are read`,
      hint,
    );
  }
  return {
    ...(document === undefined || findings.hasErrors ? {} : { document }),
    problems: findings.sorted(),
    programProblem: (item, message, hint) => findings.programProblem(item, message, hint),
  };
}

function readWithin(text: string, nodesMax: number | undefined, findings: Findings): JobDocument | undefined {
  const tree = readYaml(text, findings, nodesMax);
  if (tree === undefined) return undefined;
  findSecrets(tree, '', findings);
  const version = versionOf(tree, findings);
  return version === undefined ? undefined : VERSIONS[version](tree, findings);
}

const VERSIONS = {
  'eigen.os/v0.1': (tree: Tree, findings: Findings): JobDocument | undefined => {
    const value = check(tree, V01, '', findings, { areIgnored: true, elsewhere: MISSING_IN_V01 });
    return value && meanV01(value, findings);
  },
  'eigen.os/v1': (tree: Tree, findings: Findings): JobDocument | undefined => {
    const value = check(tree, V1, '', findings, { areIgnored: false, elsewhere: MOVED_TO_V1 });
    return value && meanV1(value, findings);
  },
};

function versionOf(tree: Tree, findings: Findings): keyof typeof VERSIONS | undefined {
  const known = Object.keys(VERSIONS) as (keyof typeof VERSIONS)[];
  if (tree.kind !== 'map') {
    findings.add('JOB_VALUE', '', 'The document is no mapping', 'Begin with "apiVersion: eigen.os/v1".');
    return undefined;
  }
  const said = tree.entries.find(({ key }) => key === 'apiVersion')?.value;
  if (said === undefined) {
    findings.add('JOB_KEY_MISSING', 'apiVersion', 'apiVersion is missing', `It is ${known.join(' or ')}.`);
    return undefined;
  }
  findings.mark('apiVersion', said);
  const value = said.kind === 'scalar' ? said.value : undefined;
  const version = known.find((name) => name === value);
  if (version === undefined) {
    const nearest = typeof value === 'string' ? nearestName(value, known) : undefined;
    const message = `apiVersion is ${said.kind === 'scalar' ? shown(said.value) : `a ${said.kind}`}; known are ${known.join(' and ')}`;
    findings.add('JOB_VALUE', 'apiVersion', message, nearest && `Did you mean ${nearest}?`);
  }
  return version;
}
