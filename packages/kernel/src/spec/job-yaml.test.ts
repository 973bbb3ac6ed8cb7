import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { ItemSpec } from './job-spec.ts';
import { writeJobYaml } from './job-yaml.ts';

const ITEM: ItemSpec = {
  language: 'openqasm3',
  program: 'program.qasm',
  shots: 100,
  parameters: [],
  observables: [],
  inputs: {},
  memory: false,
  entrypoint: '',
  compilerOptions: {},
};

const HEAD = { name: 'bell pair', target: 'sim:local', priority: 50, seed: 7, tags: [] };

test('JOB-4: a single circuit without parameters is written flat', () => {
  const text = writeJobYaml({
    ...HEAD,
    spec: { items: [ITEM], options: { method: 'statevector' }, metadata: {} },
  });
  assert.equal(
    text,
    `apiVersion: eigen.os/v1
kind: QuantumJob
metadata:
  name: bell-pair
spec:
  program:
    path: program.qasm
    language: openqasm3
  shots: 100
  target: sim:local
  priority: 50
  seed: 7
  method: statevector
`,
  );
});

test('JOB-4: a batch is written item by item, maps in the order of their keys', () => {
  const items: ItemSpec[] = [
    { ...ITEM, program: 'items/0/program.qasm', parameters: [{ b: 2, a: 1 }], memory: true },
    {
      ...ITEM,
      program: 'items/1/program.qasm',
      inputs: { n: { integer: '9223372036854775807' }, on: { boolean: true }, c: { bits: '01' } },
      observables: [{ name: 'energy', terms: [{ coefficient: -0.5, paulis: 'ZZ' }] }],
      compilerOptions: { optimization_level: '2' },
    },
  ];
  const text = writeJobYaml({ ...HEAD, tags: ['x'], spec: { items, options: {}, metadata: { note: 'no' } } });
  assert.equal(
    text,
    `apiVersion: eigen.os/v1
kind: QuantumJob
metadata:
  name: bell-pair
  annotations:
    qfs/tags: x
spec:
  items:
    - program:
        path: items/0/program.qasm
        language: openqasm3
      shots: 100
      parameters:
        - a: 1
          b: 2
      memory: true
    - program:
        path: items/1/program.qasm
        language: openqasm3
      shots: 100
      compiler_options:
        optimization_level: "2"
      observables:
        - name: energy
          terms:
            - coefficient: -0.5
              paulis: ZZ
      inputs:
        c: "01"
        n: 9223372036854775807
        on: true
  target: sim:local
  priority: 50
  seed: 7
  metadata:
    note: no
`,
  );
});

test('text that looks like YAML stays text', () => {
  const metadata = { a: 'yes: [1]', b: '&x', c: '007', d: 'null' };
  const text = writeJobYaml({ ...HEAD, spec: { items: [ITEM], options: {}, metadata } });
  assert.deepEqual(parse(text).spec.metadata, metadata);
});

test('JOB-4, JOB-38: shots that nobody asked for stay unsaid where they decide how a program is evaluated', () => {
  const written = (language: 'eigen-lang' | 'openqasm3') => {
    const items = [{ ...ITEM, language, shotsByDefault: true as const }];
    return writeJobYaml({ ...HEAD, spec: { items, options: {}, metadata: {} } });
  };
  assert.doesNotMatch(written('eigen-lang'), /shots/i);
  assert.match(written('openqasm3'), /shots: 100/);
});
