import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClassicalType, Program } from '@qfs/circuit';
import {
  OBSERVABLES_MAX,
  PARAMETER_SETS_MAX,
  QfsError,
  SEED_MAX,
  SHOTS_MAX,
  STATE_VECTOR_QUBITS_MAX,
} from '@qfs/core';
import type { InputValue } from './engine-contract.ts';
import { estimate, simulate } from './simulate.ts';
import { BELL, bits, gate, item, measure, program, resultsOf } from './testing/programs.ts';

const echo = (type: ClassicalType): Program =>
  program(
    1,
    [
      { name: 'given', type, role: 'input' },
      { name: 'seen', type, role: 'output' },
    ],
    [
      {
        kind: 'assign',
        target: { kind: 'variable', variable: 1 },
        value: { kind: 'variable', variable: 0 },
      },
    ],
  );

function echoed(type: ClassicalType, given: InputValue): string {
  try {
    const { outputs, counts } = resultsOf(
      item(echo(type), { parameters: [new Map([['given', given]])], shots: 1 }),
    )[0]!;
    return [...(outputs.get('seen') ?? counts).keys()].join();
  } catch (error) {
    assert.ok(error instanceof QfsError);
    return `${error.code} ${error.message}`;
  }
}

test('inputs take values of their type and nothing else', () => {
  assert.equal(echoed({ kind: 'float', width: 64 }, -0.25), '-0.25');
  assert.equal(echoed({ kind: 'int', width: 8 }, -128), '-128');
  assert.equal(echoed({ kind: 'uint', width: 64 }, '18446744073709551615'), '18446744073709551615');
  assert.equal(echoed({ kind: 'bool' }, true), 'true');
  assert.equal(echoed({ kind: 'bit', width: 3 }, '110'), '110');
  assert.equal(echoed({ kind: 'bit', width: 3 }, 110), '110');
  assert.equal(echoed({ kind: 'bit', width: 1 }, 1), '1');
  assert.equal(echoed({ kind: 'angle', width: 2 }, Math.PI), String(Math.PI));
  assert.equal(
    echoed({ kind: 'int', width: 8 }, 128),
    "JOB_SPEC_INVALID Input 'given' cannot take 128; it needs an integer that fits int[8].",
  );
  for (const [type, given] of [
    [{ kind: 'float', width: 64 }, Number.NaN],
    [{ kind: 'float', width: 64 }, '1.0'],
    [{ kind: 'uint', width: 8 }, -1],
    [{ kind: 'int', width: 8 }, 1.5],
    [{ kind: 'bit', width: 3 }, '11'],
    [{ kind: 'bit', width: 3 }, 5],
    [{ kind: 'bit', width: 3 }, 101.5],
    [{ kind: 'bit', width: 1 }, 2],
    [{ kind: 'bool' }, 1],
    [{ kind: 'array', element: { kind: 'bool' }, dimensions: [2] }, 1],
    [{ kind: 'array', element: { kind: 'bool' }, dimensions: [2] }, [true]],
    [{ kind: 'array', element: { kind: 'bool' }, dimensions: [2] }, [true, 1]],
    [{ kind: 'array', element: { kind: 'int', width: 8 }, dimensions: [1, 2] }, '[1, 2]'],
    [{ kind: 'array', element: { kind: 'int', width: 8 }, dimensions: [1] }, '[1'],
  ] as const) {
    assert.match(echoed(type, given), /^JOB_SPEC_INVALID Input 'given' cannot take /);
  }
});

test('arrays take lists, or the text of one, of values of their elements', () => {
  const integers: ClassicalType = { kind: 'array', element: { kind: 'int', width: 8 }, dimensions: [2, 2] };
  assert.equal(
    echoed(integers, [
      [1, '-2'],
      [3, 4],
    ]),
    '{{1, -2}, {3, 4}}',
  );
  assert.equal(echoed(integers, '[[1, -2], [3, 4]]'), '{{1, -2}, {3, 4}}');
  assert.equal(
    echoed({ kind: 'array', element: { kind: 'bit', width: 2 }, dimensions: [2] }, ['10', '01']),
    '{10, 01}',
  );
  assert.equal(
    echoed({ ...integers, dimensions: [3] }, [1, 2, 300]),
    "JOB_SPEC_INVALID Input 'given' cannot take [1,2,300]; it needs a list of 3 values, each an integer that fits int[8].",
  );
});

test('unbound and unknown inputs are named', () => {
  const failing = (parameters: ReadonlyMap<string, number>[]) => () =>
    simulate([item(echo({ kind: 'float', width: 64 }), { parameters })]);
  assert.throws(failing([]), {
    code: 'PARAMETER_UNBOUND',
    message: "The program's inputs have no value: 'given'.",
  });
  const surplus = new Map([
    ['given', 1],
    ['other', 2],
  ]);
  assert.throws(failing([surplus]), {
    code: 'JOB_SPEC_INVALID',
    message: "The program has no input 'other'; its inputs: given.",
  });
});

test('each parameter set has its own seed, and a set alone gives what it gives in a sweep', () => {
  const source = program(
    1,
    [{ name: 'theta', type: { kind: 'float', width: 64 }, role: 'input' }, bits('c', 1)],
    [gate('ry', [0], { kind: 'variable', variable: 0 }), measure(0, 1, 0)],
  );
  const sweep = [1.2, 1.2, 0.4].map((theta) => new Map([['theta', theta]]));
  const results = resultsOf(item(source, { parameters: sweep, seed: 5 }));
  assert.deepEqual(
    results.map(({ seed }) => seed),
    [5, 2_305_373_065_324_146, results[2]!.seed],
  );
  assert.notDeepEqual(results[0]!.counts, results[1]!.counts);
  for (const [k, { seed, counts }] of results.entries()) {
    const [alone] = resultsOf(item(source, { parameters: [sweep[k]!], seed }));
    assert.deepEqual(alone!.counts, counts);
  }
});

test('a bound parameter gives the same bytes as the same number written in the program', () => {
  const variables = [
    { name: 'theta', type: { kind: 'float', width: 64 }, role: 'input' },
    bits('c', 2),
  ] as const;
  const circuit = (theta: Parameters<typeof gate>[2]): Program =>
    program(2, variables, [
      gate('rx', [0], theta),
      gate('crz', [0, 1], theta),
      measure(0, 1, 0),
      measure(1, 1, 1),
    ]);
  const observables = [{ terms: [{ coefficient: 1, paulis: 'XY' }] }];
  const parameters = [new Map([['theta', 1.1]])];
  const [bound] = resultsOf(item(circuit({ kind: 'variable', variable: 0 }), { parameters, observables }));
  const [literal] = resultsOf(item(circuit(1.1), { parameters, observables }));
  assert.deepEqual(bound!.counts, literal!.counts);
  assert.deepEqual(bound!.expectationValues, literal!.expectationValues);
});

test('shots and seeds are taken up to their limits and refused beyond', () => {
  const refused = { code: 'JOB_SPEC_INVALID' };
  for (const shots of [0, 1.5, SHOTS_MAX + 1])
    assert.throws(() => estimate([item(BELL, { shots })]), refused);
  for (const shots of [1, SHOTS_MAX]) assert.ok(estimate([item(BELL, { shots })]).memoryBytes > 0);
  for (const seed of [-1, 0.5, SEED_MAX + 1]) assert.throws(() => simulate([item(BELL, { seed })]), refused);
  for (const seed of [0, SEED_MAX]) assert.equal(resultsOf(item(BELL, { seed }))[0]!.seed, seed);
});

test('observables and parameter sets are taken up to their limits and refused beyond', () => {
  const observables = (length: number) => Array.from({ length }, () => ({ terms: [] }));
  const parameters = (length: number) => Array.from({ length }, () => new Map());
  const refused = { code: 'JOB_SPEC_INVALID' };
  for (const beyond of [
    { observables: observables(OBSERVABLES_MAX + 1) },
    { parameters: parameters(PARAMETER_SETS_MAX + 1) },
  ]) {
    assert.throws(() => estimate([item(BELL, beyond)]), refused);
  }
  assert.ok(estimate([item(BELL, { observables: observables(OBSERVABLES_MAX) })]).operations > 0);
  assert.ok(estimate([item(BELL, { parameters: parameters(PARAMETER_SETS_MAX) })]).operations > 0);
});

test('long keys count as memory', () => {
  const wide = program(1, [bits('c', 60_000)], [gate('h', [0]), measure(0, 0, 0)]);
  const [few, many] = [false, true].map(
    (memory) => estimate([item(wide, { shots: 1000, memory })]).memoryBytes,
  );
  assert.ok(many! - few! === 4 * 1000 * 60_000);
});

test('only qubits that gates act on need memory, and too many are refused with both figures', () => {
  const wide = (active: number): Program =>
    program(
      4000,
      [bits('c', 1)],
      [...Array.from({ length: active }, (_, q) => gate('h', [q])), measure(0, 0, 0)],
    );
  const needed = (active: number): number => estimate([item(wide(active), { shots: 1 })]).memoryBytes;
  // One shot and a key of one character beside the amplitudes.
  assert.equal(needed(STATE_VECTOR_QUBITS_MAX) - 68, 16 * 2 ** STATE_VECTOR_QUBITS_MAX);
  assert.throws(() => needed(STATE_VECTOR_QUBITS_MAX + 1), {
    code: 'CIRCUIT_TOO_LARGE',
    metadata: { needed_qubits: '28', allowed_qubits: '27' },
  });
  assert.deepEqual([...resultsOf(item(wide(1)))[0]!.counts.keys()], ['0', '1']);
});

test('bytes that are not a circuit are refused', () => {
  const aqo = new TextEncoder().encode('{"version":"1.0.0"');
  assert.throws(() => simulate([{ ...item(BELL), aqo }]), { code: 'AQO_INVALID' });
});
