import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type CircuitResult, readResults } from '@qfs/circuit';
import { type Compiled, compileSource, writeOpenQasm2 } from '@qfs/compiler';
import { simulate } from '@qfs/simulator';

/*
 * Programs as other tools write them, with the probabilities that those tools, or paper and pencil, give
 * their outcomes. scripts/exports has made them.
 */
const FOLDER = new URL('./exports/', import.meta.url);
const SEED = 20_262;
const SHOTS = 20_000;

interface Row {
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly inputs?: Readonly<Record<string, number>>;
  /** The file that it needs and does not include, as the finding about it says. */
  readonly missing?: string;
  /** The reason why it cannot be executed here. */
  readonly refused?: string;
}

interface Expected {
  readonly tool: string;
  readonly version: string;
  readonly programs: Readonly<Record<string, Row>>;
}

const text = (path: string): string => readFileSync(new URL(path, FOLDER), 'utf8');

function languageOf(tool: string, source: string): string {
  if (/^OPENQASM 2/m.test(source)) return 'openqasm2';
  return tool === 'braket' ? 'openqasm3-braket' : 'openqasm3';
}

function compiled(source: string, language: string): Compiled {
  const result = compileSource({ language, source });
  assert.ok(result.ok, result.ok ? '' : `${source}\n${JSON.stringify(result.error, undefined, 1)}`);
  return result.value;
}

/** The program with the line that the hint at its first error asks for. */
function completed(source: string, language: string, missing: string | undefined): string {
  if (missing === undefined) return source;
  const result = compileSource({ language, source });
  const line = `include "${missing}";`;
  assert.equal(result.ok ? '' : result.error.diagnostics[0]?.hint, `add \`${line}\` at the top`);
  return source.replace(/^include.*$/m, (include) => `${include}\n${line}`);
}

function run({ aqo }: Compiled, inputs: Row['inputs'] = {}): CircuitResult {
  const parameters = [new Map(Object.entries(inputs))];
  const item = { aqo, parameters, observables: [], shots: SHOTS, seed: SEED, memory: false };
  const results = readResults(simulate([item]));
  assert.ok(results.ok);
  return results.value.items[0]!.results[0]!;
}

/** Every count is within five standard deviations of what its probability makes expect. */
function assertProbabilities(counts: ReadonlyMap<string, number>, expected: Row['probabilities'] = {}): void {
  for (const key of counts.keys()) assert.ok(Object.hasOwn(expected, key), `${key} cannot come out`);
  for (const [key, probability] of Object.entries(expected)) {
    const count = counts.get(key) ?? 0;
    const deviation = Math.sqrt(SHOTS * probability * (1 - probability));
    const off = Math.abs(count - SHOTS * probability);
    assert.ok(off <= 5 * deviation + 1e-3, `${key}: ${count} of ${SHOTS}, expected ${SHOTS * probability}`);
  }
}

const tools = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());

for (const { name: folder } of tools) {
  const { tool, version, programs } = JSON.parse(text(`${folder}/expected.json`)) as Expected;
  for (const [name, row] of Object.entries(programs)) {
    test(`${tool} ${version}: ${name}`, () => {
      const source = text(`${folder}/${name}.qasm`);
      const language = languageOf(tool, source);
      if (row.refused !== undefined) {
        const result = compileSource({ language, source });
        assert.equal(result.ok ? 'compiled' : result.error.code, row.refused);
        return;
      }
      const program = compiled(completed(source, language, row.missing), language);
      assertProbabilities(run(program, row.inputs).counts, row.probabilities);
      assert.equal(compiled(program.qasm, 'openqasm3').aqoDigest, program.aqoDigest, program.qasm);
      if (language !== 'openqasm2') return;
      const written = writeOpenQasm2(program.program);
      assert.ok(written.ok, written.ok ? '' : written.error.message);
      assertProbabilities(run(compiled(written.value.text, language)).counts, row.probabilities);
    });
  }
  test(`${tool} ${version}: every file has its expectation`, () => {
    const files = readdirSync(new URL(`${folder}/`, FOLDER)).filter((file) => file.endsWith('.qasm'));
    assert.deepEqual(files.map((file) => file.replace(/\.qasm$/, '')).sort(), Object.keys(programs).sort());
  });
}
