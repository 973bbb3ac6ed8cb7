import { ARROWS, BANNED_IN_PURE, PURE } from './arrows.ts';
import { importsOf, lineOf, type SourceFile, type Violation } from './source.ts';

export interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
  /** What its tests may use besides. */
  readonly testDependencies: readonly string[];
}

/** A page of `docs/spec`: clauses that begin a line with their name in bold, for example `**LOG-1 Values.**`. */
interface Specification {
  readonly path: string;
  readonly text: string;
}

/** The checkout as the rules see it; tests plant violations in a made-up one. */
export interface Tree {
  readonly files: readonly SourceFile[];
  /** By room name. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  readonly errorCodes: readonly string[];
  readonly errorsReference: string;
  readonly specifications: readonly Specification[];
  /** Dependencies of the root, which scripts and tests may use. */
  readonly rootDependencies: readonly string[];
}

const FILE_LINES_MAX = 500;
const LINE_CHARS_MAX = 110;
const FUNCTION_LINES_MAX = 70;

const roomOf = (path: string): string | undefined => /^packages\/([^/]+)\/src\//.exec(path)?.[1];
const insideRoom = (path: string): string => path.replace(/^packages\/[^/]+\/src\//, '');
const isTest = (path: string): boolean =>
  /\.(?:test|perf)\.ts$|\/testing\//.test(path) || !path.startsWith('packages/');
const isGenerated = (path: string): boolean => path.includes('/gen/');

const violation = (rule: string, file: SourceFile, offset: number, message: string): Violation => ({
  rule,
  path: file.path,
  line: lineOf(file.text, offset),
  message,
});

/** Imports follow the arrows, enter rooms through their exports, and name only declared dependencies. */
export function arrows(tree: Tree): Violation[] {
  return tree.files.flatMap((file) =>
    importsOf(file).flatMap(({ specifier, offset }) => {
      const message = arrowFault(tree, file, specifier);
      return message === undefined ? [] : [violation('arrows', file, offset, message)];
    }),
  );
}

function arrowFault(tree: Tree, file: SourceFile, specifier: string): string | undefined {
  const room = roomOf(file.path);
  if (specifier.startsWith('.')) return relativeFault(file, specifier, room);
  if (specifier.startsWith('node:')) return undefined;
  if (specifier.startsWith('@qfs/')) return roomFault(tree, file, specifier, room);
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const manifest = room === undefined ? undefined : tree.manifests.get(room);
  const declared = manifest?.dependencies ?? [];
  const forTests = [...(manifest?.testDependencies ?? []), ...tree.rootDependencies];
  const allowed = isTest(file.path) ? [...declared, ...forTests] : declared;
  return allowed.includes(name) ? undefined : `imports ${name}, which ${room ?? 'the root'} does not declare`;
}

function relativeFault(file: SourceFile, specifier: string, room: string | undefined): string | undefined {
  if (room === undefined) return undefined;
  const target = new URL(specifier, `file:///${file.path}`).pathname.slice(1);
  const inside = target.startsWith(`packages/${room}/`);
  return inside || isTest(file.path) ? undefined : `reaches out of ${room} by the path ${specifier}`;
}

function roomFault(
  tree: Tree,
  file: SourceFile,
  specifier: string,
  room: string | undefined,
): string | undefined {
  const [, target = '', ...rest] = specifier.split('/');
  const manifest = tree.manifests.get(target);
  const entry = rest.length === 0 ? '.' : `./${rest.join('/')}`;
  if (manifest?.exports[entry] === undefined)
    return `imports ${specifier}, which is not an entry of ${target}`;
  if (room === undefined || room === target || isTest(file.path)) return undefined;
  const unit = `${room}/${insideRoom(file.path).split('/')[0]}`;
  const allowed = ARROWS[unit] ?? ARROWS[room] ?? [];
  const reached = [target, `${target}/${rest.join('/')}`];
  return reached.some((name) => allowed.includes(name)) ? undefined : `${room} may not import ${specifier}`;
}

/** Pure rooms take clock, randomness and I/O as arguments. */
export function purity(tree: Tree): Violation[] {
  const found: Violation[] = [];
  for (const file of tree.files) {
    const room = roomOf(file.path);
    const pure = PURE.find((candidate) => candidate.room === room);
    if (pure === undefined || isTest(file.path)) continue;
    if (pure.except.some((part) => insideRoom(file.path).startsWith(part))) continue;
    for (const { pattern, instead } of BANNED_IN_PURE) {
      for (const match of file.code.matchAll(pattern)) {
        found.push(
          violation('purity', file, match.index, `${match[0].trim()} in a pure room; use ${instead}`),
        );
      }
    }
    for (const { specifier, offset } of importsOf(file)) {
      if (specifier.startsWith('node:')) {
        found.push(violation('purity', file, offset, `${specifier} in a pure room; use a port`));
      }
    }
  }
  return found;
}

/** Small files, short functions, readable lines. */
export function sizes(tree: Tree): Violation[] {
  return tree.files
    .filter((file) => !isGenerated(file.path))
    .flatMap((file) => {
      const lines = file.text.split('\n');
      const found: Violation[] = [];
      if (lines.length > FILE_LINES_MAX + 1) {
        found.push({ rule: 'sizes', path: file.path, line: 1, message: `${lines.length} lines; split it` });
      }
      lines.forEach((line, number) => {
        if ([...line].length > LINE_CHARS_MAX && !/https?:|['"`]|^\s*\/\^.*\/;$/.test(line)) {
          found.push({
            rule: 'sizes',
            path: file.path,
            line: number + 1,
            message: `${line.length} characters`,
          });
        }
      });
      return [...found, ...longFunctions(file)];
    });
}

const FUNCTION_START =
  /^(\s*)(?:export )?(?:default )?(?:async )?(?:function\b|(?:static |override |async |\*)*[\w#]+\([^;]*\{$|const \w+ = .*=> \{$)/;

/** The formatter puts the closing brace of a function at the indentation of its first line. */
function longFunctions(file: SourceFile): Violation[] {
  const code = file.code.split('\n');
  const found: Violation[] = [];
  code.forEach((line, start) => {
    const match = FUNCTION_START.exec(line);
    if (match === null || /^\s*(?:if|for|while|switch|catch|return)\b/.test(line)) return;
    const end = code.findIndex((candidate, at) => at > start && candidate.startsWith(`${match[1]}}`));
    if (end - start + 1 > FUNCTION_LINES_MAX) {
      const message = `function of ${end - start + 1} lines; split it`;
      found.push({ rule: 'sizes', path: file.path, line: start + 1, message });
    }
  });
  return found;
}

/** Leftovers, and tests that are switched off or alone. */
export function leftovers(tree: Tree): Violation[] {
  const words = /\b(?:TODO|FIXME|XXX|HACK)\b/g;
  const switches =
    /\b(?:test|describe|it)\.(?:only|todo)\b|@ts-(?:ignore|nocheck|expect-error)|\bdebugger\b/g;
  return tree.files
    .filter((file) => !file.path.startsWith('scripts/tidy'))
    .flatMap((file) =>
      [...file.text.matchAll(words), ...file.text.matchAll(switches)].map((match) =>
        violation('leftovers', file, match.index, `"${match[0]}" is left over`),
      ),
    );
}

/** Every source file is reached from an entry of its room, a program, a script or a test. */
export function deadFiles(tree: Tree, programs: readonly string[]): Violation[] {
  const byPath = new Map(tree.files.map((file) => [file.path, file]));
  const entries = [...tree.manifests].flatMap(([room, manifest]) =>
    Object.values(manifest.exports).map((entry) => `packages/${room}/${entry.replace(/^\.\//, '')}`),
  );
  const queue = [...entries, ...programs, ...tree.files.map((file) => file.path).filter(isRoot)];
  const reached = new Set<string>();
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path);
    if (file === undefined || reached.has(path)) continue;
    reached.add(path);
    const urls = [...file.text.matchAll(/new URL\(\s*'(\.[^']+\.ts)'/g)].map((match) => match[1]!);
    for (const specifier of [...importsOf(file).map((found) => found.specifier), ...urls]) {
      if (specifier.startsWith('.')) queue.push(new URL(specifier, `file:///${path}`).pathname.slice(1));
    }
  }
  return tree.files
    .filter((file) => !reached.has(file.path) && !isGenerated(file.path))
    .map((file) => ({ rule: 'dead-files', path: file.path, line: 1, message: 'nothing imports this file' }));
}

const isRoot = (path: string): boolean =>
  /\.(?:test|perf)\.ts$/.test(path) || /^(?:scripts|tests)\//.test(path);

const testFiles = (tree: Tree): SourceFile[] =>
  tree.files.filter((file) => /\.test\.ts$/.test(file.path) && !file.path.startsWith('scripts/tidy'));

/** Every error code has a heading in the reference and is named by a test. */
export function errorCodes(tree: Tree): Violation[] {
  const tests = testFiles(tree)
    .map((file) => file.text)
    .join('\n');
  return tree.errorCodes.flatMap((code) => {
    const path = 'packages/core/src/errors.ts';
    const found: Violation[] = [];
    if (!tree.errorsReference.includes(`## ${code}\n`)) {
      found.push({
        rule: 'error-codes',
        path,
        line: 1,
        message: `${code} has no page in docs/reference/errors.md`,
      });
    }
    if (!new RegExp(`\\b${code}\\b`).test(tests)) {
      found.push({ rule: 'error-codes', path, line: 1, message: `${code} is named by no test` });
    }
    return found;
  });
}

/** Every clause of a specification is named by a test, and tests name no clause that no specification has. */
export function clauses(tree: Tree): Violation[] {
  const written = tree.specifications.flatMap(({ path, text }) =>
    [...text.matchAll(/^\*\*([A-Z]+-\d+)\b/gm)].map(({ 1: name = '', index }) => ({
      name,
      place: { rule: 'clauses', path, line: lineOf(text, index) },
    })),
  );
  const known = new Set(written.map(({ name }) => name));
  const families = new Set(written.map(({ name }) => name.split('-')[0]));
  const named = testFiles(tree).flatMap((file) => namedClauses(file).map((clause) => ({ ...clause, file })));
  const tested = new Set(named.map(({ name }) => name));
  return [
    ...written
      .filter(({ name }, at) => written.findIndex((clause) => clause.name === name) !== at)
      .map(({ name, place }) => ({ ...place, message: `there are two clauses ${name}` })),
    ...written
      .filter(({ name }) => !tested.has(name))
      .map(({ name, place }) => ({ ...place, message: `${name} is named by no test` })),
    ...named
      .filter(({ name }) => families.has(name.split('-')[0]) && !known.has(name))
      .map(({ name, offset, file }) => violation('clauses', file, offset, `there is no clause ${name}`)),
  ];
}

/** Clauses that a test names, alone or as `LOG-2 to LOG-8`. */
function namedClauses(file: SourceFile): { readonly name: string; readonly offset: number }[] {
  return [...file.text.matchAll(/\b([A-Z]+)-(\d+)(?: to \1-(\d+))?\b/g)].flatMap((match) => {
    const [, family, first, last = first] = match;
    const count = Math.max(0, Number(last) - Number(first)) + 1;
    return Array.from({ length: count }, (_, step) => ({
      name: `${family}-${Number(first) + step}`,
      offset: match.index,
    }));
  });
}
