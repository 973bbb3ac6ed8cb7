import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateByName, gateMatrix } from '@qfs/circuit';
import { Prng } from '@qfs/core/math';
import fc from 'fast-check';
import { distance, kron, type Matrix, pairProduct, product3, turn } from './complex.ts';
import { COORDINATE_TOLERANCE, type Kak, kak } from './kak.ts';
import { rx, ry, rz } from './rotations.ts';

const matrixOf = (name: string, ...parameters: number[]): Matrix => gateMatrix(gateByName(name)!, parameters);

/** exp(i(a·XX + b·YY + c·ZZ)), of the rotations of the gate table. */
const interaction = ([a, b, c]: readonly number[]): Matrix =>
  pairProduct(matrixOf('rxx', -2 * a!), pairProduct(matrixOf('ryy', -2 * b!), matrixOf('rzz', -2 * c!)));

const rebuilt = ({ phase, coordinates, before, after }: Kak): Matrix =>
  turn(
    pairProduct(kron(...after), pairProduct(interaction(coordinates), kron(...before))),
    Math.cos(phase),
    Math.sin(phase),
  );

function check(unitary: Matrix): Kak {
  const found = kak(unitary);
  assert.ok(
    distance(rebuilt(found), unitary) < 4 * COORDINATE_TOLERANCE,
    `${distance(rebuilt(found), unitary)}`,
  );
  const [a, b, c] = found.coordinates;
  assert.ok(Math.PI / 4 + 1e-9 > a && a >= b - 1e-9 && b >= Math.abs(c) - 1e-9, `${found.coordinates}`);
  if (a > Math.PI / 4 - COORDINATE_TOLERANCE / 2) assert.ok(c >= 0, `${c}`);
  return found;
}

const local = (angles: readonly number[]): Matrix => {
  const [a, b, c, d, e, f] = angles as [number, number, number, number, number, number];
  const of = (x: number, y: number, z: number): Matrix => product3(rz(x), ry(y), rx(z));
  return kron(of(a, b, c), of(d, e, f));
};

const coordinatesOf = (unitary: Matrix): string =>
  check(unitary)
    .coordinates.map((value) => ((value * 4) / Math.PI).toFixed(6))
    .join(' ');

test('the coordinates of gates are the published ones, in units of π/4', () => {
  const found = Object.fromEntries(
    ['cx', 'cz', 'ecr', 'swap', 'iswap', 'dcx'].map((name) => [name, coordinatesOf(matrixOf(name))]),
  );
  assert.deepEqual(found, {
    cx: '1.000000 0.000000 0.000000',
    cz: '1.000000 0.000000 0.000000',
    ecr: '1.000000 0.000000 0.000000',
    swap: '1.000000 1.000000 1.000000',
    iswap: '1.000000 1.000000 0.000000',
    dcx: '1.000000 1.000000 0.000000',
  });
  assert.equal(coordinatesOf(matrixOf('csx')), '0.500000 0.000000 0.000000');
});

test('every unitary is the product of its factors, in the chamber, also on its borders', () => {
  const angle = fc.oneof(
    fc.integer({ min: -8, max: 8 }).map((eighths) => (eighths * Math.PI) / 8),
    fc.double({ min: -4, max: 4, noNaN: true }),
    fc.constantFrom(1e-9, -1e-12, Math.PI / 4 + 1e-11),
  );
  const angles = (count: number): fc.Arbitrary<number[]> =>
    fc.array(angle, { minLength: count, maxLength: count });
  fc.assert(
    fc.property(angles(6), angles(6), angles(3), angle, (before, after, coordinates, phase) => {
      const product = pairProduct(local(after), pairProduct(interaction(coordinates), local(before)));
      check(turn(product, Math.cos(phase), Math.sin(phase)));
    }),
    { numRuns: Number(process.env.QFS_PROPERTY_RUNS ?? 300) },
  );
});

test('equal unitaries have equal factors, bit for bit', () => {
  const prng = new Prng(7, 'kak test');
  const random = (): number[] => Array.from({ length: 6 }, () => 6 * prng.uniform());
  const unitary = pairProduct(local(random()), pairProduct(interaction([0.3, 0.2, 0.1]), local(random())));
  assert.deepEqual(kak(unitary), kak(Float64Array.from(unitary)));
});
