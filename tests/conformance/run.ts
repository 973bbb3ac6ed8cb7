import assert from 'node:assert/strict';
import { type CircuitResult, readResults } from '@qfs/circuit';
import { type Compiled, compileSource } from '@qfs/compiler';
import { type Binding, simulate } from '@qfs/simulator';

const SEED = 20_261;

export const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';

export function compiled(source: string, language = 'openqasm3'): Compiled {
  const result = compileSource({ language, source });
  assert.ok(result.ok, result.ok ? '' : `${source}\n${JSON.stringify(result.error, undefined, 1)}`);
  return result.value;
}

/** Compiles, checks that the written text means the same circuit, and runs it. */
export function run(source: string, shots = 100, parameters: readonly Binding[] = []): CircuitResult {
  const { aqo, aqoDigest, qasm } = compiled(source);
  assert.equal(compiled(qasm).aqoDigest, aqoDigest, qasm);
  const results = readResults(
    simulate([{ aqo, parameters, observables: [], shots, seed: SEED, memory: false }]),
  );
  assert.ok(results.ok);
  return results.value.items[0]!.results[0]!;
}

/** Code and text of the first error of a program that is refused. */
export function refusal(source: string): string {
  const result = compileSource({ language: 'openqasm3', source: HEAD + source });
  assert.ok(!result.ok, source);
  const first = result.error.diagnostics.find(({ severity }) => severity === 'error');
  return `${first?.code}: ${first?.message}`;
}

/** Does every shot end with this value of `r`? Bits of a register are the counts, other types are outputs. */
export function assertOutcome(source: string, expected: string): void {
  const { outputs, counts } = run(HEAD + source);
  const values = outputs.get('r') ?? counts;
  assert.deepEqual([...values.keys()], [expected], source);
}
