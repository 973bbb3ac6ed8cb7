import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageAssets } from './index.ts';

/** What the page itself may weigh, uncompressed; it must load at once on any line. */
const PAGE_BYTES_MAX = 24_000;

const ASSETS = new Map(pageAssets().map(({ body, contentType, path }) => [path, { body, contentType }]));
const textOf = (path: string): string => new TextDecoder().decode(ASSETS.get(path)!.body);
const html = textOf('/');
const script = textOf('/page.js');
const style = textOf('/style.css');

test('the page weighs less than 24 kB', () => {
  const bytes = ['/', '/page.js', '/style.css'].reduce(
    (sum, path) => sum + ASSETS.get(path)!.body.byteLength,
    0,
  );
  assert.ok(bytes < PAGE_BYTES_MAX, `the page has ${bytes} bytes`);
});

test('a content security policy without inline code is enough', () => {
  assert.doesNotMatch(html, /\son\w+\s*=/i, 'an inline handler');
  assert.doesNotMatch(html, /\sstyle\s*=|<style/i, 'an inline style');
  assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)/i, 'an inline script');
  assert.doesNotMatch(html, /javascript:/i);
  assert.doesNotMatch(script, /\beval\(|new Function|setTimeout\(['"`]/);
});

test('text from outside never becomes markup', () => {
  assert.doesNotMatch(script, /innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
});

test('everything the page loads comes from the same server and is there', () => {
  const loaded = [...html.matchAll(/(?:src|href)="(?<target>[^"#]+)"/g)].map(({ groups }) => groups!.target!);
  for (const target of loaded) {
    if (target.startsWith('data:') || target === '/docs') continue;
    assert.ok(ASSETS.has(target), `${target} is no asset`);
  }
  assert.doesNotMatch(html + style, /https?:|url\(/);
});

test('the script finds every element it asks for', () => {
  const ids = new Set([...html.matchAll(/\sid="(?<id>[^"]+)"/g)].map(({ groups }) => groups!.id!));
  const asked = [...script.matchAll(/\$\('(?<id>[^']+)'\)/g)].map(({ groups }) => groups!.id!);
  assert.ok(asked.length > 20);
  for (const id of asked) assert.ok(ids.has(id), `there is no element "${id}"`);
});

test('every field has a label and every table its headings', () => {
  const withoutLabel = [...html.matchAll(/<(?:input|select|textarea)\b[^>]*id="(?<id>[^"]+)"/g)]
    .map(({ groups }) => groups!.id!)
    .filter((id) => {
      const wrapped = new RegExp(`<label>[^<]*<(?:input|select)[^>]*id="${id}"`).test(html);
      return !wrapped && !html.includes(`<label for="${id}">`);
    });
  assert.deepEqual(withoutLabel, []);
  for (const [table] of html.matchAll(/<table>[\s\S]*?<\/table>/g)) assert.match(table, /<th scope="col">/);
  assert.match(html, /<html lang="en">/);
});

test('the examples of the page are the example files', () => {
  const offered = /const EXAMPLES = \{(?<list>[^}]*)\}/.exec(script)!.groups!.list!;
  const names = [...offered.matchAll(/'(?<name>[\w./]+)':/g)].map(({ groups }) => groups!.name!);
  const served = [...ASSETS.keys()].filter((path) => path.startsWith('/examples/'));
  assert.deepEqual(names.map((name) => `/examples/${name}`).sort(), served.sort());
  for (const path of served) {
    const first = path.endsWith('.qasm') ? /^(?:\/\/.*\n)+OPENQASM 3\.0;/ : /^from eigen_lang import/m;
    assert.match(textOf(path), first);
  }
});
