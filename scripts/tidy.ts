import { determinism } from './tidy/determinism.ts';
import { readTree } from './tidy/read-tree.ts';
import { arrows, clauses, deadFiles, errorCodes, leftovers, purity, sizes, type Tree } from './tidy/rules.ts';
import type { Violation } from './tidy/source.ts';

/** Files that are started by path instead of being imported. */
export const PROGRAMS = ['packages/server/src/main.ts', 'packages/cli/src/main.ts'];

/** All house rules that a machine can check. */
export const tidy = (tree: Tree): Violation[] => [
  ...arrows(tree),
  ...purity(tree),
  ...determinism(tree),
  ...sizes(tree),
  ...leftovers(tree),
  ...deadFiles(tree, PROGRAMS),
  ...errorCodes(tree),
  ...clauses(tree),
];

if (import.meta.main) {
  const tree = readTree(process.cwd());
  const found = tidy(tree);
  for (const { rule, path, line, message } of found)
    process.stdout.write(`${path}:${line} [${rule}] ${message}\n`);
  process.stdout.write(`tidy: ${tree.files.length} files, ${found.length} violations\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
