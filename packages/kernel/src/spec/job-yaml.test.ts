import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJobDocument } from '@qfs/jobspec';
import fc from 'fast-check';
import { parse } from 'yaml';
import { type ItemSpec, LANGUAGES, type Language } from './job-spec.ts';
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

test('JOB-4: whatever the kernel accepts it writes so that it is read as the same job', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
  const notes = fc.dictionary(key, text, { maxKeys: 3, noNullPrototype: true });
  const item = fc.record({
    language: fc.constantFrom(...(Object.keys(LANGUAGES) as Language[])),
    program: fc.constantFrom('program.qasm', 'items/7/program.eigen.py'),
    shots: fc.integer({ min: 1, max: 10_000_000 }),
    entrypoint: text,
    compilerOptions: notes,
    memory: fc.boolean(),
  });
  const job = fc.record({
    name: text,
    tags: fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 2 }),
    items: fc.array(item, { minLength: 1, maxLength: 2 }),
    options: fc.dictionary(fc.stringMatching(/^[a-z0-9][a-z0-9_.-]{0,8}$/), text, { noNullPrototype: true }),
    metadata: notes,
  });
  fc.assert(
    fc.property(job, ({ items, metadata, name, options, tags }) => {
      const spec = { items: items.map((each) => ({ ...ITEM, ...each })), options, metadata };
      const written = writeJobYaml({ ...HEAD, name, tags, spec });
      const { document, problems } = readJobDocument(written);
      assert.ok(document, `${JSON.stringify(problems)}\n${written}`);
      assert.deepEqual([document.options, document.metadata, document.tags], [options, metadata, tags]);
      assert.deepEqual(
        document.items.map(({ compilerOptions, entrypoint, language, memory, shots }) => ({
          compilerOptions,
          entrypoint,
          language,
          memory,
          shots,
        })),
        items.map(({ program: _, ...rest }) => rest),
      );
    }),
    { numRuns: Number(process.env.QFS_PROPERTY_RUNS ?? 60) },
  );
});
