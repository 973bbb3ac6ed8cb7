import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8, utf8Decode } from '@qfs/core/exact';
import { callOptions } from '@qfs/rpc';
import { JobState } from '@qfs/rpc/api';
import { JOB_STATE_NAMES } from './states.ts';
import { settled } from './testing/fake-time.ts';
import { CONTEXT, World } from './testing/world.ts';

test('a job goes from acceptance over compiler and device to durable results', async () => {
  const world = new World();
  const process = world.start();
  const options = callOptions(CONTEXT);
  const accepted = await process.gateway.enqueueJob(
    {
      name: 'bell',
      program: utf8('bell'),
      programFormat: 'openqasm3',
      priority: 50,
      sourceDoor: 'rest',
      seed: 7n,
    },
    options,
  );
  assert.equal(accepted.state, JobState.PENDING);
  const seen: string[] = [];
  for await (const update of process.gateway.streamJobUpdates({ jobId: accepted.jobId }, options)) {
    seen.push(`${update.eventSeq} ${JOB_STATE_NAMES[update.state - 1]} ${update.attempt}`);
  }
  await settled();
  assert.deepEqual(process.errors, []);
  assert.deepEqual(seen, ['1 PENDING 0', '2 COMPILING 0', '3 QUEUED 0', '4 RUNNING 1', '5 DONE 1']);
  const { handles } = await process.qfs.listArtifacts({ jobId: accepted.jobId }, options);
  assert.deepEqual(
    handles.map(({ name }) => name),
    ['compiled.aqo.json', 'compiled.qasm', 'job.yaml', 'meta.json', 'program.qasm', 'results.json'],
  );
  const yaml = await process.qfs.retrieveArtifact({ jobId: accepted.jobId, name: 'job.yaml' }, options);
  console.log(utf8Decode(yaml.data));
  await process.stop();
  world.remove();
});
