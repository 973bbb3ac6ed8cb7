import { ALLOWED_IN_DETERMINISTIC, BANNED_IN_DETERMINISTIC, DETERMINISTIC_ROOM } from './arrows.ts';
import type { Tree } from './rules.ts';
import { importsOf, lineOf, type SourceFile, type Violation } from './source.ts';

/** No floats, no unordered iteration, nothing asynchronous in what is replayed, nor in what it imports. */
export const determinism = (tree: Tree): Violation[] => deterministicFiles(tree).flatMap(findBanned);

function findBanned(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  for (const { pattern, instead } of BANNED_IN_DETERMINISTIC) {
    for (const match of file.code.matchAll(pattern)) {
      const text = match[0].trim();
      if (ALLOWED_IN_DETERMINISTIC.some((one) => one.path === file.path && one.text === text)) continue;
      const message = `${text} in what is replayed; use ${instead}`;
      found.push({ rule: 'determinism', path: file.path, line: lineOf(file.text, match.index), message });
    }
  }
  return found;
}

/** Everything that runs when the room does: its own files, and what they import of other rooms. */
function deterministicFiles(tree: Tree): SourceFile[] {
  const byPath = new Map(tree.files.map((file) => [file.path, file]));
  const queue = Object.keys(tree.manifests.get(DETERMINISTIC_ROOM)?.exports ?? {}).map((entry) =>
    entryPath(tree, DETERMINISTIC_ROOM, entry),
  );
  const reached = new Set<SourceFile>();
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path);
    if (file === undefined || reached.has(file)) continue;
    reached.add(file);
    for (const { specifier, typeOnly } of importsOf(file)) {
      if (!typeOnly) queue.push(targetOf(tree, file, specifier));
    }
  }
  return [...reached];
}

function targetOf(tree: Tree, file: SourceFile, specifier: string): string {
  if (specifier.startsWith('.')) return new URL(specifier, `file:///${file.path}`).pathname.slice(1);
  const [, room = '', ...rest] = specifier.split('/');
  return entryPath(tree, room, rest.length === 0 ? '.' : `./${rest.join('/')}`);
}

const entryPath = (tree: Tree, room: string, entry: string): string =>
  `packages/${room}/${tree.manifests.get(room)?.exports[entry]?.replace('./', '') ?? ''}`;
