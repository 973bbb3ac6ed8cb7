import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindInputs, countKey, readCompiledText } from './compiled-text.ts';

const PROGRAM = `OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
qubit r;
bit[2] a;
int[32] n;
bit b;
bit[1] c;
bit d;
float[64] x;
bit e;
@qfs.inner
bit hidden;
def f() -> bit {
  bit[7] inside;
  return inside[0];
}
a[0] = measure q[0];
`;

test('registers stand in reverse order of declaration, loose bits in a row are one group', () => {
  const { qubits, groups, qubitNumbers, bitPlaces } = readCompiledText(PROGRAM);
  assert.deepEqual([qubits, groups], [3, [2, 1, 1, 2]]);
  assert.deepEqual([...qubitNumbers.keys()], ['q[0]', 'q[1]', 'r']);
  assert.deepEqual([...bitPlaces.keys()], ['a[0]', 'a[1]', 'b', 'c[0]', 'd', 'e']);
});

test('outputs hide all other bits, and must be bits', () => {
  const outputs = 'OPENQASM 3.0;\nqubit q;\nbit a;\noutput bit[3] o;\noutput bit p;\n';
  assert.deepEqual(readCompiledText(outputs).groups, [1, 3]);
  assert.throws(() => readCompiledText(`${outputs}output int[8] n;\n`), {
    code: 'NOT_IMPLEMENTED',
    message: 'The device reports bits alone; it cannot report "output int[8] n;".',
  });
});

test('text of somebody else is no compiled circuit', () => {
  assert.throws(() => readCompiledText('{"no": "circuit"'), { code: 'JOB_SPEC_INVALID' });
});

test('inputs become constants', () => {
  const text = 'OPENQASM 3.0;\ninput float[64] θ;\ninput bit[2] b;\ninput bool on;\nrx(θ) q[0];\n';
  const values = new Map<string, number | string | boolean>([
    ['θ', -1e-7],
    ['b', '10'],
    ['on', true],
  ]);
  assert.equal(
    bindInputs(text, values),
    'OPENQASM 3.0;\nconst float[64] θ = -1e-7;\nconst bit[2] b = "10";\nconst bool on = true;\nrx(θ) q[0];\n',
  );
  assert.throws(() => bindInputs(text, new Map()), { code: 'PARAMETER_UNBOUND' });
  assert.equal(
    bindInputs('input uint[64] n;', new Map([['n', '18446744073709551615']])),
    'const uint[64] n = 18446744073709551615;',
  );
  const injected = new Map([['b', '1"; x q[0]; //']]);
  assert.throws(() => bindInputs('input bit[2] b;', injected), { code: 'JOB_SPEC_INVALID' });
  const array = 'input array[float[64], 2] a;';
  assert.throws(() => bindInputs(array, new Map([['a', '[1, 2]']])), { code: 'NOT_IMPLEMENTED' });
});

test('the number of an outcome is a count key again', () => {
  assert.equal(countKey(1n, [3]), '001');
  assert.equal(countKey(6n, [1, 2]), '1 10');
  assert.equal(countKey(36893488147419103233n, [1, 65]), `1 ${'0'.repeat(64)}1`);
  assert.equal(countKey(0n, []), '');
});
