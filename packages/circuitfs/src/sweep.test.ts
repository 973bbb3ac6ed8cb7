import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BLOB_INLINE_BYTES_MAX } from '@qfs/core';
import { sweepArtifacts } from './sweep.ts';
import { ANA, file, freshJobId, openCircuitFs } from './testing/fixture.ts';

const GRACE_MS = 60_000;

test('ART-14: artifacts of a job that was never accepted go after the grace time; those of an accepted one stay', async (t) => {
  const fs = openCircuitFs(t);
  const [accepted, forgotten, young] = [freshJobId(), freshJobId(), freshJobId()];
  const artifacts = [file('program.qasm'), { name: 'big', data: new Uint8Array(BLOB_INLINE_BYTES_MAX + 1) }];
  const hashes: string[] = [];
  fs.time.ms = Date.now();
  for (const jobId of [accepted, forgotten]) {
    const { handles } = await fs.client.storeArtifacts({ jobId, staged: true, artifacts }, ANA);
    hashes.push(...handles.map((handle) => handle.hash));
  }
  const own = await fs.client.storeArtifact({ jobId: forgotten, staged: true, artifact: file('own') }, ANA);
  await fs.apply('JOB_ACCEPTED', accepted, 0, { 'program.qasm': hashes[0]!, big: hashes[1]! });
  assert.deepEqual(await sweepArtifacts({ ...fs, graceMs: GRACE_MS }), { jobs: 0, files: 0 });
  fs.time.ms += GRACE_MS + 1_000;
  await fs.client.storeArtifact({ jobId: young, staged: true, artifact: file('program.qasm') }, ANA);
  assert.deepEqual(await sweepArtifacts({ ...fs, graceMs: GRACE_MS }), { jobs: 1, files: 0 });
  for (const name of ['program.qasm', 'big'])
    await fs.client.retrieveArtifact({ jobId: accepted, name }, ANA);
  await assert.rejects(fs.client.retrieveArtifact({ handle: own }, ANA), { code: 'ARTIFACT_NOT_FOUND' });
  assert.deepEqual(
    fs.reader.all('SELECT job_id FROM artifact_jobs ORDER BY job_id').map((row) => row.job_id),
    [accepted, young].sort(),
  );
});
