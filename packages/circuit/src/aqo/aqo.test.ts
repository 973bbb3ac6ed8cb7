import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jcs } from '@qfs/core/json';
import { bitTarget, type Instruction, type Program, readAqo, writeAqo } from '../index.ts';

const TEXT = new TextDecoder();

export const bell: Program = (() => {
  const variables: Program['variables'] = [{ name: 'c', type: { kind: 'bit', width: 2 }, role: 'local' }];
  const measure = (qubit: number): Instruction => ({
    kind: 'measure',
    qubit,
    target: bitTarget({ variables }, 0, qubit),
  });
  return {
    qubits: 2,
    qubitRegisters: [{ name: 'q', offset: 0, size: 2 }],
    variables,
    subroutines: [],
    body: [
      { kind: 'gate', gate: 'h', parameters: [], qubits: [0] },
      { kind: 'gate', gate: 'cx', parameters: [], qubits: [0, 1] },
      measure(0),
      measure(1),
    ],
  };
})();

const BELL_AQO =
  '{"metadata":{"bits":[{"name":"c","size":2}],"qubits":[{"name":"q","size":2}]},"operations":' +
  '[{"op":"H","q":[0]},{"op":"CX","q":[0,1]},{"c":[0],"op":"MEASURE","q":[0]},{"c":[1],"op":"MEASURE","q":[1]}],' +
  '"qubits":2,"version":"1.0.0"}';

test('Bell needs only operations of version 1.0.0 and says so', () => {
  assert.equal(TEXT.decode(writeAqo(bell)), BELL_AQO);
});

test('what is written is canonical JSON and reads back as the same program', () => {
  const withMore: Program = {
    ...bell,
    body: [
      ...bell.body,
      {
        kind: 'gate',
        gate: 'rx',
        parameters: [{ kind: 'float', value: 0.5 }],
        controls: [true, false],
        qubits: [
          0,
          1,
          {
            offset: 0,
            size: 2,
            index: { kind: 'int', value: 2n ** 70n, type: { kind: 'uint', width: 128 } },
          },
        ],
      },
      { kind: 'if', condition: { kind: 'bool', value: true }, body: [{ kind: 'end' }] },
    ],
  };
  for (const program of [bell, withMore]) {
    const bytes = writeAqo(program);
    assert.equal(jcs(JSON.parse(TEXT.decode(bytes))), TEXT.decode(bytes));
    const read = readAqo(bytes);
    assert.deepEqual(read, { ok: true, value: program });
  }
});
