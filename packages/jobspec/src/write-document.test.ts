import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DocumentItem, JobDocument } from './contract.ts';
import { readJobDocument } from './read-document.ts';
import { POSITIVE } from './testing/fixtures.ts';
import { writeJobDocument } from './write-document.ts';

const RUNS = Number(process.env.QFS_PROPERTY_RUNS ?? 100);

const name = fc
  .stringMatching(/^[a-z_][a-z0-9_.-]{0,20}$/)
  .filter((text) => !['shots', 'seed', 'noise_model', 'workload'].includes(text));
const note = fc.string({ unit: 'grapheme', maxLength: 40 });
const notes = fc.dictionary(name, note, { maxKeys: 4, noNullPrototype: true });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const input = fc.oneof(number, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.boolean(), note);
const jobId = fc.constant('job_0192f0c1a2b37c4d8e5f60718293a4b5');
const digest = fc.option(fc.constant({ sha256: '5a'.repeat(32) }), { nil: {} });

const program: fc.Arbitrary<DocumentItem['program']> = fc
  .tuple(
    fc.oneof(
      fc.record({
        kind: fc.constant('path' as const),
        path: fc.stringMatching(/^[a-z][a-z0-9/]{0,20}\.qasm$/),
      }),
      fc.record({ kind: fc.constant('inline' as const), text: fc.string({ unit: 'grapheme' }) }),
      fc.record({ kind: fc.constant('artifact' as const), ref: fc.record({ jobId, name }) }),
    ),
    digest,
  )
  .map(([source, more]) => ({ ...source, ...more }));

const item: fc.Arbitrary<DocumentItem> = fc.record(
  {
    language: fc.constantFrom('', 'openqasm3', 'eigen-lang'),
    program,
    entrypoint: fc.constantFrom('', 'main'),
    compilerOptions: notes,
    shots: fc.integer({ min: 1, max: 10_000_000 }),
    parameters: fc.array(fc.dictionary(name, number, { maxKeys: 3, noNullPrototype: true }), {
      maxLength: 3,
    }),
    observables: fc.array(
      fc.record({
        name: note,
        terms: fc.array(fc.record({ coefficient: number, paulis: fc.stringMatching(/^[IXYZ]{1,5}$/) }), {
          minLength: 1,
          maxLength: 3,
        }),
      }),
      { maxLength: 2 },
    ),
    inputs: fc.dictionary(name, input, { maxKeys: 3, noNullPrototype: true }),
    inputRefs: fc.dictionary(name, fc.record({ jobId, name, pointer: fc.constant('/items/0') }), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    memory: fc.boolean(),
  },
  {
    requiredKeys: [
      'language',
      'program',
      'entrypoint',
      'compilerOptions',
      'parameters',
      'observables',
      'inputs',
      'inputRefs',
      'memory',
    ],
  },
);

const job: fc.Arbitrary<JobDocument> = fc.record(
  {
    version: fc.constant('eigen.os/v1' as const),
    workload: fc.constantFrom('QuantumJob' as const, 'HybridWorkflow' as const),
    name: note,
    tags: fc.array(name, { maxLength: 3 }),
    items: fc.array(item, { minLength: 1, maxLength: 3 }),
    target: fc.constantFrom('sim:local', 'emulator:line-5'),
    priority: fc.integer({ min: 0, max: 100 }),
    seed: fc.maxSafeNat(),
    options: fc.dictionary(fc.constantFrom('method', 'precision', 'noise_model', 'other.option'), note, {
      noNullPrototype: true,
    }),
    metadata: notes,
    dependencies: fc.uniqueArray(jobId, { maxLength: 1 }),
  },
  {
    requiredKeys: [
      'version',
      'workload',
      'name',
      'tags',
      'items',
      'target',
      'options',
      'metadata',
      'dependencies',
    ],
  },
);

test('JOB-4: reading a canonical document and writing it again gives the same bytes', () => {
  fc.assert(
    fc.property(job, (written) => {
      const text = writeJobDocument(written);
      const { document, problems } = readJobDocument(text);
      assert.deepEqual(
        problems.filter(({ severity }) => severity === 'error'),
        [],
        text,
      );
      assert.equal(writeJobDocument(document!), text);
    }),
    { numRuns: RUNS },
  );
});

test('JOB-50: documents that somebody changed at random are read or refused, and nothing else', () => {
  const texts = Object.values(POSITIVE).map(({ text }) => text);
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      ...'{}[]:,-#&*!|>\'"%@`?\n\t ',
      '- ',
      ': ',
      '<<: ',
      '&a ',
      '*a',
      '!!x ',
      '---\n',
      '\u0000',
    ),
  );
  const change = fc.record({ at: fc.nat(), cut: fc.nat({ max: 12 }), piece });
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      (text, changes) => {
        const changed = changes.reduce((before, { at, cut, piece: put }) => {
          const place = at % (before.length + 1);
          return before.slice(0, place) + put + before.slice(place + cut);
        }, text);
        const { document, problems } = readJobDocument(changed);
        assert.equal(
          document === undefined,
          problems.some(({ severity }) => severity === 'error'),
        );
        for (const { column, end_line: endLine, line } of problems)
          assert.ok(line >= 1 && column >= 1 && endLine >= line);
      },
    ),
    { numRuns: 3 * RUNS },
  );
});
