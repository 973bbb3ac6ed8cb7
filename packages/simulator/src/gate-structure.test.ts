import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateByName } from '@qfs/circuit';
import { structureOf } from './gate-structure.ts';

/** Gate, leading operands that only control, action of the rest, its qubits. */
const STRUCTURES = `
id    0 identity 1
x     0 exchange 1
y     0 dense    1
z     0 diagonal 1
h     0 dense    1
rz    0 diagonal 1
rx    0 dense    1
U     0 dense    1
cx    1 exchange 1
cz    1 diagonal 1
crz   1 diagonal 1
cp    1 diagonal 1
ch    1 dense    1
swap  0 exchange 2
cswap 1 exchange 2
ccx   2 exchange 1
rzz   0 diagonal 2
rxx   0 sparse   2
iswap 0 sparse   2`;

test('the structure of a gate is found from its matrix', () => {
  const found = STRUCTURES.trim()
    .split('\n')
    .map((line) => {
      const [name = ''] = line.split(/\s+/);
      const { controls, action, targets } = structureOf(gateByName(name)!);
      return `${name.padEnd(5)} ${controls} ${action.padEnd(8)} ${targets}`;
    });
  assert.equal(`\n${found.join('\n')}`, STRUCTURES);
});
