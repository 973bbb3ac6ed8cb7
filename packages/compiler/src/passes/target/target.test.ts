import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompileTarget, GATES, type Program } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import fc from 'fast-check';
import { readProgram } from '../../read-program.ts';
import { writeQasm } from '../../write-qasm.ts';
import type { Op } from '../contract.ts';
import { type Code, extract, rebuild } from '../program/index.ts';
import { matrixOf } from '../testing/unitary.ts';
import { basisOf } from './basis.ts';
import { couplingOf } from './coupling.ts';
import { interactionsOf } from './interactions.ts';
import { EFFORTS, findLayout, ROUTER_WEIGHTS, refinedLayout } from './layout.ts';
import { routeCode } from './route-code.ts';
import { Router } from './router.ts';
import { translate } from './translate.ts';
import { ErrorRates, usageOf } from './usage.ts';

const target = (basisGates: string, coupling?: string, rest: Partial<CompileTarget> = {}): CompileTarget => {
  const pairs = coupling?.split(' ').map((pair) => pair.split('-').map(Number));
  return {
    name: 'device',
    qubits: 1 + Math.max(1, ...(pairs ?? []).flat()),
    directed: false,
    basisGates: basisGates.split(' '),
    ...(pairs && { coupling: pairs }),
    ...rest,
  };
};

const LINE = target('rz sx cz', '0-1 1-2 2-3 3-4');
const line = couplingOf(LINE)!;

function programOf(source: string): Program {
  const read = readProgram({
    language: 'openqasm3',
    source: `OPENQASM 3.0;\ninclude "stdgates.inc";\n${source}`,
  });
  assert.ok(read.ok, read.ok ? '' : read.error.message);
  return read.value.program;
}
const codeOf = (program: Program): Code => extract(program, { expandControls: true });

test('a target says why nothing can be compiled for it', () => {
  const reasonOf = (one: CompileTarget): string => {
    const basis = basisOf(one);
    return basis.ok ? '' : basis.error;
  };
  assert.match(reasonOf(target('h s cx')), /does not make every gate on one qubit/);
  assert.match(reasonOf(target('rz sx')), /no gate that entangles/);
  assert.match(reasonOf(target('rz sx cq')), /'cq' is no gate of the gate table/);
  assert.match(
    reasonOf(target('rz sx cx', '0-1', { coupling: [[0, 7]] })),
    /names the pair 0, 7, but it has 2 qubits/,
  );
  assert.match(reasonOf(target('rz sx cx', '0-0')), /qubit 0 as a neighbour of itself/);
  assert.equal(reasonOf(target('rz sx', '', { qubits: 1 })), '');
});

const BASES = [
  'rz sx x cx',
  'rz sx cz',
  'p sx ecr',
  'u cx',
  'u3 cz',
  'U cy',
  'rz rx rzz',
  'rz ry rxx',
  'rx ry ryy',
  'r rzx',
  'r rz cp',
  'h rz crz',
  'rz sx crx',
];

test('a turn that is nearly nothing leaves no rounding behind', () => {
  const basis = basisOf(target('r rzx', '0-1 1-2 0-2', { directed: true }));
  assert.ok(basis.ok);
  const parameters = [-2.825189041475832e-13, 6.079581282847358e-13, -4.71238898038469, 0];
  const run = { ops: [{ gate: 'cu', parameters, qubits: [2, 0] }], phase: 0.25 };
  const [expected, actual] = [matrixOf(run, 3), matrixOf(translate(run, basis.value), 3)];
  for (const [at, value] of expected.entries()) assert.ok(Math.abs(value - actual[at]!) < 1e-9);
});

test('every gate of the table is written in every universal basis, as the same unitary with its phase', () => {
  const angle = fc.oneof(
    fc.integer({ min: -8, max: 8 }).map((quarters) => (quarters * Math.PI) / 4),
    fc.double({ min: -7, max: 7, noNaN: true }),
  );
  const gates = GATES.filter(({ qubits }) => qubits > 0);
  const op = fc.tuple(fc.constantFrom(...gates), fc.tuple(angle, angle, angle, angle)).map(
    ([{ name, parameters, qubits }, values]): Op => ({
      gate: name,
      parameters: values.slice(0, parameters.length),
      qubits: [2, 0, 1].slice(0, qubits),
    }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...BASES), fc.boolean(), op, (basisGates, directed, one) => {
      const basis = basisOf(target(basisGates, '0-1 1-2 0-2', { directed }));
      assert.ok(basis.ok, basis.ok ? '' : basis.error);
      const run = { ops: [one], phase: 0.25 };
      const translated = translate(run, basis.value);
      const expected = matrixOf(run, 3);
      const actual = matrixOf(translated, 3);
      const distance = expected.reduce((most, value, at) => Math.max(most, Math.abs(value - actual[at]!)), 0);
      assert.ok(distance < 1e-9, `differs by ${distance}`);
      for (const { gate, qubits } of translated.ops) {
        assert.ok(basisGates.split(' ').includes(gate), gate);
        assert.ok(!directed || qubits.length === 1 || qubits[0]! < qubits[1]!, `${gate} ${qubits}`);
      }
    }),
    { numRuns: Number(process.env.QFS_PROPERTY_RUNS ?? 150) },
  );
});

test('symbolic angles keep their names in every basis', () => {
  for (const basisGates of BASES) {
    const basis = basisOf(target(basisGates));
    assert.ok(basis.ok);
    for (const { name, parameters, qubits } of GATES) {
      if (parameters.length === 0 || qubits === 0) continue;
      const angles = parameters.map((_, variable) => ({ kind: 'variable', variable }) as const);
      const ops = [{ gate: name, parameters: angles, qubits: [0, 1].slice(0, qubits) }];
      for (const { gate } of translate({ ops, phase: 0 }, basis.value).ops)
        assert.ok(basisGates.split(' ').includes(gate), `${name}: ${gate} in ${basisGates}`);
    }
  }
});

const routed = (source: string, coupling = line): string => {
  const program = programOf(source);
  const initial = Int32Array.from({ length: program.qubits }, (_, qubit) => qubit);
  const options = { seed: 1, trials: 4, nodesMax: 1000, weights: ROUTER_WEIGHTS };
  const { code, final } = routeCode(codeOf(program), coupling, initial, options);
  const placed = {
    ...program,
    qubits: coupling.qubits,
    qubitRegisters: [{ name: 'q', offset: 0, size: coupling.qubits }],
  };
  const statements = writeQasm(rebuild(placed, code))
    .split('\n')
    .filter((text) => text !== '' && !/^(OPENQASM|include|qubit|bit|int)/.test(text));
  return `${statements.join(' ')} // ${final.join(' ')}`;
};

test('qubits that are not coupled are brought together by swaps, and measurements follow them', () => {
  assert.equal(
    routed('qubit[3] q; bit[3] c; cx q[0], q[2]; c = measure q;'),
    'swap q[0], q[1]; cx q[1], q[2]; c[0] = measure q[1]; c[1] = measure q[0]; c[2] = measure q[2]; // 1 0 2',
  );
});

test('a block gives qubits back where it found them, at its end and wherever control leaves it', () => {
  const branch = routed('qubit[3] q; bit c; c = measure q[1]; if (c) { cx q[0], q[2]; } x q[0];');
  assert.match(branch, /if \(bool\(c\)\) \{ +(swap [^;]*;) +cx [^;]*; +\1 \} x q\[0\];/);
  const loop = routed(
    'qubit[3] q; bit c; int n; while (n < 2) { cx q[0], q[2]; c = measure q[1]; if (c) { break; } n = n + 1; }',
  );
  assert.match(loop, /swap q\[(\d)\], q\[(\d)\]; .*if \(bool\(c\)\) \{ +swap q\[\1\], q\[\2\]; +break; +\}/);
  const end = routed('qubit[3] q; bit c; cx q[0], q[2]; c = measure q[1]; if (c) { end; } h q[0];');
  assert.match(end, /\{ +swap [^;]*; +end; +\} .*swap [^;]*; \/\/ 0 1 2$/);
});

test('what is measured at the end is measured when all swaps are done', () => {
  const text = routed('qubit[4] q; bit c; c = measure q[1]; cx q[0], q[3];');
  assert.match(text, /cx .* c = measure/);
});

test('gates of inner blocks with angles that change stay with what changes them', () => {
  const text = routed('qubit[2] q; int n; rz(n) q[0]; n = 1; rz(n) q[0]; reset q[n]; n = 0;');
  assert.match(text, /rz.*n = 1; rz.*reset .*n = 0;/);
});

test('the router finds a way on any connected lattice, whatever the weights', () => {
  const random = new Prng(3, 'tree');
  for (let size = 2; size < 30; size += 3) {
    const tree = Array.from({ length: size - 1 }, (_, at) => `${random.word() % (at + 1)}-${at + 1}`).join(
      ' ',
    );
    const coupling = couplingOf(target('rz sx cz', tree)) ?? line;
    const ops = Array.from({ length: 40 }, () => {
      const a = random.word() % coupling.qubits;
      const b = (a + 1 + (random.word() % (coupling.qubits - 1))) % coupling.qubits;
      return { gate: 'cz', parameters: [], qubits: [a, b] };
    });
    const code: Code = [{ kind: 'run', run: { ops, phase: 0 }, isBound: false }];
    const interactions = interactionsOf(code, coupling.qubits);
    const router = new Router(interactions, coupling);
    for (const weights of [...ROUTER_WEIGHTS, { absorption: 9, lookahead: 9 }]) {
      const places = Int32Array.from({ length: coupling.qubits }, (_, qubit) => qubit);
      const { events } = router.route(places, random, weights);
      assert.equal(events.filter((event) => event >= 0).length, interactions.nodes.length);
      assert.deepEqual(
        [...places].sort((a, b) => a - b),
        [...places.keys()],
      );
    }
  }
});

const layoutOf = (source: string, device: CompileTarget, level: 1 | 2 | 3 = 2): readonly number[] => {
  const program = programOf(source);
  const code = codeOf(program);
  const rates = new ErrorRates(device);
  const coupling = couplingOf(device);
  const request = { code, qubits: program.qubits, coupling, rates, effort: EFFORTS[level], seed: 0 };
  return [...findLayout(request)];
};

const HUB = target('rz sx cz', '0-1 1-2 1-3 3-4');

test('a layout without swaps is found where there is one', () => {
  const places = layoutOf('qubit[4] q; cx q[3], q[0]; cx q[3], q[1]; cx q[3], q[2];', HUB);
  assert.equal(places[3], 1);
  assert.deepEqual([...places].sort(), [0, 1, 2, 3]);
});

const NOISY: CompileTarget = {
  ...LINE,
  errors: {
    qubits: [0.01, 0.01, 0.001, 0.001, 0.001],
    readout: [0.01, 0.01, 0.01, 0.01, 0.05],
    pairs: [0.05, 0.04, 0.01, 0.02].map((error, at) => ({ qubits: [at, at + 1], error })),
  },
};

test('of such layouts the one with the fewest expected errors is taken', () => {
  assert.deepEqual(layoutOf('qubit[2] q; cx q[0], q[1];', NOISY), [2, 3]);
  assert.deepEqual(layoutOf('qubit[2] q; bit c; x q[1]; c = measure q[1];', NOISY).slice(1), [2]);
});

test('a circuit that is laid out moves to better qubits as a whole', () => {
  const code = codeOf(programOf('qubit[5] q; cx q[0], q[1]; cx q[1], q[2];'));
  const places = refinedLayout(code, line, new ErrorRates(NOISY), EFFORTS[2]);
  assert.deepEqual([...places!.slice(0, 3)], [2, 3, 4]);
  assert.equal(refinedLayout(code, line, new ErrorRates(LINE), EFFORTS[2]), undefined);
});

test('only qubits that something acts on count, and each pair once', () => {
  const usage = usageOf(codeOf(programOf('qubit[4] q; cx q[2], q[0]; cx q[0], q[2]; barrier q; h q[0];')), 4);
  assert.deepEqual(usage.active, [0, 2]);
  assert.deepEqual(usage.pairs, [{ a: 0, b: 2, gates: 2 }]);
});
