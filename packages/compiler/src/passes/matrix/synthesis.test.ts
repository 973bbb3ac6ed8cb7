import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GATES, gateByName } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import { distance, exchanged, kron, type Matrix, pairProduct, product3, turn } from './complex.ts';
import { euler } from './euler.ts';
import { kak } from './kak.ts';
import { rx, ry, rz } from './rotations.ts';
import { type Entangler, entanglerOf } from './synthesis.ts';

const prng = new Prng(11, 'synthesis test');
const angle = (): number => prng.uniform() * 12 - 6;
const random = (): Matrix => product3(rz(angle()), ry(angle()), rx(angle()));
const matrixOf = (name: string, parameters: readonly number[]): Matrix =>
  gateByName(name)!.matrix(parameters);

const phased = (matrix: Matrix, phase: number): Matrix => turn(matrix, Math.cos(phase), Math.sin(phase));

/** Local gates around two-qubit gates of a kind each, and some unitary at random. */
function samples(): Matrix[] {
  const kinds: readonly (readonly [string, ...number[]][])[] = [
    [],
    [['cx']],
    [['rzz', 0.4]],
    [['cx'], ['cx']],
    [['swap']],
    [['swap'], ['cz']],
    [
      ['rxx', 0.3],
      ['ryy', -0.7],
      ['rzz', 1.9],
    ],
    [['iswap'], ['cx'], ['cp', 2.2]],
    [['cx'], ['rxx', 1.3], ['swap'], ['ecr']],
  ];
  return kinds.map((kind) =>
    kind.reduce<Matrix>(
      (matrix, [name, ...parameters]) =>
        pairProduct(kron(random(), random()), pairProduct(matrixOf(name, parameters), matrix)),
      phased(kron(random(), random()), angle()),
    ),
  );
}

function rebuilt(entangler: Entangler, unitary: Matrix, isBothWays: boolean): Matrix {
  const { layers, parameters, turned, phase } = entangler.synthesise(kak(unitary), isBothWays);
  assert.ok(isBothWays || !turned.includes(true));
  assert.equal(parameters.length, layers.length - 1);
  const matrix = layers.reduce<Matrix | undefined>((sum, layer, at) => {
    const locals = kron(...(layer as [Matrix, Matrix]));
    if (sum === undefined) return locals;
    const gate = matrixOf(entangler.gate, parameters[at - 1]!);
    return pairProduct(locals, pairProduct(turned[at - 1] ? exchanged(gate) : gate, sum));
  }, undefined);
  return phased(matrix!, phase);
}

test('entanglers are the gates of the table that a CNOT or one rotation is equivalent to', () => {
  const found = GATES.filter((gate) => entanglerOf(gate) !== undefined).map(({ name }) => name);
  assert.equal(found.join(' '), 'cx cy cz ch cp crx cry crz rxx ryy rzz rzx ecr');
});

test('every entangler makes every unitary on two qubits, with its phase', () => {
  for (const gate of GATES) {
    const entangler = entanglerOf(gate);
    if (entangler === undefined) continue;
    for (const unitary of samples()) {
      for (const isBothWays of [false, true]) {
        const error = distance(rebuilt(entangler, unitary, isBothWays), unitary);
        assert.ok(error < 1e-12, `${gate.name}: ${error}`);
      }
    }
  }
});

test('no more gates are used than the place in the Weyl chamber asks for', () => {
  const quarter = Math.PI / 4;
  const table = [
    [[0, 0, 0], 0, 0],
    [[quarter, 0, 0], 1, 1],
    [[0.3, 0, 0], 2, 1],
    [[0.3, 0.2, 0], 2, 2],
    [[quarter, quarter, 0], 2, 2],
    [[0.3, 0.2, 0.1], 3, 3],
    [[quarter, quarter, quarter], 3, 3],
  ] as const;
  const cx = entanglerOf(gateByName('cx')!)!;
  const rzz = entanglerOf(gateByName('rzz')!)!;
  for (const [coordinates, ofCx, ofRzz] of table) {
    assert.deepEqual([cx.count(coordinates), rzz.count(coordinates)], [ofCx, ofRzz], String(coordinates));
  }
});

test('Euler angles give the gate back, phase included', () => {
  const special = [0, Math.PI / 2, Math.PI, -Math.PI, 1e-9, 2 * Math.PI, 0.3];
  for (const theta of special) {
    for (const phi of special) {
      for (const lambda of special) {
        const matrix = phased(product3(rz(phi), ry(theta), rz(lambda)), angle());
        const found = euler(matrix);
        assert.ok(found.theta >= 0 && found.theta <= Math.PI + 1e-9);
        const again = phased(product3(rz(found.phi), ry(found.theta), rz(found.lambda)), found.phase);
        assert.ok(distance(matrix, again) < 1e-12, `${theta} ${phi} ${lambda}`);
      }
    }
  }
});
