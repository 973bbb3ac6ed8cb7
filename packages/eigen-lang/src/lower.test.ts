import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawText, findingsOf, readAqo, writeAqo } from '@qfs/circuit';
import {
  EIGEN_ANGLE_NODES_MAX,
  EIGEN_ELEMENTS_MAX,
  EIGEN_OPERATIONS_MAX,
  EIGEN_OUTPUTS_MAX,
  EIGEN_QUBITS_MAX,
  EIGEN_STEPS_MAX,
  HYBRID_ITERATIONS_MAX,
  HYBRID_PARAMETERS_MAX,
} from '@qfs/core';
import { readPlan, writePlan } from '@qfs/hybrid';
import { eigenLangReference, type HybridProgram, lowerProgram } from './index.ts';

function lowered(source: string, entrypoint?: string): HybridProgram {
  const { program, diagnostics } = lowerProgram(source, entrypoint);
  assert.deepEqual(diagnostics, [], source);
  assert.deepEqual(findingsOf(program!.circuit), []);
  return program!;
}

const IMPORTS = `from eigen_lang import (
    ClassicalRegister, ExpectationValue, Observable, Param, QubitRegister, cnot, h, hybrid_program,
    load_dataset, measure, measure_all, minimize, reset, rx, ry, rz, swap, x,
)
`;
/** A program whose body is given. */
const program = (...lines: string[]): string =>
  `${IMPORTS}@hybrid_program\ndef main():\n${lines.map((line) => `    ${line}\n`).join('')}`;

const COST = 'e = ExpectationValue(Observable(Z=0))';

const drawing = (source: string): string => drawText(lowered(source).circuit).trimEnd();
const found = (source: string): string[] =>
  lowerProgram(source).diagnostics.map(
    ({ code, line, column, message }) => `${code} ${line}:${column} ${message}`,
  );

const VQE_H2 = `"""The ground state of H2."""
${IMPORTS}

@hybrid_program(
    target="simulator", shots=8192, optimization_level=3, seed=7, noise_model="depolarizing:0.001",
    metadata={"molecule": "H2", "basis": ["sto-3g", None]},
)

def vqe_h2():
    """Four angles."""
    theta = Param("theta", 0.10)
    phi = Param("phi", -0.20)
    lam = Param("lambda", 0.05)
    delta = Param("delta", 0.02)
    qreg = QubitRegister(2)
    creg = ClassicalRegister(2)
    ry(0, theta)
    ry(1, theta=phi)
    cnot(0, 1)
    rz(qreg[0], lam)
    rz(1, delta)
    cnot(0, 1)
    ry(0, delta)
    ry(1, lam)
    observable = Observable(Z=0, X=1)
    energy = ExpectationValue("ansatz_h2", observable=observable)
    optimum = minimize(energy, [0.10, -0.20, 0.05, 0.02], method="COBYLA", max_iters=60)
    return {
        "energy": optimum.fun, "parameters": optimum.x, "method": optimum.method, "qubits": qreg.size,
        "bits": creg.size, "terms": observable.terms,
    }
`;

test('the program of the upstream example means its circuit, its objective and its loop', () => {
  const { circuit, ...rest } = lowered(VQE_H2, 'vqe_h2');
  assert.deepEqual(rest, {
    defaults: {
      ...{ shots: 8192, optimizationLevel: 3, seed: 7, noiseModel: 'depolarizing:0.001' },
      metadata: { molecule: 'H2', basis: ['sto-3g', null] },
    },
    plan: {
      entrypoint: 'vqe_h2',
      parameters: [
        { name: 'theta', initial: 0.1 },
        { name: 'phi', initial: -0.2 },
        { name: 'lambda', initial: 0.05 },
        { name: 'delta', initial: 0.02 },
      ],
      observable: {
        terms: [
          { coefficient: 1, paulis: 'IZ' },
          { coefficient: 1, paulis: 'XI' },
        ],
      },
      minimisation: { method: 'COBYLA', start: [0.1, -0.2, 0.05, 0.02], iterationsMax: 60 },
      outputs: {
        energy: { $optimum: 'fun' },
        parameters: { $optimum: 'x' },
        method: { $optimum: 'method' },
        qubits: 2,
        bits: 2,
        terms: [
          [1, 'Z0'],
          [1, 'X1'],
        ],
      },
    },
  });
  assert.ok(readPlan(writePlan(rest.plan!)).ok);
  const operations = circuit.body.map((step) => (step.kind === 'gate' ? step.gate : step.kind));
  assert.deepEqual(operations, [...['ry', 'ry', 'cx', 'rz', 'rz', 'cx', 'ry', 'ry'], 'measure', 'measure']);
  const bytes = writeAqo(circuit);
  assert.ok(readAqo(bytes).ok);
  assert.deepEqual(writeAqo(lowered(VQE_H2).circuit), bytes, 'equal texts give equal bytes');
});

test('loops and conditions over constants are written out', () => {
  const source = program(
    'n = 3',
    'q = QubitRegister(n)',
    'for k in range(n):',
    '    if k % 2 == 0 and not k > 5:',
    '        h(q[k])',
    '    elif k == 1: x(q[k])',
    '    else:',
    '        pass',
    'for k in range(n - 1, 0, -1): cnot(k - 1, k)',
    'for one in q: rz(one, 2 ** -1 * 3 // 1)',
  );
  assert.equal(
    drawing(source),
    drawing(
      program(
        'QubitRegister(3)',
        'h(0)',
        'x(1)',
        'h(2)',
        'cnot(1, 2)',
        'cnot(0, 1)',
        ...[0, 1, 2].map((k) => `rz(${k}, 1.0)`),
      ),
    ),
  );
});

test('angles are numbers and sums and products of parameters', () => {
  const { circuit } = lowered(
    program(
      'g = Param("g")',
      'b = Param(name="b", init=1)',
      'rx(0, 2 * g - b / 4)',
      'ry(0, theta=-g)',
      'rz(0, 1e-1)',
    ),
  );
  const aqo = new TextDecoder().decode(writeAqo(circuit));
  const text = drawText(circuit);
  assert.match(text, /Rx\(.*g.*b.*\)|RX/i);
  assert.match(aqo, /"g"/);
});

test('measurements have bases and bits, and every qubit is measured where none is', () => {
  const { circuit, plan } = lowered(
    program(
      'c = ClassicalRegister(3)',
      'QubitRegister(2)',
      'measure(0, basis="X", c=[2])',
      'measure(1, basis="Y", c=c[0])',
    ),
  );
  assert.equal(plan, undefined, 'a circuit and nothing more');
  assert.equal(lowered(program('return measure(0, 1)')).plan, undefined);
  const steps = circuit.body.map((step) => (step.kind === 'gate' ? step.gate : step.kind));
  assert.deepEqual(steps, ['h', 'measure', 'sdg', 'h', 'measure']);
  assert.deepEqual(
    circuit.variables.map(({ name, type }) => [name, type]),
    [['c', { kind: 'bit', width: 3 }]],
  );
  const byName = lowered(program('c = Param("c")', 'rx(0, c)', 'measure_all()', 'reset(0)')).circuit;
  assert.deepEqual(
    byName.variables.map(({ name }) => name),
    ['c_', 'c'],
  );
});

test('an expectation is given in every shape in use, and observables with weights', () => {
  const shapes = [
    'ExpectationValue("label", observable=o)',
    'ExpectationValue("label", o)',
    'ExpectationValue(observable=o)',
    'ExpectationValue(o)',
    'ExpectationValue(circuit="label", observable=o)',
  ];
  for (const shape of shapes) {
    const { plan } = lowered(program('x(1)', 'o = Observable(Z=[0, 1], X=0)', `e = ${shape}`, 'return e'));
    assert.deepEqual(plan?.outputs, { $optimum: 'fun' });
    assert.deepEqual(plan?.observable?.terms, [
      { coefficient: 1, paulis: 'ZZ' },
      { coefficient: 1, paulis: 'IX' },
    ]);
  }
  const weighted = program(
    'x(1)',
    'e = ExpectationValue(Observable.from_terms([(-1.5, "II"), (0.25, "XZ"), (0.5, "II")]))',
  );
  assert.deepEqual(lowered(weighted).plan?.observable?.terms, [
    { coefficient: -1, paulis: 'II' },
    { coefficient: 0.25, paulis: 'XZ' },
  ]);
});

const ANSATZ = IMPORTS.replace('ClassicalRegister', 'Ansatz, ClassicalRegister, pi');
const ansatz = (...lines: string[]): string =>
  `${ANSATZ}@hybrid_program\ndef main():\n${lines.map((line) => `    ${line}\n`).join('')}`;

test('circuits by name are the gates that their table says', () => {
  const declared = ['a_0', 'a_1', 'a_2', 'a_3'].map((name) => `Param("${name}")`).join(', ');
  for (const [named, written] of [
    [
      ['q = QubitRegister(2)', 'Ansatz("real_amplitudes", q, prefix="a")'],
      [`t = [${declared}]`, 'ry(0, t[0])', 'ry(1, t[1])', 'cnot(0, 1)', 'ry(0, t[2])', 'ry(1, t[3])'],
    ],
    [
      ['Ansatz("hardware_efficient", [0, 2], reps=1, params=[1, 2, 3, 4, 5, 6, 7, pi])'],
      [
        ...['ry(0, 1)', 'ry(2, 2)', 'rz(0, 3)', 'rz(2, 4)', 'cnot(0, 2)'],
        ...['ry(0, 5)', 'ry(2, 6)', 'rz(0, 7)', 'rz(2, pi)'],
      ],
    ],
    [
      [
        'q = QubitRegister(3)',
        'C = Observable.from_terms([(0.5, "IZZ"), (2, "ZII"), (7, "III")])',
        'g = Param("g")',
        'ansatz = Ansatz("qaoa", q, params=[g, 0.25], cost=C)',
        'return ansatz.params[1]',
      ],
      [
        ...['g = Param("g")', 'for k in range(3): h(k)'],
        ...['cnot(0, 1)', 'rz(1, g)', 'cnot(0, 1)', 'rz(2, 4.0 * g)'],
        ...['for k in range(3): rx(k, 0.5)', 'return 0.25'],
      ],
    ],
  ] as const) {
    const [by, as] = [lowered(ansatz(...named)), lowered(ansatz(...written))];
    assert.deepEqual(writeAqo(by.circuit), writeAqo(as.circuit));
    assert.deepEqual(by.plan, as.plan);
  }
  const started = lowered(ansatz('a = Ansatz("real_amplitudes", [0], reps=2, init=0.5)')).plan!;
  assert.deepEqual(
    started.parameters,
    [0, 1, 2].map((k) => ({ name: `theta_${k}`, initial: 0.5 })),
  );
  for (const [line, expected] of [
    ['Ansatz("uccsd", 2)', 'there is no circuit "uccsd"; there are real_amplitudes'],
    ['Ansatz("qaoa", 2)', 'its qubits are a register or a list'],
    ['Ansatz("qaoa", [0, 1])', 'qaoa takes cost, an Observable of Z alone'],
    ['Ansatz("qaoa", [0], cost=Observable(X=0))', 'letters other than Z and I'],
    ['Ansatz("real_amplitudes", [0], cost=Observable(Z=0))', 'takes no cost'],
    ['Ansatz("real_amplitudes", [0], params=[1])', 'it takes 2 angles, and 1 are given'],
    ['Ansatz("real_amplitudes", [0], params=["a", 1])', 'a number is expected, not a text'],
    ['Ansatz("real_amplitudes", [0], params=[1, 2], prefix="a")', 'params are yours'],
    ['Ansatz("real_amplitudes", [0], reps=0)', 'a whole number from 1'],
    ['Ansatz("real_amplitudes", [])', 'names no qubits'],
    ['Ansatz("real_amplitudes", [0, 0])', 'named twice'],
  ] as const) {
    assert.ok(
      found(ansatz(line)).some((text) => text.includes(expected)),
      `${line}: ${found(ansatz(line))}`,
    );
  }
});

test('the program of the reference page is one', () => {
  const [, source = ''] = /```python\n([\s\S]*?)```/.exec(eigenLangReference()) ?? [];
  assert.equal(lowered(source).plan?.minimisation?.iterationsMax, 60);
});

test('what means nothing is said with its place, and what was meant', () => {
  for (const [lines, expected] of [
    [['y(0)'], 'y is not imported'],
    [['x(qq)'], 'The name qq stands for nothing'],
    [['x()'], 'x: The argument q is missing'],
    [['x(0, 1)'], 'x takes no further argument'],
    [['rx(0, theta=1, phi=2)'], 'rx has no parameter phi'],
    [['rx(0, "1")'], 'rx: a number is expected, not a text'],
    [['x(-1)'], 'x: a whole number from 0'],
    [['x(0.5)'], 'x: a whole number from 0'],
    [['QubitRegister(2)', 'x(2)'], 'x: There is no qubit 2'],
    [['cnot(1, 1)'], 'cnot: The qubit 1 is named twice'],
    [['q = QubitRegister(2)', 'x(q[2])'], 'There is no element 2'],
    [['x(0)', '1 / 0'], 'The value is used for nothing'],
    [['x(0)', 'a = 1 / 0'], 'The number is divided by zero'],
    [['x(0)', 'a = 9 ** 9 ** 5'], 'The number is larger than programs may hold'],
    [['x(0)', 'a = (-8) ** 0.5'], 'A negative number has no real power'],
    [['x(0)', 'a = "x" + 1'], 'The operator + takes numbers'],
    [['t = Param("t")', 'if t: x(0)'], 'a value of parameters is neither true nor false'],
    [['t = Param("t")', 'rx(0, t ** 2)'], 'Parameters take + - * and /'],
    [['t = Param("a b")'], 'Param: "a b" is no name'],
    [['t = Param("t")', 'u = Param("t")'], 'Param: The parameter t is declared twice'],
    [['x(0)', 'measure(0, basis="W")'], 'measure: the basis is "W"'],
    [['x(0)', 'measure(0, c=[0, 1])'], 'measure: 1 qubits go to 2 bits'],
    [['x(0)', 'c = ClassicalRegister(2)', 'measure(0, c=[2])'], 'There is no bit 2; they count from 0 to 1'],
    [['x(0)', 'o = Observable(W=0)'], 'Observable: W is no Pauli operator'],
    [['x(0)', 'e = ExpectationValue("a", "hamiltonian_2q")'], 'no observable has the name "hamiltonian_2q"'],
    [['x(0)', 'e = ExpectationValue()'], 'ExpectationValue: an observable is expected'],
    [['x(0)', 'e = ExpectationValue("a", 1)'], 'an observable is expected, not a number'],
    [['x(0)', 'e = ExpectationValue(1, Observable(Z=0))'], 'the circuit is a text or an Ansatz'],
    [['x(0)', 'e = ExpectationValue("a", "b", Observable(Z=0))'], 'and nothing else'],
    [['x(0)', 'e = ExpectationValue(Observable(Z=0))', 'x(0)'], 'Write all gates before that'],
    [['x(0)', 'measure(0, basis="X")', 'e = ExpectationValue(Observable(Z=0))'], 'says its own bases'],
    [
      ['x(0)', 'e = ExpectationValue(Observable(Z=0))', 'f = ExpectationValue(Observable(X=0))'],
      'evaluates one expectation',
    ],
    [['rx(0, Param("t"))', COST, 'o = minimize(e, [0, 1])'], '2 start values for 1 parameters'],
    [['x(0)', COST, 'o = minimize(e)'], 'the circuit has no parameters'],
    [['rx(0, Param("t"))', COST, 'o = minimize(e, method="cobila")'], 'Did you mean COBYLA'],
    [['rx(0, Param("t"))', COST, 'o = minimize(e, tol=0)'], 'it must be above 0'],
    [['rx(0, Param("t"))', COST, 'o = minimize(e)', 'p = minimize(e)'], 'minimises once'],
    [['x(0)', 'return {"$optimum": "fun"}'], 'begins with a dollar sign'],
    [['x(0)', 'e = ExpectationValue(Observable(Z=4))'], 'The observable names the qubit 4'],
    [['x(0)', 'o = minimize(1, [0])'], 'minimize: the cost is an ExpectationValue'],
    [['x(0)', 'd = load_dataset("a.parquet")'], 'EIGEN_UNSUPPORTED 8:9 load_dataset: '],
    [['x(0)', 'h.y'], 'The value is used for nothing'],
    [['x(0)', 'a = h.y'], 'a function has no y'],
    [['pass'], 'The program has no qubits'],
    [['return {"m": measure(0)}'], 'What is measured is in the counts'],
    [['x(0)', 'if measure(0) == 1: x(0)'], 'cannot be compared'],
    [['x(0)', 'return h'], 'a function cannot be returned'],
    [['for k in 3: x(k)'], 'A loop goes over range'],
    [['def f():', '    pass'], 'A function inside of the program'],
  ] as const) {
    const all = found(program(...lines));
    assert.ok(
      all.some((text) => text.includes(expected)),
      `${lines.join('; ')}: ${all}`,
    );
  }
});

test('there is one entry, which is the one that is asked for', () => {
  for (const [source, expected] of [
    ['', 'The program has no entry'],
    ['def f():\n    pass', 'The program has no entry'],
    [`${program('x(0)')}\n@hybrid_program\ndef other():\n    x(0)\n`, 'The program has two entries'],
    [`${program('x(0)')}\ndef helper():\n    x(0)\n`, 'Beside the program stand imports'],
    [`${program('x(0)')}\nx(0)\n`, 'Beside the program stand imports'],
    [`${IMPORTS}@x\ndef main():\n    x(0)\n`, 'The decorator of a program is hybrid_program'],
    [`${IMPORTS}@hybrid_program(shots=0)\ndef main():\n    x(0)\n`, 'hybrid_program: a whole number from 1'],
    [
      `${IMPORTS}@hybrid_program(colour=1)\ndef main():\n    x(0)\n`,
      'hybrid_program has no parameter colour',
    ],
  ] as const) {
    assert.ok(
      found(source).some((text) => text.includes(expected)),
      `${source}: ${found(source)}`,
    );
  }
  assert.match(lowerProgram(program('x(0)'), 'other').diagnostics[0]!.message, /The entry is main/);
});

test('the bounds of what a program means are kept on both sides', () => {
  const qubits = (n: number) => program(`QubitRegister(${n})`, 'x(0)', 'measure(0)');
  assert.deepEqual(found(qubits(EIGEN_QUBITS_MAX)), []);
  assert.match(found(qubits(EIGEN_QUBITS_MAX + 1))[0]!, /a whole number from 1 to 1024/);
  const elements = (n: number) => program('x(0)', `for k in range(${n}): pass`);
  assert.deepEqual(found(elements(EIGEN_ELEMENTS_MAX)), []);
  assert.match(found(elements(EIGEN_ELEMENTS_MAX + 1))[0]!, /^EIGEN_LIMIT/);
  const operations = (n: number) =>
    program('QubitRegister(1)', `for k in range(${n / 10}):`, `    for j in range(10): x(0)`, 'measure(0)');
  assert.deepEqual(found(operations(EIGEN_OPERATIONS_MAX - 10)), []);
  assert.match(found(operations(EIGEN_OPERATIONS_MAX))[0]!, /at most 100000 operations/);
  const parameters = (reps: number) => ansatz(`Ansatz("real_amplitudes", QubitRegister(10), reps=${reps})`);
  assert.equal(
    lowered(parameters(HYBRID_PARAMETERS_MAX / 10 - 1)).plan?.parameters.length,
    HYBRID_PARAMETERS_MAX,
  );
  assert.match(found(parameters(HYBRID_PARAMETERS_MAX / 10))[0]!, /^EIGEN_LIMIT .* at most 1000 parameters/);
  const iterations = (most: number) =>
    program('rx(0, Param("t"))', COST, `o = minimize(e, max_iters=${most})`, 'return o.fun');
  assert.deepEqual(found(iterations(HYBRID_ITERATIONS_MAX)), []);
  assert.match(found(iterations(HYBRID_ITERATIONS_MAX + 1))[0]!, /a whole number from 1 to 1000 is expected/);
  const steps = program('x(0)', 'for k in range(10000):', '    for j in range(10000): pass');
  assert.match(found(steps)[0]!, new RegExp(`^EIGEN_LIMIT .* more than ${EIGEN_STEPS_MAX} steps`));
});

test('values that grow by being used twice are bounded as they are written out', () => {
  for (const [lines, expected] of [
    [['t = Param("t")', 'for k in range(1000): t = t + t', 'rx(0, t)'], 'an angle has at most 100 operators'],
    [['t = Param("t")', 'for k in range(1000): t = -t', 'rx(0, t)'], 'an angle has at most 100 operators'],
    [
      ['t = Param("t")', 'for k in range(5): t = t + t', 'for k in range(2000): rx(0, t)'],
      'at most 100000 operations, with the operators',
    ],
    [['x(0)', 'l = []', 'for k in range(10000): l = [l]', 'return l'], 'nested deeper than 200 levels'],
    [['x(0)', 'l = [1]', 'for k in range(100): l = [l, l, l]', 'return l'], 'more than 10000 values'],
    [['x(0)', 'l = [1]', 'for k in range(20): l = [l, l]', 'return l'], 'more than 10000 values'],
    [
      ['x(0)', `s = "${'a'.repeat(70_000)}"`, 'return [s, s, s, s, s, s, s, s, s, s]'],
      'more than 10000 values',
    ],
    [['q = [0]', 'for k in range(1000): q = [q, q]', 'measure(q)'], 'a qubit is expected, not a list'],
    [['q = QubitRegister(1024)', 'measure(q, q)'], 'is named twice'],
    [['q = QubitRegister(1024)', 'measure([q, q])'], 'more than 1024 qubits are named'],
    [['q = QubitRegister(9)', 'for k in range(10000): h(q)'], 'one qubit is expected'],
  ] as const) {
    const all = found(program(...lines));
    assert.ok(
      all.some((text) => text.toLowerCase().includes(expected.toLowerCase())),
      `${lines.join('; ').slice(0, 200)}: ${all}`,
    );
  }
  const angle = (nodes: number) =>
    program('t = Param("t")', `for k in range(${nodes - 1}): t = -t`, 'rx(0, t)');
  assert.deepEqual(found(angle(EIGEN_ANGLE_NODES_MAX)), []);
  assert.match(found(angle(EIGEN_ANGLE_NODES_MAX + 1))[0]!, /^EIGEN_LIMIT .* at most 100 operators/);
  const outputs = (values: number) => program('x(0)', `return [${'1,'.repeat(values - 1)}]`);
  assert.deepEqual(found(outputs(EIGEN_OUTPUTS_MAX)), []);
  assert.match(found(outputs(EIGEN_OUTPUTS_MAX + 1))[0]!, /^EIGEN_LIMIT .* more than 10000 values/);
  const names = Array.from({ length: 30 }, (_, k) => `x(unknown${k})`);
  assert.equal(found(program('unknown = 0', ...names)).length, 30);
});
