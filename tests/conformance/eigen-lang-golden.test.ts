import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileSource } from '@qfs/compiler';
import { assertGolden } from '../../packages/circuit/src/testing/golden.ts';

/*
 * Eigen-Lang to AQO, plan and OpenQASM, byte for byte: equal programs have equal artifacts on every machine
 * and in every version, before any pass. `QFS_UPDATE_GOLDEN=1` rewrites the files.
 */
const GOLDEN = new URL('./eigen-lang/golden/', import.meta.url);
const EXAMPLES = new URL('../../examples/', import.meta.url);
const EXTENSION = '.eigen.py';
const AS_WRITTEN = { optimization_level: '0' };

/** Programs of the golden folder, and the examples, by name. */
const SOURCES: readonly (readonly [name: string, file: URL])[] = [
  ...readdirSync(GOLDEN)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => [name.slice(0, -EXTENSION.length), new URL(name, GOLDEN)] as const),
  ...['vqe_h2', 'vqe_upstream', 'vqe_lih', 'qaoa_maxcut'].map(
    (name) => [name, new URL(`${name}/program${EXTENSION}`, EXAMPLES)] as const,
  ),
];

const NEGATIVE = new URL('./eigen-lang/negative/', import.meta.url);

for (const name of readdirSync(NEGATIVE)) {
  test(`${name} is refused where its first line says, and why`, () => {
    const source = readFileSync(new URL(name, NEGATIVE), 'utf8');
    const [, expected = ''] = /^# (.*)/.exec(source) ?? [];
    const compiled = compileSource({ language: 'eigen-lang', source });
    assert.ok(!compiled.ok);
    const { code, diagnostics } = compiled.error;
    const [first] = diagnostics.map(({ line, column, message }) => `${code} ${line}:${column} ${message}`);
    assert.ok(first?.startsWith(expected), `${first}`);
  });
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

for (const [name, file] of SOURCES) {
  test(`${name} compiles to the same bytes for ever, and back`, () => {
    const compiled = compileSource({
      language: 'eigen-lang',
      source: readFileSync(file),
      options: AS_WRITTEN,
    });
    assert.ok(compiled.ok, compiled.ok ? '' : compiled.error.message);
    const { aqo, qasm, plan, aqoDigest } = compiled.value;
    assertGolden(new URL(`${name}.aqo.json`, GOLDEN), text(aqo));
    assertGolden(new URL(`${name}.qasm`, GOLDEN), qasm);
    if (plan !== undefined) assertGolden(new URL(`${name}.plan.json`, GOLDEN), text(plan));
    for (const [language, source] of [
      ['aqo', aqo],
      ['openqasm3', qasm],
    ] as const) {
      const again = compileSource({ language, source });
      assert.ok(again.ok, again.ok ? '' : again.error.message);
      assert.equal(again.value.aqoDigest, aqoDigest, language);
    }
  });
}

test('the upstream program is two qubits, eight gates and a measurement of both', () => {
  const source = readFileSync(new URL(`vqe_upstream/program${EXTENSION}`, EXAMPLES));
  const compiled = compileSource({ language: 'eigen-lang', source, options: AS_WRITTEN });
  assert.ok(compiled.ok);
  const { qubits, gateCount, measurements } = compiled.value.metrics;
  assert.deepEqual([qubits, gateCount, measurements], [2, 8, 2]);
});
