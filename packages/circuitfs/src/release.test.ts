import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOB_INLINE_BYTES_MAX } from '@qfs/core';
import type { Digest } from '@qfs/core/exact';
import { ANA, as, file, freshJobId, openCircuitFs } from './testing/fixture.ts';

type CircuitFs = ReturnType<typeof openCircuitFs>;

const BIG = new Uint8Array(BLOB_INLINE_BYTES_MAX + 1).fill(7);
const NAMES = ['program.qasm', 'results.json', 'statement.json'];

/** A job that ended: `program.qasm`, `results.json`, `statement.json`, and what an earlier attempt left. */
async function endedJob(fs: CircuitFs, texts: Readonly<Record<string, string>> = {}): Promise<string> {
  const jobId = freshJobId();
  const artifacts = [
    ...['program.qasm', 'results.json', 'statement.json'].map((name) =>
      file(name, texts[name] ?? `${name} of ${jobId}`),
    ),
    { name: 'big.bin', data: BIG },
  ];
  const { handles } = await fs.client.storeArtifacts({ jobId, attempt: 2, staged: true, artifacts }, ANA);
  const late = file('results.json', `late of ${jobId}`);
  await fs.client.storeArtifact({ jobId, attempt: 1, staged: true, artifact: late }, ANA);
  await fs.apply('JOB_FINISHED', jobId, 2, Object.fromEntries(handles.map(({ name, hash }) => [name, hash])));
  return jobId;
}

const release = (fs: CircuitFs, jobId: string) =>
  fs.writer.transact([{ operation: 'artifacts.release', argument: { jobId } }]);

/** What a reader is answered, name by name. */
async function answers(fs: CircuitFs, jobId: string, names: readonly string[], who = ANA) {
  const answerOf = (name: string) =>
    fs.client.retrieveArtifact({ jobId, name }, who).then(
      () => 'bytes',
      (error: { code: string }) => error.code,
    );
  return Promise.all(names.map(answerOf));
}

const list = async (fs: CircuitFs, jobId: string, who = ANA) =>
  (await fs.client.listArtifacts({ jobId }, who)).handles.map(({ name }) => name);

const blobs = (fs: CircuitFs): number =>
  fs.reader.get<{ count: number }>('SELECT count(*) AS count FROM blobs')!.count;

test('ART-19: from the entry on, the bytes of an expired job are refused and its statement is read, before and after they go', async (t) => {
  const fs = openCircuitFs(t);
  const jobId = await endedJob(fs);
  await fs.apply('JOB_EXPIRED', jobId, 0, {});
  const asked = [...NAMES, 'attempts/1/results.json', 'never.json'];
  const expired = ['ARTIFACT_EXPIRED', 'ARTIFACT_EXPIRED', 'bytes', 'ARTIFACT_EXPIRED', 'ARTIFACT_NOT_FOUND'];
  for (const blobsLeft of [5, 1, 1]) {
    assert.equal(blobs(fs), blobsLeft);
    assert.deepEqual(await answers(fs, jobId, asked), expired);
    assert.deepEqual(await list(fs, jobId), ['statement.json']);
    await release(fs, jobId);
  }
  const late = { jobId, attempt: 3, staged: true, artifact: file('meta.json') };
  await assert.rejects(fs.client.storeArtifact(late, ANA), { code: 'ARTIFACT_EXPIRED' });
});

test('ART-20: from the entry on, every read of a deleted job is JOB_DELETED, and nothing of it stays', async (t) => {
  const fs = openCircuitFs(t);
  const jobId = await endedJob(fs);
  const { handles } = await fs.client.listArtifacts({ jobId }, ANA);
  await fs.apply('JOB_EXPIRED', jobId, 0, {});
  await release(fs, jobId);
  await fs.apply('JOB_DELETED', jobId, 0, {});
  for (const blobsLeft of [1, 0, 0]) {
    assert.equal(blobs(fs), blobsLeft);
    assert.deepEqual(await answers(fs, jobId, [...NAMES, 'never.json']), Array(4).fill('JOB_DELETED'));
    await assert.rejects(list(fs, jobId), { code: 'JOB_DELETED' });
    const byHandle = fs.client.retrieveArtifact({ handle: handles[0]! }, ANA);
    await assert.rejects(byHandle, { code: 'JOB_DELETED' });
    await release(fs, jobId);
  }
  const late = { jobId, attempt: 3, staged: true, artifact: file('meta.json') };
  await assert.rejects(fs.client.storeArtifact(late, ANA), { code: 'JOB_DELETED' });
  assert.equal(fs.reader.all('SELECT name FROM artifacts').length, 0);
  assert.equal(await fs.blobs.removeReleased(), 1);
  assert.equal(await fs.blobs.removeReleased(), 0);
});

test('ART-13: others learn nothing of jobs that expired or were deleted', async (t) => {
  const fs = openCircuitFs(t);
  const [expired, deleted] = [await endedJob(fs), await endedJob(fs)];
  await fs.apply('JOB_EXPIRED', expired, 0, {});
  await fs.apply('JOB_DELETED', deleted, 0, {});
  for (const stranger of [as('tenant-b'), as('tenant-a', 'project-2')]) {
    for (const jobId of [expired, deleted]) {
      assert.deepEqual(await answers(fs, jobId, NAMES, stranger), Array(3).fill('ARTIFACT_NOT_FOUND'));
      assert.deepEqual(await list(fs, jobId, stranger), []);
    }
  }
});

test('ART-10, ART-22: bytes that another job has too stay until the last one lets go', async (t) => {
  const fs = openCircuitFs(t);
  const [first, second] = [await endedJob(fs, { 'program.qasm': 'same' }), await endedJob(fs)];
  const parent = await fs.client.listArtifacts({ jobId: first }, ANA);
  const { hash } = parent.handles.find(({ name }) => name === 'program.qasm')!;
  // A job that is run again names the bytes that its parent stored.
  const again = freshJobId();
  await fs.apply('JOB_ACCEPTED', again, 0, { 'program.qasm': hash });
  await fs.apply('JOB_DELETED', first, 0, {});
  await release(fs, first);
  assert.deepEqual(await answers(fs, again, ['program.qasm']), ['bytes']);
  assert.deepEqual(await answers(fs, second, ['big.bin']), ['bytes']);
  assert.equal(await fs.blobs.removeReleased(), 0);
  for (const jobId of [again, second]) {
    await fs.apply('JOB_DELETED', jobId, 0, {});
    await release(fs, jobId);
  }
  assert.equal(blobs(fs), 0);
  assert.equal(fs.blobs.has('tenant-a', hash as Digest), false);
  assert.equal(await fs.blobs.removeReleased(), 1);
});
