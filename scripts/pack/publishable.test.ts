import assert from 'node:assert/strict';
import { test } from 'node:test';
import { javaScript, publishedFiles, publishedManifest } from './publishable.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('types are blanked and relative TypeScript paths become JavaScript paths', () => {
  const source = [
    "import type { A } from './a.ts';",
    "import { b } from '../b.ts';",
    "const worker = new URL('./worker.ts', import.meta.url);",
    'export const c = async (n: number): Promise<A> => (await import("./c.ts")).make(n as A, b, worker);',
    "export const text = 'main.ts';",
  ].join('\n');
  assert.deepEqual(
    javaScript(source)
      .split('\n')
      .map((line) => line.replace(/ +/g, ' ').trim()),
    [
      '',
      "import { b } from '../b.js';",
      "const worker = new URL('./worker.js', import.meta.url);",
      'export const c = async (n ) => (await import("./c.js")).make(n , b, worker);',
      "export const text = 'main.ts';",
    ],
  );
});

test('tests, golden files and entries for tests are not published', () => {
  const files = publishedFiles(
    new Map([
      ['src/index.ts', bytes("export * from './a.ts';\n")],
      ['src/a.ts', bytes('export const a: number = 1;\n')],
      ['src/a.test.ts', bytes('')],
      ['src/a.perf.ts', bytes('')],
      ['src/golden/a.txt', bytes('')],
      ['src/testing/index.ts', bytes('')],
      ['src/page/style.css', bytes('p { }')],
    ]),
  );
  assert.deepEqual([...files.keys()], ['src/index.js', 'src/a.js', 'src/page/style.css']);
  const manifest = {
    name: '@qfs/a',
    version: '1.0.0',
    description: 'A',
    license: 'Apache-2.0',
    type: 'module',
  };
  const exports = { '.': './src/index.ts', './testing': './src/testing/index.ts' };
  assert.deepEqual(publishedManifest({ ...manifest, exports }), {
    ...manifest,
    exports: { '.': './src/index.js' },
  });
});

test('a reference to a file that is not published is an error', () => {
  const sources = new Map([['src/index.ts', bytes("export { a } from './testing/a.ts';\n")]]);
  assert.throws(() => publishedFiles(sources), /src\/index\.js refers to src\/testing\/a\.js/);
});
