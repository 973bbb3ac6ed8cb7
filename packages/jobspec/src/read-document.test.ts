import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOB_YAML_BYTES_MAX, JOB_YAML_DEPTH_MAX, JOB_YAML_NODES_MAX, JOB_YAML_PROBLEMS_MAX } from '@qfs/core';
import { parse } from 'yaml';
import { readJobDocument } from './read-document.ts';
import { jobDocumentSchema } from './schema.ts';
import { conforms } from './testing/conforms.ts';
import { NEGATIVE, POSITIVE } from './testing/fixtures.ts';
import { writeJobDocument } from './write-document.ts';

const V1 = 'apiVersion: eigen.os/v1\nkind: QuantumJob\nmetadata: {name: a-job}\nspec:\n  target: sim:local\n';
const PLAIN = `${V1}  program: {path: a.qasm}\n`;

const finds = (text: string): string[] =>
  readJobDocument(text).problems.map(({ code, path, severity }) => `${severity} ${code} ${path}`);

const documentOf = (text: string) => {
  const { document, problems } = readJobDocument(text);
  assert.ok(document, JSON.stringify(problems, null, 1));
  return document;
};

for (const [kind, fixtures] of Object.entries({ read: POSITIVE, refused: NEGATIVE })) {
  for (const [name, { finds: expected, text }] of Object.entries(fixtures)) {
    test(`JOB-50: ${name}: ${kind}`, () => {
      assert.deepEqual(finds(text), expected);
      assert.equal(readJobDocument(text).document !== undefined, kind === 'read');
    });
  }
}

test('JOB-50: what the reader takes conforms to the published schema of its version', () => {
  for (const [name, { text }] of Object.entries(POSITIVE)) {
    const plain = text.replace('\ufeff', '');
    const schema = jobDocumentSchema(plain.includes('eigen.os/v1') ? 'v1' : 'v0.1');
    assert.ok(conforms(parse(plain), schema), name);
  }
});

/** Refusals that a schema cannot say: syntax, keys that stand twice, and what members say of each other. */
const BEYOND_SCHEMAS = new Set([
  'a benchmark without a seed',
  'a cluster as the target',
  'members of one circuit beside items',
  'partitions among the options of the compiler',
  'replay',
  'two priorities',
]);

test('JOB-50: what the reader refuses for one value alone does not conform to the schema', () => {
  for (const [name, { finds: found, text }] of Object.entries(NEGATIVE)) {
    if (found.some((line) => /SYNTAX|DUPLICATE/.test(line)) || BEYOND_SCHEMAS.has(name)) continue;
    assert.ok(!conforms(parse(text), jobDocumentSchema(text.includes('v0.1') ? 'v0.1' : 'v1')), name);
  }
});

test('JOB-50: a problem has its place, what is wrong with the value, and what to do', () => {
  const { problems } = readJobDocument(
    `${PLAIN}  prioritty: 5\n  metadata: {"größe": 1, "größe": 2}\n  memory: yes\n`,
  );
  assert.deepEqual(problems, [
    {
      code: 'JOB_KEY_UNKNOWN',
      severity: 'error',
      path: 'spec.prioritty',
      message: 'spec.prioritty is not known',
      line: 7,
      column: 3,
      end_line: 7,
      end_column: 12,
      hint: 'Did you mean priority?',
    },
    {
      code: 'JOB_KEY_DUPLICATE',
      severity: 'error',
      path: 'größe',
      message: 'The key größe stands twice',
      line: 8,
      column: 26,
      end_line: 8,
      end_column: 33,
      hint: 'Keep one of them.',
      related: [{ message: 'the first is here', line: 8, column: 14 }],
    },
    {
      code: 'JOB_VALUE',
      severity: 'error',
      path: 'spec.memory',
      message: 'spec.memory is "yes"; it must be true or false',
      line: 9,
      column: 11,
      end_line: 9,
      end_column: 14,
      hint: 'In YAML 1.2 yes, no, on and off are text.',
    },
  ]);
});

test('JOB-50: what is written at the wrong place is told where it belongs', () => {
  const hints: readonly (readonly [string, string])[] = [
    [
      PLAIN.replace('kind: QuantumJob', 'kind: HybridWorkflow'),
      'spec.workload.kind says what kind of work it is.',
    ],
    [`${PLAIN}  program_path: a\n`, 'Write program: {path: …}.'],
    [
      POSITIVE['v0.1 with keys it does not know']!.text,
      'Write metadata: {shots: "…"}, or apiVersion: eigen.os/v1.',
    ],
    ['apiVersion: eigen.os/v2\n', 'Did you mean eigen.os/v1?'],
  ];
  for (const [text, said] of hints) {
    const [problem] = readJobDocument(text).problems;
    assert.ok(problem?.hint?.includes(said), `${problem?.message}: ${problem?.hint}`);
  }
});

test('JOB-50: version 0.1 says shots, seed and noise among its metadata', () => {
  const job = documentOf(POSITIVE['v0.1 with everything']!.text);
  const jobId = 'job_0192f0c1a2b37c4d8e5f60718293a4b5';
  assert.deepEqual(job, {
    version: 'eigen.os/v0.1',
    workload: 'QuantumJob',
    name: 'a job',
    tags: [],
    items: [
      {
        language: '',
        program: { kind: 'path', path: 'a.eigen.py', sha256: '0f'.repeat(32) },
        entrypoint: 'main',
        compilerOptions: { optimization_level: '2' },
        shots: 8192,
        parameters: [],
        observables: [],
        inputs: { a: 1n },
        inputRefs: { b: { jobId, name: 'results.json', pointer: '/items/0' } },
        memory: false,
      },
    ],
    target: 'sim:local',
    priority: 80,
    seed: 7,
    options: { noise_model: 'depolarizing:0.001' },
    metadata: { optimizer: 'COBYLA', max_iters: '60', tol: '1e-6' },
    dependencies: [jobId],
  });
});

test('JOB-50: version 1 says the same in members of its own', () => {
  const job = documentOf(POSITIVE['v1 full']!.text);
  assert.deepEqual(job, {
    version: 'eigen.os/v1',
    workload: 'HybridWorkflow',
    name: 'a-job',
    tags: [],
    items: [
      {
        language: 'eigen-lang',
        program: { kind: 'path', path: 'jobs/a.eigen.py', sha256: 'ab'.repeat(32) },
        entrypoint: 'main',
        compilerOptions: { optimization_level: '3' },
        shots: 100,
        parameters: [{ theta: 0.5 }],
        observables: [{ name: 'energy', terms: [{ coefficient: -1, paulis: 'ZZ' }] }],
        inputs: { n: 3n, word: '0110', flag: true, angles: '[0.1,0.2]' },
        inputRefs: {},
        memory: true,
      },
    ],
    target: 'sim:local',
    priority: 80,
    seed: 7,
    options: { noise_model: '{"convention":"qfs","p":0.001}' },
    metadata: {
      optimizer: 'SPSA',
      'retry.max_attempts': '3',
      'timeout.queue_ms': '5000',
      'timeout.execution_ms': '60000',
      workload: 'HybridWorkflow',
    },
    dependencies: [],
  });
});

test('JOB-53: a benchmark is its circuit several times, and labels are notes', () => {
  const { items, seed, metadata } = documentOf(POSITIVE['workload BenchmarkJob']!.text);
  assert.equal(items.length, 3);
  assert.deepEqual([new Set(items).size, seed, metadata], [1, 42, { workload: 'BenchmarkJob' }]);
  const labelled = documentOf(PLAIN.replace('{name: a-job}', '{name: a-job, labels: {team: "x"}}'));
  assert.deepEqual(labelled.metadata, { 'label.team': 'x' });
});

test('JOB-50: integers of inputs keep 64 bits, and larger ones are floats', () => {
  const { items } = documentOf(
    `${PLAIN}  inputs: {a: 9223372036854775807, b: 9223372036854775808, c: 0.5, d: -0}\n`,
  );
  assert.deepEqual(items[0]!.inputs, { a: 9_223_372_036_854_775_807n, b: 2 ** 63, c: 0.5, d: -0 });
});

test('JOB-50: a document has at most so many bytes, but what the platform wrote may have more', () => {
  const comment = (bytes: number): string => `${PLAIN}#${'x'.repeat(bytes - PLAIN.length - 1)}`;
  assert.deepEqual(finds(comment(JOB_YAML_BYTES_MAX)), []);
  assert.deepEqual(finds(comment(JOB_YAML_BYTES_MAX + 1)), ['error JOB_TOO_LARGE ']);
  const job = documentOf(PLAIN);
  const parameters = Array.from({ length: 3_200 }, (_, at) => ({ theta: at + 0.5 }));
  const large = writeJobDocument({ ...job, items: [{ ...job.items[0]!, parameters }] });
  assert.ok(large.length > JOB_YAML_BYTES_MAX);
  assert.equal(writeJobDocument(documentOf(large)), large);
  assert.deepEqual(finds(`${large}# more\n`), ['error JOB_TOO_LARGE ']);
});

test('JOB-50: aliases multiply no further than the values a document may have', () => {
  const levels = Array.from(
    { length: 20 },
    (_, at) => `&a${at} [${`*a${at - 1},`.repeat(at === 0 ? 0 : 9)}]`,
  );
  const bomb = `${PLAIN}  workload:\n    kind: QuantumJob\n    topology: [${levels.join(',')}]\n`;
  assert.deepEqual(finds(bomb), ['error JOB_TOO_LARGE ']);
  // 11 values around them, a list of 2000 that stands there 32 times, and one of as many as are left.
  const multiplied = (more: number): string => {
    const left = JOB_YAML_NODES_MAX - 11 - 32 * 2_001 - 1 + more;
    const lists = `pipeline: &a [${'0,'.repeat(2_000)}]\n    topology: [${'*a,'.repeat(31)}${'0,'.repeat(left)}]`;
    return `${PLAIN}  workload:\n    kind: QuantumJob\n    ${lists}\n`;
  };
  const ignored = ['pipeline', 'topology'].map((name) => `warning JOB_NO_EFFECT spec.workload.${name}`);
  assert.deepEqual(finds(multiplied(0)), ignored);
  assert.deepEqual(finds(multiplied(1)), ['error JOB_TOO_LARGE ']);
});

test('JOB-50: values lie in one another to a bound', () => {
  const nested = (levels: number): string =>
    `${PLAIN}  workload: {kind: QuantumJob, topology: ${'['.repeat(levels)}${']'.repeat(levels)}}\n`;
  // The document, spec and workload are around it.
  const most = JOB_YAML_DEPTH_MAX - 3;
  assert.deepEqual(finds(nested(most)), ['warning JOB_NO_EFFECT spec.workload.topology']);
  assert.deepEqual(finds(nested(most + 1)), ['error JOB_TOO_LARGE ']);
  assert.match(finds(nested(20_000)).join(), /JOB_SYNTAX|JOB_TOO_LARGE/);
});

test('JOB-50: problems are reported to a bound', () => {
  const many = Array.from({ length: JOB_YAML_PROBLEMS_MAX + 50 }, (_, at) => `  k${at}: 1\n`).join('');
  assert.equal(finds(PLAIN + many).length, JOB_YAML_PROBLEMS_MAX);
});
