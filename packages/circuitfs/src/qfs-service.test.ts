import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  ARTIFACT_NAME_CHARS_MAX,
  ARTIFACTS_PER_CALL_MAX,
  BLOB_INLINE_BYTES_MAX,
  type StoreCall,
} from '@qfs/core';
import { systemDisk } from '@qfs/storage';
import { ANA, as, entryCall, file, freshJobId, openCircuitFs, textOf } from './testing/fixture.ts';

type CircuitFs = ReturnType<typeof openCircuitFs>;

function bothWays(name: string, check: (fs: CircuitFs, t: TestContext) => Promise<void>): void {
  test(`${name}, called directly`, (t) => check(openCircuitFs(t), t));
  test(`${name}, serialised`, (t) => check(openCircuitFs(t, { serialised: true }), t));
}

const namesOf = async (fs: CircuitFs, jobId: string): Promise<string[]> =>
  (await fs.client.listArtifacts({ jobId }, ANA)).handles.map((handle) => handle.name);

bothWays('ART-1, ART-3: an artifact comes back with its hash, size and path', async ({ client }) => {
  const jobId = freshJobId();
  const handle = await client.storeArtifact(
    { jobId, artifact: file('compiled.qasm', 'OPENQASM 3.0;\n') },
    ANA,
  );
  const expected = {
    hash: 'sha256:1ab41b2be4d7a99a983b0ee62a63b557ea08b99c859c1204d24523cbbdacb740',
    size: 14n,
    path: `circuit_fs/${jobId}/compiled.qasm`,
    name: 'compiled.qasm',
    type: 'qasm',
    contentType: 'text/x-openqasm; charset=utf-8',
    jobId,
  };
  const { $typeName: _handleType, ...answered } = handle;
  assert.deepEqual(answered, expected);
  const read = await client.retrieveArtifact({ jobId, name: 'compiled.qasm' }, ANA);
  assert.equal(textOf(read.data), 'OPENQASM 3.0;\n');
  assert.deepEqual(read.handle, handle);
  assert.deepEqual({ ...read.metadata }, { attempt: '0', created_at: '2030-01-01T00:00:00.000Z' });
});

bothWays(
  'ART-4: a finished name keeps its bytes: the same are the same handle, others are refused',
  async (fs) => {
    const jobId = freshJobId();
    const first = await fs.client.storeArtifact({ jobId, artifact: file('results.json', '{}') }, ANA);
    const again = await fs.client.storeArtifact({ jobId, artifact: file('results.json', '{}') }, ANA);
    assert.deepEqual(again, first);
    await assert.rejects(fs.client.storeArtifact({ jobId, artifact: file('results.json', '[]') }, ANA), {
      code: 'ARTIFACT_EXISTS',
      message: new RegExp(`results.json of ${jobId} exists with the digest sha256:`),
    });
    assert.equal(textOf((await fs.client.retrieveArtifact({ jobId, name: 'results.json' }, ANA)).data), '{}');
  },
);

bothWays('ART-5: several artifacts are stored all or none, and listed by name', async (fs) => {
  const jobId = freshJobId();
  await fs.client.storeArtifact({ jobId, artifact: file('meta.json', '1') }, ANA);
  const artifacts = [file('a.json'), file('meta.json', '2')];
  await assert.rejects(fs.client.storeArtifacts({ jobId, artifacts }, ANA), { code: 'ARTIFACT_EXISTS' });
  assert.deepEqual(await namesOf(fs, jobId), ['meta.json']);
  const { handles } = await fs.client.storeArtifacts(
    { jobId, artifacts: [file('z.json'), file('logs/kernel.log'), file('B.json')] },
    ANA,
  );
  assert.deepEqual(
    handles.map((handle) => handle.name),
    ['z.json', 'logs/kernel.log', 'B.json'],
  );
  assert.deepEqual(await namesOf(fs, jobId), ['B.json', 'logs/kernel.log', 'meta.json', 'z.json']);
});

bothWays('ART-6: inputs get their names with the entry that accepts the job', async (fs) => {
  const jobId = freshJobId();
  const { handles } = await fs.client.storeArtifacts(
    { jobId, staged: true, artifacts: [file('program.qasm'), file('job.yaml')] },
    ANA,
  );
  assert.equal(handles[0]!.path, `circuit_fs/${jobId}/program.qasm`);
  assert.deepEqual(await namesOf(fs, jobId), []);
  await assert.rejects(fs.client.retrieveArtifact({ jobId, name: 'program.qasm' }, ANA), {
    code: 'ARTIFACT_NOT_FOUND',
  });
  await fs.apply('JOB_ACCEPTED', jobId, 0, {
    'program.qasm': handles[0]!.hash,
    'job.yaml': handles[1]!.hash,
  });
  assert.deepEqual(await namesOf(fs, jobId), ['job.yaml', 'program.qasm']);
});

bothWays(
  'ART-6, ART-8: outputs get their names with the attempt that ends the job; earlier ones stay readable',
  async (fs) => {
    const jobId = freshJobId();
    const output = async (attempt: number, text: string) =>
      (
        await fs.client.storeArtifact(
          { jobId, attempt, staged: true, artifact: file('results.json', text) },
          ANA,
        )
      ).hash;
    await fs.apply('JOB_ACCEPTED', jobId, 0, {});
    await output(1, 'lost');
    const first = await output(2, 'second, first try');
    await output(2, 'second, again');
    assert.deepEqual(await namesOf(fs, jobId), ['attempts/1/results.json', 'attempts/2/results.json']);
    await fs.apply('JOB_FINISHED', jobId, 2, { 'results.json': first });
    const read = async (name: string) =>
      textOf((await fs.client.retrieveArtifact({ jobId, name }, ANA)).data);
    assert.equal(await read('results.json'), 'second, first try');
    assert.equal(await read('attempts/1/results.json'), 'lost');
    await assert.rejects(output(3, 'too late'), { code: 'ARTIFACT_EXISTS' });
  },
);

test('ART-6, ART-7: an entry may name what another attempt stored, and nothing that nobody stored', async (t) => {
  const fs = openCircuitFs(t);
  const jobId = freshJobId();
  const artifact = file('compiled.qasm');
  const { hash } = await fs.client.storeArtifact({ jobId, attempt: 1, staged: true, artifact }, ANA);
  const unknown = `sha256:${'0'.repeat(64)}`;
  await assert.rejects(
    fs.apply('JOB_FINISHED', jobId, 2, { 'compiled.qasm': hash, 'results.json': unknown }),
    {
      code: 'ARTIFACT_NOT_FOUND',
    },
  );
  assert.deepEqual(await namesOf(fs, jobId), ['attempts/1/compiled.qasm']);
  await fs.apply('JOB_FINISHED', jobId, 2, { 'compiled.qasm': hash });
  assert.deepEqual(await namesOf(fs, jobId), ['attempts/1/compiled.qasm', 'compiled.qasm']);
});

test('ART-7, ART-10: a job that runs the inputs of another again shares their bytes', async (t) => {
  const fs = openCircuitFs(t);
  const [first, second] = [freshJobId(), freshJobId()];
  const { hash } = await fs.client.storeArtifact({ jobId: first, artifact: file('program.qasm') }, ANA);
  await fs.apply('JOB_ACCEPTED', second, 0, { 'program.qasm': hash });
  const { data } = await fs.client.retrieveArtifact({ jobId: second, name: 'program.qasm' }, ANA);
  assert.equal(textOf(data), 'the bytes of program.qasm');
  assert.equal(fs.reader.get('SELECT refs FROM blobs')?.refs, 2);
});

test('ART-5: with a unit of work the answer comes at once and everything commits with the caller, or nothing', async (t) => {
  const fs = openCircuitFs(t);
  const jobId = freshJobId();
  const gather = async (name: string): Promise<[StoreCall[], string]> => {
    const calls: StoreCall[] = [];
    const unitOfWork = { add: (added: readonly StoreCall[]) => calls.push(...added) };
    const request = { jobId, staged: true, artifact: file(name) };
    const { hash } = await fs.client.storeArtifact(request, as('tenant-a', 'project-1', unitOfWork));
    return [calls, hash];
  };
  const [calls, hash] = await gather('program.qasm');
  assert.equal(fs.reader.get('SELECT count(*) AS blobs FROM blobs')?.blobs, 0);
  const wrong = entryCall('JOB_ACCEPTED', jobId, 0, { 'program.qasm': `sha256:${'1'.repeat(64)}` });
  await assert.rejects(fs.writer.transact([...calls, wrong]), { code: 'ARTIFACT_NOT_FOUND' });
  assert.equal(fs.reader.get('SELECT count(*) AS blobs FROM blobs')?.blobs, 0);
  await fs.writer.transact([...calls, entryCall('JOB_ACCEPTED', jobId, 0, { 'program.qasm': hash })]);
  assert.deepEqual(await namesOf(fs, jobId), ['program.qasm']);
});

bothWays(
  'ART-3, ART-13: another tenant, and another project, see nothing of a job on any path',
  async (fs) => {
    const jobId = freshJobId();
    const artifacts = [file('program.qasm')];
    const { handles } = await fs.client.storeArtifacts({ jobId, artifacts }, ANA);
    const output = { jobId, attempt: 1, staged: true, artifact: file('results.json') };
    await fs.client.storeArtifact(output, ANA);
    for (const stranger of [as('tenant-b'), as('tenant-a', 'project-2')]) {
      const { client } = fs;
      assert.deepEqual((await client.listArtifacts({ jobId }, stranger)).handles, []);
      for (const name of ['program.qasm', 'attempts/1/results.json']) {
        await assert.rejects(client.retrieveArtifact({ jobId, name }, stranger), {
          code: 'ARTIFACT_NOT_FOUND',
        });
      }
      await assert.rejects(client.storeArtifact({ jobId, artifact: file('mine') }, stranger), {
        code: 'JOB_NOT_FOUND',
        message: `There is no job ${jobId}.`,
      });
      await assert.rejects(client.storeArtifacts({ jobId, artifacts }, stranger), { code: 'JOB_NOT_FOUND' });
    }
    await assert.rejects(fs.client.retrieveArtifact({ handle: handles[0]! }, as('tenant-b')), {
      code: 'ARTIFACT_NOT_FOUND',
    });
    const { data } = await fs.client.retrieveArtifact({ handle: handles[0]! }, ANA);
    assert.equal(textOf(data), 'the bytes of program.qasm');
  },
);

const REFUSED_NAMES = [
  ...[
    '',
    '/',
    '/etc/passwd',
    '../x',
    'a/../b',
    'a/./b',
    '.',
    '..',
    'a//b',
    'a/',
    'a b',
    'ä',
    'a\\b',
    'a\0b',
    'a:b',
  ],
  ...['attempts/1/results.json', 'x'.repeat(ARTIFACT_NAME_CHARS_MAX + 1)],
];
const ALLOWED_NAMES = [
  'a',
  'A-Z_0.9',
  '..a',
  'a..',
  'items/0/results.json',
  'x'.repeat(ARTIFACT_NAME_CHARS_MAX),
];

test('ART-1: names that leave the directory, or could not be files, are refused', async (t) => {
  const { client } = openCircuitFs(t);
  const jobId = freshJobId();
  for (const name of REFUSED_NAMES) {
    const refusal = { code: 'REQUEST_INVALID', message: /names no artifact: / };
    await assert.rejects(client.storeArtifact({ jobId, artifact: file(name, '') }, ANA), refusal, name);
  }
  for (const name of ALLOWED_NAMES) await client.storeArtifact({ jobId, artifact: file(name, '') }, ANA);
});

test('ART-5: requests that make no sense are refused with the reason', async (t) => {
  const { client } = openCircuitFs(t);
  const jobId = freshJobId();
  const many = Array.from({ length: ARTIFACTS_PER_CALL_MAX + 1 }, (_, at) => file(`${at}`, ''));
  const cases: readonly [object, string, RegExp][] = [
    [{ jobId: '../other', artifacts: [file('a')] }, 'REQUEST_INVALID', /"..\/other" is no job id/],
    [{ jobId, artifacts: [] }, 'REQUEST_INVALID', /holds no artifact/],
    [{ jobId, artifacts: many }, 'PAYLOAD_TOO_LARGE', /holds 4097 artifacts; the limit is 4096/],
    [{ jobId, artifacts: [file('a'), file('a')] }, 'REQUEST_INVALID', /a occurs twice/],
    [{ jobId, artifacts: [{ ...file('a'), type: 'Über' }] }, 'REQUEST_INVALID', /type of a/],
    [{ jobId, artifacts: [{ ...file('a'), contentType: 'x\r\ny' }] }, 'REQUEST_INVALID', /content type of a/],
  ];
  for (const [request, code, message] of cases) {
    await assert.rejects(client.storeArtifacts(request, ANA), { code, message });
  }
  await assert.rejects(client.retrieveArtifact({ jobId: 'x', name: 'a' }, ANA), { code: 'REQUEST_INVALID' });
  await assert.rejects(client.retrieveArtifact({ handle: { hash: 'md5:0' } }, ANA), {
    code: 'REQUEST_INVALID',
  });
  await client.storeArtifacts({ jobId, artifacts: many.slice(1) }, ANA);
});

test('ART-11, ART-12, ART-17: failures have the classes of seed 000, and are counted with them', async (t) => {
  let full = false;
  const disk = {
    ...systemDisk,
    writeNew: async (...call: Parameters<typeof systemDisk.writeNew>) => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
      await systemDisk.writeNew(...call);
    },
  };
  const fs = openCircuitFs(t, { disk });
  const jobId = freshJobId();
  const large = { name: 'results.json', data: new Uint8Array(BLOB_INLINE_BYTES_MAX + 1) };
  await fs.client.storeArtifact({ jobId, artifact: large }, ANA);
  full = true;
  const more = { name: 'meta.json', data: new Uint8Array(BLOB_INLINE_BYTES_MAX + 2) };
  await assert.rejects(fs.client.storeArtifact({ jobId, artifact: more }, ANA), { code: 'STORAGE_FULL' });
  const shelf = join(fs.path, 'blobs', 'sha256');
  const [stored] = readdirSync(shelf, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const path = join(stored!.parentPath, stored!.name);
  const bytes = readFileSync(path);
  bytes[0] = 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
  await assert.rejects(fs.client.retrieveArtifact({ jobId, name: 'results.json' }, ANA), {
    code: 'ARTIFACT_CORRUPT',
  });
  await assert.rejects(fs.client.retrieveArtifact({ jobId, name: 'nothing' }, ANA), {
    code: 'ARTIFACT_NOT_FOUND',
  });
  assert.deepEqual(fs.measured, [
    'qfs_artifact_store_total results OK',
    'qfs_artifact_size_bytes results',
    'qfs_operation_duration_seconds store',
    'qfs_artifact_store_total meta RESOURCE_EXHAUSTED',
    'qfs_operation_duration_seconds store',
    'qfs_artifact_retrieve_total results INVALID_ARGUMENT',
    'qfs_integrity_failures_total results',
    'qfs_operation_duration_seconds retrieve',
    'qfs_artifact_retrieve_total other NOT_FOUND',
    'qfs_operation_duration_seconds retrieve',
  ]);
});

test('ART-8: what was compiled for an attempt that never began is listed once, under its name', async (t) => {
  const { client, apply } = openCircuitFs(t);
  const jobId = freshJobId();
  await client.storeArtifact({ jobId, artifact: file('program.qasm') }, ANA);
  const compiled = { jobId, attempt: 1, staged: true, artifact: file('compiled.qasm') };
  const { hash } = await client.storeArtifact(compiled, ANA);
  await apply('JOB_FINISHED', jobId, 0, { 'compiled.qasm': hash });
  const { handles } = await client.listArtifacts({ jobId }, ANA);
  assert.deepEqual(
    handles.map(({ name }) => name),
    ['compiled.qasm', 'program.qasm'],
  );
  const { data } = await client.retrieveArtifact({ jobId, name: 'compiled.qasm' }, ANA);
  assert.equal(textOf(data), 'the bytes of compiled.qasm');
});
