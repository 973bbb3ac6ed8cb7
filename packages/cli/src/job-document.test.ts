import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindingsOf, readJobDocument } from './job-document.ts';

const HEAD = 'apiVersion: eigen.os/v1\nkind: QuantumJob\nmetadata:\n  name: bell\nspec:\n';

test('JOB-4, REC-13: the document of one circuit gives its program, shots, seed and options', () => {
  const job = readJobDocument(
    `${HEAD}  program:\n    path: program.qasm\n    language: openqasm3\n  shots: 100\n  target: sim:local\n` +
      '  priority: 50\n  seed: 9007199254740991\n  precision: single\n',
  );
  assert.deepEqual(job, {
    name: 'bell',
    tags: [],
    priority: 50,
    metadata: {},
    items: [
      {
        language: 'openqasm3',
        program: 'program.qasm',
        entrypoint: '',
        compilerOptions: {},
        shots: 100,
        inputs: new Map(),
        parameters: [],
        observables: [],
        memory: false,
      },
    ],
    target: 'sim:local',
    seed: 9_007_199_254_740_991,
    options: new Map([['precision', 'single']]),
  });
});

test('JOB-4, REC-13: items bring parameter sets, inputs, observables and memory', () => {
  const { items } = readJobDocument(
    `${HEAD}  items:
    - program: {path: items/0/program.qasm, language: openqasm3}
      shots: 1
      parameters:
        - theta: 0.5
        - theta: 1
      observables:
        - name: energy
          terms:
            - coefficient: -1
              paulis: ZZ
      inputs: {n: 3, word: "01", flag: true, large: 100000000000000000000}
      memory: true
  target: sim:local
  seed: 7
`,
  );
  const inputs: [string, number | string | boolean][] = [
    ['n', 3],
    ['word', '01'],
    ['flag', true],
    ['large', 1e20],
  ];
  assert.deepEqual(bindingsOf(items[0]!), [
    new Map([...inputs, ['theta', 0.5]]),
    new Map([...inputs, ['theta', 1]]),
  ]);
  assert.deepEqual(items[0]?.observables, [{ name: 'energy', terms: [{ coefficient: -1, paulis: 'ZZ' }] }]);
  assert.equal(items[0]?.memory, true);
});

test('a document of another form is refused with what to do', () => {
  const refused = (text: string, said: RegExp): void => {
    assert.throws(() => readJobDocument(text), { code: 'JOB_SPEC_INVALID', message: said });
  };
  refused(
    'kind: HybridWorkflow\napiVersion: eigen.os/v1\n',
    /The job.yaml cannot be read: it is no QuantumJob/,
  );
  refused(`${HEAD}  seed: 7\n`, /spec.program is no mapping/);
  refused(`${HEAD}  items: all\n`, /spec.items is no list/);
  refused(
    `${HEAD}  program: {path: a, language: b}\n  shots: 1\n  target: t\n  seed: 0.5\n`,
    /spec.seed is no integer/,
  );
  refused(`${HEAD}  : :\n`, /The job\.yaml cannot be read: /);
  refused(`more: 1\n${HEAD}`, /the document has the member more, which is not known/);
  refused(HEAD.replace('  name: bell', '  nmae: bell'), /metadata has the member nmae/);
  refused(
    `${HEAD}  program: {path: a, language: b}\n  shots: 1\n  target: t\n  noise: [1]\n`,
    /spec\.noise is neither text, number nor truth value/,
  );
});
