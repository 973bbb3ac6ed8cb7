import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { validateSource } from '@qfs/compiler';
import { parseSource, printProgram } from '@qfs/qasm';
import { VERDICTS } from './verdicts.ts';

/*
 * The corpus of the OpenQASM project lies outside of this repository. What it may lack of the grammar stands
 * in `grammar.ts`, rule by rule.
 */
const corpus = process.env.QFS_OPENQASM_CORPUS ?? '';
const skip =
  existsSync(join(corpus, 'examples')) && corpus !== '' ? false : 'QFS_OPENQASM_CORPUS names no corpus';

const filesUnder = (folder: string, ending: string): string[] =>
  readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => join(folder, file));

const read = (file: string): string => readFileSync(join(corpus, file), 'utf8');

/** The block scalar under `source:` of a reference file. */
function sourceOf(yaml: string): string {
  const lines = yaml.split('\n');
  const from = lines.findIndex((line) => line.startsWith('source:'));
  const indented = lines.slice(from + 1);
  const end = indented.findIndex((line) => line !== '' && !/^\s/.test(line));
  const block = end === -1 ? indented : indented.slice(0, end);
  const indent = /^ */.exec(block.find((line) => line.trim() !== '') ?? '')![0].length;
  return block.map((line) => line.slice(indent)).join('\n');
}

function rejections(source: string): string[] {
  return parseSource(source).diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`);
}

/** Parses, prints, parses and prints: no findings, and the same text. */
function assertAccepted(title: string, source: string): void {
  assert.deepEqual(rejections(source), [], title);
  const printed = printProgram(parseSource(source).ast);
  assert.deepEqual(rejections(printed), [], `${title}, printed`);
  assert.equal(printProgram(parseSource(printed).ast), printed, `${title}, printed twice`);
}

test('every example of the corpus is accepted', { skip }, (t) => {
  const files = filesUnder('examples', '.qasm');
  assert.ok(files.length > 0);
  for (const file of files) assertAccepted(file, read(file));
  t.diagnostic(`${files.length} of ${files.length} examples accepted`);
});

test('every reference source of the corpus is accepted', { skip }, (t) => {
  const files = filesUnder('reference', '.yaml');
  assert.ok(files.length > 0);
  for (const file of files) assertAccepted(file, sourceOf(read(file)));
  t.diagnostic(`${files.length} of ${files.length} reference sources accepted`);
});

test('every invalid line of the corpus is rejected with a place', { skip }, (t) => {
  const lines = filesUnder('invalid', '.qasm').flatMap((file) =>
    read(file)
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('//')),
  );
  assert.ok(lines.length > 0);
  for (const line of lines) {
    const { diagnostics } = parseSource(line);
    assert.ok(
      diagnostics.some(({ severity, column }) => severity === 'error' && column >= 1),
      line,
    );
  }
  t.diagnostic(`${lines.length} of ${lines.length} invalid lines rejected`);
});

test('the programs of the corpus have the semantic verdicts of the table', { skip }, (t) => {
  const verdictOf = (file: string): string => {
    const source = file.endsWith('.yaml') ? sourceOf(read(file)) : read(file);
    const verdict = validateSource({ language: 'openqasm3', source, level: 'semantic' });
    return verdict.executable ? 'runs' : String(verdict.reason);
  };
  const verdicts = Object.keys(VERDICTS).map((file) => [file, verdictOf(file)]);
  const expected = Object.entries(VERDICTS).map(([file, { verdict }]) => [file, verdict]);
  assert.deepEqual(verdicts, expected);
  t.diagnostic(`${verdicts.filter(([, verdict]) => verdict === 'runs').length} of ${verdicts.length} run`);
});
