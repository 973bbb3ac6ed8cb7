import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tidy } from '../tidy.ts';
import { readTree } from './read-tree.ts';
import type { Tree } from './rules.ts';
import { blank, sourceFile } from './source.ts';

const manifest = (name: string, entries: readonly string[], dependencies: readonly string[] = []) =>
  ({
    name: `@qfs/${name}`,
    exports: Object.fromEntries(
      entries.map((entry) => [entry, entry === '.' ? './src/index.ts' : `./src${entry.slice(1)}/index.ts`]),
    ),
    dependencies,
    testDependencies: [],
  }) as const;

const specification = (...clauses: readonly string[]) => ({
  path: 'docs/spec/book.md',
  text: `# Books\n\n${clauses.join('\n\n')}\n`,
});

/** A made-up checkout that keeps every rule, plus the files a test plants in it. */
function treeWith(files: Readonly<Record<string, string>>, change: Partial<Tree> = {}): Tree {
  const clean = {
    'packages/core/src/index.ts': 'export const one = 1;\n',
    'packages/core/src/exact/index.ts': 'export const two = 2;\n',
    'packages/fabric/src/index.ts': "import { two } from '@qfs/core/exact';\nexport const four = two * 2;\n",
    'packages/kernel/src/index.ts': "import { one } from '@qfs/core';\nexport const kernel = one;\n",
    'packages/server/src/index.ts': "import { kernel } from '@qfs/kernel';\nexport const server = kernel;\n",
    'packages/core/src/errors.test.ts': "export const codes = ['PLANTED'];\n",
    'packages/core/src/log.test.ts': "test('BOOK-1 to BOOK-3: pages are numbered', () => {});\n",
  };
  return {
    files: Object.entries({ ...clean, ...files }).map(([path, text]) => sourceFile(path, text)),
    manifests: new Map([
      ['core', manifest('core', ['.', './exact'])],
      ['fabric', manifest('fabric', ['.'], ['@qfs/core'])],
      ['kernel', manifest('kernel', ['.'], ['@qfs/core'])],
      ['server', manifest('server', ['.'], ['@qfs/core', '@qfs/kernel'])],
    ]),
    errorCodes: ['PLANTED'],
    errorsReference: '## PLANTED\n',
    specifications: [
      specification('**BOOK-1 Pages.**', '**BOOK-2 Lines.** BOOK-1 holds.', '**BOOK-3 Ink.**'),
    ],
    rootDependencies: ['fast-check'],
    ...change,
  };
}

const messages = (tree: Tree): string[] =>
  tidy(tree).map(({ rule, path, message }) => `${rule} ${path}: ${message}`);

function plants(name: string, rule: string, expected: RegExp, tree: Tree): void {
  test(`tidy finds ${name}`, () => {
    const found = messages(tree).filter((message) => message.startsWith(`${rule} `));
    assert.ok(
      found.some((message) => expected.test(message)),
      `found only ${JSON.stringify(messages(tree))}`,
    );
  });
}

test('a clean tree has no violation', () => assert.deepEqual(messages(treeWith({})), []));

test('the checkout keeps the house rules', () => {
  const found = tidy(readTree(process.cwd()));
  assert.deepEqual(
    found.map(({ path, line, rule, message }) => `${path}:${line} [${rule}] ${message}`),
    [],
  );
});

const kernel = (text: string) => treeWith({ 'packages/kernel/src/index.ts': text });
const core = (text: string) => treeWith({ 'packages/core/src/index.ts': text });
const fabric = (text: string) => treeWith({ 'packages/fabric/src/index.ts': text });

plants('an arrow upwards', 'arrows', /kernel may not import @qfs\/server/, kernel("import '@qfs/server';\n"));
plants('a re-export upwards', 'arrows', /kernel may not import/, kernel("export * from '@qfs/server';\n"));
plants('a dynamic import upwards', 'arrows', /kernel may not/, kernel("await import('@qfs/server');\n"));
plants('a room entered by the window', 'arrows', /not an entry/, kernel("import '@qfs/core/secret';\n"));
plants('a path out of the room', 'arrows', /reaches out/, kernel("import '../../core/src/index.ts';\n"));
plants('an undeclared dependency', 'arrows', /imports fastify/, kernel("import 'fastify';\n"));
plants(
  'fabric importing inexact core',
  'arrows',
  /fabric may not import @qfs\/core/,
  fabric("import '@qfs/core';\n"),
);

for (const text of [
  'Date.now()',
  'new Date()',
  'Math.random()',
  'Math.sin(1)',
  'performance.now()',
  'setTimeout(f, 1)',
  'process.env.X',
  'fetch(x)',
  'x.toLocaleString()',
]) {
  plants(`${text} in a pure room`, 'purity', /in a pure room/, core(`export const x = ${text};\n`));
}
plants('node: in a pure room', 'purity', /node:fs in a pure room/, core("import 'node:fs';\n"));
const DETERMINISM_PLANTS = [
  '0.5',
  '1e-3',
  'Math.floor(2)',
  'a / b',
  '(a /= b)',
  '2 ** a',
  'parseFloat(a)',
  'NaN',
  'new Float64Array(1)',
  'view.getFloat64(0)',
  'Object.keys(a)',
  'Object.entries(a)',
  'Reflect.ownKeys(a)',
  'a.localeCompare(b)',
  'await a',
  'new WeakRef(a)',
  'console.log(a)',
  'new Error().stack',
];
for (const text of DETERMINISM_PLANTS) {
  const planted = `export const x = ${text};\n`;
  plants(`${text} in the fabric`, 'determinism', /in what is replayed/, fabric(planted));
  plants(
    `${text} in what the fabric imports`,
    'determinism',
    /^determinism packages\/core\/src\/exact\/index\.ts/,
    treeWith({ 'packages/core/src/exact/index.ts': `export const two = 2;\n${planted}` }),
  );
}
plants(
  'unordered iteration in the fabric',
  'determinism',
  /in what is replayed/,
  fabric('export function f(a: object) { for (const k in a) k; }\n'),
);
for (const text of [
  'Date.now()',
  'Math.random()',
  'performance.now()',
  'process.env.X',
  'crypto.randomUUID()',
]) {
  plants(`${text} in the fabric`, 'purity', /in a pure room/, fabric(`export const x = ${text};\n`));
}
plants('I/O in the fabric', 'purity', /node:fs in a pure room/, fabric("import 'node:fs';\n"));

test('the fabric may take the lesser of two integers, and inexact rooms may divide', () => {
  assert.deepEqual(messages(fabric('export const x = Math.min(1, 2);\n')), []);
  assert.deepEqual(messages(core('export const x = 1 / 2;\n')), []);
});

plants('a long file', 'sizes', /lines; split it/, core('export const a = 1;\n'.repeat(600)));
plants('a long line', 'sizes', /characters/, core(`export const a = ${'1 + '.repeat(40)}1;\n`));
plants('a long function', 'sizes', /function of/, core(`export function f() {\n${'  f();\n'.repeat(80)}}\n`));
plants('a leftover', 'leftovers', /TODO/, core('// TODO later\nexport const a = 1;\n'));
plants(
  'a lonely test',
  'leftovers',
  /test\.only/,
  treeWith({ 'packages/core/src/a.test.ts': 'test.only();\n' }),
);
plants('a suppressed type error', 'leftovers', /ts-ignore/, core('// @ts-ignore\nexport const a = 1;\n'));
plants(
  'a dead file',
  'dead-files',
  /nothing imports/,
  treeWith({ 'packages/core/src/lost.ts': 'export {};\n' }),
);
plants('an undocumented error', 'error-codes', /has no page/, treeWith({}, { errorsReference: '' }));
plants(
  'an untested error',
  'error-codes',
  /named by no test/,
  treeWith({}, { errorCodes: ['PLANTED', 'LOST'] }),
);

const clauses = (...written: readonly string[]) =>
  treeWith({}, { specifications: [specification(...written)] });
const BOOK = ['**BOOK-1 a**', '**BOOK-2 b**', '**BOOK-3 c**'];
plants('an untested clause', 'clauses', /BOOK-4 is named by no test/, clauses(...BOOK, '**BOOK-4 d**'));
plants('a clause that is not there', 'clauses', /there is no clause BOOK-3/, clauses(...BOOK.slice(0, 2)));
plants('a clause written twice', 'clauses', /two clauses BOOK-1/, clauses(...BOOK, '**BOOK-1 d**'));

test('comments, strings, templates and regular expressions are not code', () => {
  const dollar = '$';
  const source = `a; // Date\n/* Date */ 'Date' \`Date ${dollar}{Date} Date\`; /Date/.test(x) / 2; "\\"Date" }`;
  assert.equal(blank(source).match(/Date/g)?.length, 1);
  assert.equal(blank(source).length, source.length);
});
