import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { failureKind, failureText } from './failure.ts';
import { checkQasm } from './qasm-check.ts';
import { QasmInputs } from './qasm-inputs.ts';
import { seeds } from './qasm-seeds.ts';
import { runWatched } from './runner.ts';
import { shrink } from './shrink.ts';

test('equal seeds give equal inputs, and the next seed gives others', () => {
  const texts = (seed: number): string[] => {
    const inputs = new QasmInputs(seed, seeds());
    return [3, 1, 2].map((at) => Buffer.from(inputs.at(at)).toString('hex'));
  };
  assert.deepEqual(texts(7), texts(7));
  assert.notDeepEqual(texts(7), texts(8));
});

test('programs to start from run, and the richest is among them', () => {
  const { programs, parts } = seeds();
  assert.ok(programs[0]!.includes('rotl') && parts.length > 100);
});

test('a program that keeps every promise passes, whether it runs, is valid or is refused', () => {
  const outcome = (source: string): string => checkQasm(new TextEncoder().encode(source));
  assert.equal(outcome('qubit q; U(0, 0, 0) q;'), 'runs');
  assert.equal(outcome('qubit q; cal { }'), 'valid');
  assert.equal(outcome('qubit'), 'refused');
  assert.equal(checkQasm(Uint8Array.of(0xff)), 'refused');
});

test('a failing text is made as small as it can be while it fails', async () => {
  const fails = (text: string): boolean => text.includes('b') && text.includes('z[');
  assert.equal(await shrink('int a = 2; bit b = 3; ccz[0] ++ d;', fails, () => false), 'bz[');
  assert.equal(await shrink('bit z[', fails, () => true), 'bit z[');
});

test('failures that differ in numbers and quotations are one kind', () => {
  const kind = (message: string): string => failureKind(failureText(new Error(message)));
  assert.equal(kind('`a` has 3\nlines'), kind('`b[2]` has 41'));
});

const program = (code: string): URL => {
  const path = join(mkdtempSync(join(tmpdir(), 'qfs-fuzz-test-')), 'program.mjs');
  writeFileSync(path, code);
  return pathToFileURL(path);
};

test('a process that falls silent, or ends by itself, is known by its last line', async () => {
  const lines: string[] = [];
  const run = (code: string, silenceMs: number): ReturnType<typeof runWatched> =>
    runWatched(program(code), [], silenceMs, (line) => lines.push(line));
  assert.equal((await run('console.log(1);', 60_000)).ending, 'done');
  assert.equal((await run('console.log(2); setInterval(() => {}, 9_999);', 2_000)).ending, 'hang');
  const { ending, errors } = await run('console.log(3); throw new Error("away");', 60_000);
  assert.equal(ending, 'crash');
  assert.match(errors, /Error: away/);
  assert.deepEqual(lines, ['1', '2', '3']);
});
