import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layOut } from './lay-out.ts';

test('the letters of an observable follow the qubits to where they end on the device', () => {
  const terms = [{ coefficient: 0.5, paulis: 'XYZ' }];
  // Qubit 0 has Z, 1 has Y, 2 has X; the device has five qubits, and its qubit 0 is the rightmost letter.
  assert.deepEqual(layOut({ name: 'o', terms }, [3, 0, 4], 5), {
    name: 'o',
    terms: [{ coefficient: 0.5, paulis: 'XZIIY' }],
  });
  assert.throws(() => layOut({ terms }, [0, 1], 5), {
    code: 'OBSERVABLE_INVALID',
    message: /'XYZ' of observable of the program has 3 letters, but the program has 2 qubits/,
  });
});
