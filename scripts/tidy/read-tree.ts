import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS } from '@qfs/core';
import type { Manifest, Tree } from './rules.ts';
import { sourceFile } from './source.ts';

interface PackageJson {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readJson = (path: string): PackageJson => JSON.parse(readFileSync(path, 'utf8')) as PackageJson;

/** Reads the checkout at `root`: tracked and new TypeScript files, manifests, the errors page, specifications. */
export function readTree(root: string): Tree {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const paths = listed.split('\n').filter((path) => existsSync(join(root, path)));
  const manifests = new Map<string, Manifest>();
  for (const path of paths) {
    const room = /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1];
    if (room === undefined) continue;
    const json = readJson(join(root, path));
    const dependencies = Object.keys(json.dependencies ?? {});
    const testDependencies = Object.keys(json.devDependencies ?? {});
    manifests.set(room, { name: json.name, exports: json.exports ?? {}, dependencies, testDependencies });
  }
  const rootJson = readJson(join(root, 'package.json'));
  const reference = join(root, 'docs/reference/errors.md');
  return {
    files: paths
      .filter((path) => path.endsWith('.ts'))
      .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8'))),
    manifests,
    errorCodes: Object.keys(ERRORS),
    specifications: paths
      .filter((path) => /^docs\/spec\/[^/]+\.md$/.test(path))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
    errorsReference: existsSync(reference) ? readFileSync(reference, 'utf8') : '',
    rootDependencies: Object.keys({ ...rootJson.dependencies, ...rootJson.devDependencies }),
  };
}
