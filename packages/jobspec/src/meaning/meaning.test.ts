import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languageOf } from './language.ts';
import { readArtifactRef, valueAt, writeArtifactRef } from './references.ts';

test('the suffix tells the language of a program, and else its text', () => {
  const told: readonly (readonly [string, string, string])[] = [
    ['a.eigen.py', '', 'eigen-lang'],
    ['a.py', '', 'eigen-lang'],
    ['a.aqo.json', '', 'aqo'],
    ['a.qasm', ' {"version": "1.0.0"}', 'aqo'],
    ['a.qasm', '// two\nOPENQASM 2.0;\n', 'openqasm2'],
    ['a.qasm', 'def main() {}\n', 'openqasm3'],
    ['', 'OPENQASM 3.0;\ndef f(qubit q) {}\n', 'openqasm3'],
    ['', 'from eigen import x\n', 'eigen-lang'],
    ['', '@hybrid_program()\ndef f():\n', 'eigen-lang'],
    ['-', 'qubit q;\n', 'openqasm3'],
  ];
  for (const [name, text, language] of told)
    assert.equal(languageOf(name, text), language, `${name}: ${text}`);
});

test('references name an artifact, and a value in it', () => {
  const whole = { jobId: 'job_1', name: 'items/0/program.qasm' };
  assert.deepEqual(readArtifactRef('circuit_fs/job_1/items/0/program.qasm'), whole);
  assert.deepEqual(readArtifactRef('qfs://circuit_fs/job_1/items/0/program.qasm#'), whole);
  const part = { jobId: 'job_1', name: 'results.json', pointer: '/items/0/a~1b' };
  assert.deepEqual(readArtifactRef(writeArtifactRef(part)), part);
  assert.equal(readArtifactRef('https://example.org/a'), undefined);
  const json = { items: [{ 'a/b': 3 }], none: null };
  assert.equal(valueAt(json, part.pointer), 3);
  assert.equal(valueAt(json, ''), json);
  assert.equal(valueAt(json, '/items/1'), undefined);
  assert.equal(valueAt(json, '/none/x'), undefined);
});
