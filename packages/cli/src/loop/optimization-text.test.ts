import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CircuitResult, type ItemResults, type Optimization, writeResults } from '@qfs/circuit';
import { showResults } from '../show-results.ts';
import { RecordingTerminal } from '../testing/recording-terminal.ts';

const RESULT: CircuitResult = {
  counts: new Map([
    ['01', 99],
    ['10', 1],
  ]),
  ...{ shots: 100, seed: 7, outputs: new Map(), warnings: [] },
  expectationValues: [
    { value: -1.1373060357, stdError: 0 },
    { name: 'parity', value: -1, stdError: 0 },
  ],
  metadata: {
    ...{ method: 'state_vector', precision: 'double', fast: false, qubits: 2 },
    ...{ engine: 'qfs-simulator', engineVersion: '1', aqoDigest: `sha256:${'0'.repeat(64)}` },
  },
};

const FOUND: Optimization = {
  ...{ method: 'COBYLA', ending: 'converged', iterations: 21, evaluations: 22, exact: true },
  ...{ parameters: new Map([['theta', -0.22353744506]]), value: -1.1373060357, stdError: 0 },
  ...{ startValue: -1.1169989, measured: { value: -1.1412, stdError: 0.0123 } },
};

const shown = (item: ItemResults, unit?: string): string => {
  const terminal = new RecordingTerminal();
  showResults(writeResults({ items: [item] }), { sort: 'asc', top: 16 }, terminal, unit);
  return terminal.transcript.split('\n').slice(2).join('\n');
};

test('the end of a search is the energy with its error, the parameters, and why it ended', () => {
  assert.equal(
    shown({ results: [RESULT], optimization: FOUND, returned: { energy: -1.1373060357 } }, 'Ha'),
    `energy      -1.1373060 ± 0 Ha (exact)
measured    -1.141 ± 0.012 Ha from 100 shots
began at    -1.1169989 Ha
parameters  theta = -0.2235374
search      COBYLA, converged after 21 iterations, 22 evaluations
returned    {"energy":-1.1373060357}
parity = -1 ± 0
100 shots, seed 7
`,
  );
});

test('a value from shots names them, and a search may end at its limit', () => {
  const { measured: _, startValue: __, ...rest } = FOUND;
  const found = { ...rest, exact: false, stdError: 0.0042, ending: 'iterations' };
  assert.equal(
    shown({ results: [RESULT], optimization: found }).split('parity')[0],
    `energy      -1.1373 ± 0.0042 from 100 shots
parameters  theta = -0.2235374
search      COBYLA, ended at its limit, after 21 iterations, 22 evaluations
`,
  );
});

test('a program that searches nothing shows what it returned', () => {
  assert.match(shown({ results: [RESULT], returned: [1, null] }), /^returned {2}\[1,null\]\nobservable = -1/);
});
