import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CircuitResult, countsLayout, orderCounts, readResults } from '@qfs/circuit';
import { compileSource } from '@qfs/compiler';
import { QfsError } from '@qfs/core';
import { type Binding, simulate } from '@qfs/simulator';
import { circuitProgram } from '../../packages/api/src/rest/ionq/circuit-program.ts';
import { histogram } from '../../packages/api/src/rest/ionq/results.ts';
import { bindInputs, countKey, readCompiledText } from '../../packages/drivers/src/ionq/compiled-text.ts';
import { gateList } from '../../packages/drivers/src/ionq/gate-list.ts';
import { remoteResults } from '../../packages/drivers/src/ionq/remote-results.ts';
import { Dice } from './reference/generator/dice.ts';
import { randomProgram } from './reference/generator/program.ts';
import { compiled } from './run.ts';

const SEED = 20_261_121;
const PROGRAMS = 250;
const CIRCUITS = 60;
const SHOTS = 2_000;

/** The result, or the reason for which a shot could not end. */
function outcome(aqo: Uint8Array, binding: Binding, shots: number): CircuitResult | string {
  try {
    const item = { aqo, parameters: [binding], observables: [], shots, seed: SEED, memory: false };
    const results = readResults(simulate([item]));
    assert.ok(results.ok);
    return results.value.items[0]!.results[0]!;
  } catch (thrown) {
    if (thrown instanceof QfsError) return thrown.code;
    throw thrown;
  }
}

/** What the remote driver makes of a compiled circuit, or why it does not take it. */
function bound(qasm: string, binding: Binding) {
  try {
    return { text: bindInputs(qasm, binding), compiledText: readCompiledText(qasm) };
  } catch (thrown) {
    if (thrown instanceof QfsError) return thrown.code;
    throw thrown;
  }
}

test('random programs whose inputs became constants have the results that they had with inputs', (t) => {
  let same = 0;
  const refused: Record<string, number> = {};
  for (let at = 0; at < PROGRAMS; at += 1) {
    const { source, inputs } = randomProgram(SEED + at, 1 + (at % 20));
    // Outputs that are no bits are refused, which is tested elsewhere.
    const bitsAlone = source.replaceAll(/^output (?!bit)/gm, '');
    const original = compileSource({ language: 'openqasm3', source: bitsAlone });
    if (!original.ok) continue;
    const { aqo, program, qasm } = original.value;
    const binding = new Map(Object.entries(inputs)) as Binding;
    const remote = bound(qasm, binding);
    if (typeof remote === 'string') {
      refused[remote] = (refused[remote] ?? 0) + 1;
      continue;
    }
    const groups = countsLayout(program)
      .characters.map((character) => (character === ' ' ? ' ' : '0'))
      .join('');
    assert.equal(countKey(0n, remote.compiledText.groups), groups, qasm);
    assert.equal(remote.compiledText.qubits, program.qubits, qasm);
    const expected = outcome(aqo, binding, 20);
    const constant = compileSource({ language: 'openqasm3', source: remote.text });
    if (!constant.ok) {
      // A constant that does not fit is found by the compiler; an input is found when a shot gets there.
      const [{ code = '' } = {}] = constant.error.diagnostics ?? [];
      refused[code] = (refused[code] ?? 0) + 1;
      continue;
    }
    const actual = outcome(constant.value.aqo, new Map(), 20);
    if (typeof expected === 'string' || typeof actual === 'string') assert.equal(actual, expected, qasm);
    else {
      assert.deepEqual(orderCounts(actual.counts), orderCounts(expected.counts), remote.text);
      // And through the numbers by which IonQ's API names outcomes.
      const note = { item: 0, shots: 20, seed: 0, memory: false, ...remote.compiledText };
      const told = Object.fromEntries(histogram(expected));
      const [read] = remoteResults([{ note, histogram: told, shots: undefined }], 'simulator').items;
      assert.deepEqual(orderCounts(read!.results[0]!.counts), orderCounts(expected.counts), qasm);
    }
    same += 1;
  }
  t.diagnostic(`${same} of ${PROGRAMS} programs compared; refused: ${JSON.stringify(refused)}`);
  assert.ok(same > PROGRAMS / 3, `${same}`);
});

/** Gates and their numbers of qubits and angles. */
const GATES: readonly (readonly [name: string, qubits: number, angles: number])[] = [
  ...['x', 'y', 'z', 'h', 's', 't', 'sdg', 'tdg', 'sx', 'sxdg'].map((name) => [name, 1, 0] as const),
  ...['rx', 'ry', 'rz', 'p'].map((name) => [name, 1, 1] as const),
  ...['cx', 'cy', 'cz', 'ch', 'csx', 'swap'].map((name) => [name, 2, 0] as const),
  ...['cp', 'crx', 'cry', 'crz', 'rxx', 'ryy', 'rzz'].map((name) => [name, 2, 1] as const),
  ...['ccx', 'ccz', 'cswap'].map((name) => [name, 3, 0] as const),
  ['u3', 1, 3],
];

function randomCircuit(dice: Dice): string {
  const lines = Array.from({ length: 12 }, () => {
    const [name, qubits, angles] = dice.pick(GATES);
    const on = dice.some([0, 1, 2, 3], qubits).map((qubit) => `q[${qubit}]`);
    const values = Array.from({ length: angles }, () => `${dice.between(-30, 30) / 10}`);
    return `${name}${angles === 0 ? '' : `(${values.join(', ')})`} ${on.join(', ')};`;
  });
  const measured = dice
    .some([0, 1, 2, 3], 3)
    .map((qubit, at) => `${['c[0]', 'c[1]', 'd'][at]} = measure q[${qubit}];`);
  const head = 'OPENQASM 3.0;\ninclude "stdgates.inc";\ninclude "qfs.inc";\nqubit[4] q;\nbit[2] c;\nbit d;\n';
  return `${head}${lines.join('\n')}\n${measured.join('\n')}\n`;
}

test('random circuits have the same distribution as OpenQASM and as a list of gates', () => {
  for (let at = 0; at < CIRCUITS; at += 1) {
    const { aqo, qasm } = compiled(randomCircuit(new Dice(SEED + at)));
    const read = readCompiledText(qasm);
    const list = gateList(qasm, read);
    assert.ok(list !== undefined, qasm);
    const expected = outcome(aqo, new Map(), SHOTS);
    const program = circuitProgram(list.gates, 'qis', read.qubits, 'circuit');
    const asGates = outcome(compiled(program.text).aqo, new Map(), SHOTS);
    assert.ok(typeof expected !== 'string' && typeof asGates !== 'string');
    const note = { item: 0, shots: SHOTS, seed: 0, memory: false, measured: list.measured, ...read };
    const told = Object.fromEntries(histogram(asGates));
    const { counts } = remoteResults([{ note, histogram: told, shots: undefined }], '').items[0]!.results[0]!;
    for (const key of new Set([...counts.keys(), ...expected.counts.keys()])) {
      const difference = Math.abs((counts.get(key) ?? 0) - (expected.counts.get(key) ?? 0)) / SHOTS;
      // Six standard deviations of the difference of two shares.
      assert.ok(
        difference < 6 * Math.SQRT1_2 * Math.sqrt(1 / SHOTS),
        `${key} differs by ${difference}\n${qasm}`,
      );
    }
  }
});
