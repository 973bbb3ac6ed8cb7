import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { readAqo, writeAqo, writeAqoProto } from '@qfs/circuit';
import { compileSource } from '@qfs/compiler';
import { AqoCircuitSchema } from '../../packages/rpc/src/gen/eigen/api/v1/aqo_pb.ts';

/*
 * Messages of AQO as the published proto file has them: what this platform writes, a library of Protocol
 * Buffers reads and writes to the same bytes, and what the library writes is read here.
 */
const PROGRAMS = [
  'include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;',
  'include "stdgates.inc"; qubit a; qubit[300] q; output bit[3] c; bit d; rx(-1e-7) q[299]; reset a; d = measure a;',
  'include "stdgates.inc"; qubit q; bit[1] c; input float[64] theta; rz(theta) q; ry(0.5) q; c[0] = measure q;',
  'include "stdgates.inc"; qubit q; bit c; c = measure q; if (c) { sdg q; }',
];

for (const [at, source] of PROGRAMS.entries()) {
  test(`AQO-17: program ${at} is the same message for a library`, () => {
    const compiled = compileSource({ language: 'openqasm3', source });
    assert.ok(compiled.ok);
    const bytes = writeAqoProto(compiled.value.program);
    const message = fromBinary(AqoCircuitSchema, bytes);
    assert.equal(message.qubits, compiled.value.program.qubits);
    assert.deepEqual(Buffer.from(toBinary(AqoCircuitSchema, message)), Buffer.from(bytes));
    const again = compileSource({ language: 'aqo', source: bytes });
    assert.ok(again.ok);
    assert.equal(again.value.aqoDigest, compiled.value.aqoDigest);
  });
}

test('AQO-17: a message of four fields, as others write it, is read with bases, symbols and negative angles', () => {
  const message = create(AqoCircuitSchema, {
    version: '0.1',
    qubits: 2,
    operations: [
      { op: 'RX', q: [0], params: { theta: 'alpha' } },
      { op: 'RZ', q: [1], params: { theta: '-2.5E-1' } },
      { op: 'MEASURE', q: [0, 1], c: [1, 0], params: { basis: 'X' } },
    ],
  });
  const read = readAqo(toBinary(AqoCircuitSchema, message));
  assert.ok(read.ok, read.ok ? '' : read.error.message);
  const json = {
    version: '0.1',
    qubits: 2,
    operations: [
      { op: 'RX', q: [0], params: { theta: 'alpha' } },
      { op: 'RZ', q: [1], params: { theta: -0.25 } },
      { op: 'MEASURE', q: [0, 1], c: [1, 0], params: { basis: 'X' } },
    ],
  };
  const same = readAqo(Buffer.from(JSON.stringify(json)));
  assert.ok(same.ok);
  assert.deepEqual(writeAqo(read.value), writeAqo(same.value));
  const negative = create(AqoCircuitSchema, {
    version: '1.0.0',
    qubits: 1,
    operations: [{ op: 'X', q: [-1] }],
  });
  const refused = readAqo(toBinary(AqoCircuitSchema, negative));
  assert.match(refused.ok ? '' : refused.error.message, /q\[0\]: expected an integer from 0 to 0, found -1/);
});

test('AQO-17: messages as long as programs may be are read or refused', () => {
  const many = create(AqoCircuitSchema, {
    version: '1.0.0',
    qubits: 1,
    operations: [{ op: 'X', q: Array.from({ length: 1_000_000 }, () => 0) }],
  });
  assert.equal(readAqo(toBinary(AqoCircuitSchema, many)).ok, false);
  // Fields of an operation that are not packed: each qubit with a tag of its own.
  const loose = new Uint8Array(400_000).map((_, at) => (at % 2 === 0 ? 0x10 : 0));
  const length = [0x80 | (loose.length & 0x7f), 0x80 | ((loose.length >> 7) & 0x7f), loose.length >> 14];
  assert.equal(readAqo(Buffer.concat([Uint8Array.of(0x1a, ...length), loose])).ok, false);
});
