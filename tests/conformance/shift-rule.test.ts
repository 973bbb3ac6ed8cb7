import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readResults } from '@qfs/circuit';
import { compileSource } from '@qfs/compiler';
import { measuredOf, ShiftedCircuit } from '@qfs/hybrid';
import { readEngineOptions, simulate } from '@qfs/simulator';

const OBSERVABLE = {
  terms: [
    { coefficient: 0.7, paulis: 'XYZ' },
    { coefficient: -0.4, paulis: 'ZZI' },
    { coefficient: 0.3, paulis: 'IIX' },
  ],
};

const NAMES = ['a', 'b', 'c'];
const HEAD =
  'OPENQASM 3.0; include "stdgates.inc"; include "qfs.inc"; input float[64] a; input float[64] b; ' +
  'input float[64] c; qubit[3] q; ';

/** Every gate with a rule, with angles that are sums, products and quotients, and some that occur again. */
const CIRCUIT = `${HEAD}h q; rx(a) q[0]; ry(2 * b - a) q[1]; rz(c / 3) q[2]; cx q[0], q[1]; p(a * b) q[1];
  crx(b) q[0], q[2]; cry(-c) q[1], q[0]; crz(a + c) q[2], q[1]; cp(b) q[0], q[1]; rxx(a) q[0], q[1];
  ryy(b) q[1], q[2]; rzz(c) q[0], q[2]; u3(a, b, c) q[0]; u2(b, a) q[1]; U(c, a, b) q[2];
  ctrl @ ry(a) q[1], q[2]; ctrl @ U(b, c, a) q[0], q[1]; cu(a, b, c, a) q[1], q[2];
  gphase(a); ctrl @ gphase(b) q[0]; rx(0.3) q[0];
  negctrl @ p(c) q[2], q[0];`;

const AT = { a: 0.37, b: -1.2, c: 2.1 };

const engine = readEngineOptions({});

function aqoOf(source: string): Uint8Array {
  const compiled = compileSource({ language: 'openqasm3', source });
  assert.ok(compiled.ok, JSON.stringify(compiled));
  return compiled.value.aqo;
}

function evaluate(aqo: Uint8Array, sets: readonly object[], gradients: boolean, options = engine) {
  const parameters = sets.map((values) => new Map(Object.entries(values)));
  const item = { aqo, parameters, shots: 0, seed: 1, observables: [OBSERVABLE], memory: false, gradients };
  const read = readResults(simulate([item], options));
  assert.ok(read.ok);
  return read.value.items[0]!.results.map(measuredOf);
}

test('gradients from shifted angles are those of the adjoint method', () => {
  const aqo = aqoOf(CIRCUIT);
  const circuit = new ShiftedCircuit(aqo, NAMES);
  const shifted = circuit.measured(AT, evaluate(circuit.aqo, circuit.sets(AT), false));
  const [adjoint] = evaluate(aqo, [AT], true);
  assert.ok(Math.abs(shifted.value - adjoint!.value) < 1e-12);
  for (const [k, slope] of adjoint!.gradient!.entries()) {
    assert.ok(
      Math.abs(shifted.gradient![k]! - slope) < 1e-11,
      `${NAMES[k]}: ${shifted.gradient![k]} is ${slope}`,
    );
  }
});

test('with noise they are those of finite differences, in the density matrix', () => {
  const options = readEngineOptions({ noise_model: 'depolarizing:0.02', method: 'density' });
  const aqo = aqoOf(`${HEAD}ry(a) q[0]; cx q[0], q[1]; crx(b) q[1], q[2]; rz(a * c) q[1]; h q[1];`);
  const circuit = new ShiftedCircuit(aqo, NAMES);
  const { gradient } = circuit.measured(AT, evaluate(circuit.aqo, circuit.sets(AT), false, options));
  const step = 1e-5;
  for (const [k, name] of NAMES.entries()) {
    const at = (sign: number) => ({ ...AT, [name]: AT[name as 'a'] + sign * step });
    const [ahead, behind] = evaluate(aqo, [at(1), at(-1)], false, options);
    const slope = (ahead!.value - behind!.value) / (2 * step);
    assert.ok(Math.abs(gradient![k]! - slope) < 1e-8, `${name}: ${gradient![k]} is ${slope}`);
  }
});

test('what has no shift rule is refused by name', () => {
  const refusals: readonly (readonly [body: string, why: RegExp])[] = [
    ['r(a, b) q[0];', /parameter 2 of r has no shift rule/],
    ['ctrl @ rxx(a) q[0], q[1], q[2];', /rxx with control modifiers has no shift rule/],
    ['rx(a) q[0]; reset q[0];', /the circuit has "reset" besides gates/],
  ];
  for (const [body, why] of refusals) {
    assert.throws(() => new ShiftedCircuit(aqoOf(HEAD + body), NAMES), {
      code: 'GRADIENT_UNAVAILABLE',
      message: why,
    });
  }
  const sine = new ShiftedCircuit(aqoOf(`${HEAD}rx(sin(a)) q[0];`), NAMES);
  assert.throws(() => sine.measured(AT, evaluate(sine.aqo, sine.sets(AT), false)), /the angle has "builtin"/);
});
