import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Disk, systemDisk } from '@qfs/storage';
import { openDirectoryView } from './directory-view.ts';
import { ANA, file, freshJobId, heldTimers, openCircuitFs } from './testing/fixture.ts';

function openWithView(t: TestContext, options: { disk?: Disk; isBusy?: () => boolean } = {}) {
  const fs = openCircuitFs(t);
  const path = join(fs.path, 'circuit_fs');
  const clock = heldTimers();
  const errors: unknown[] = [];
  const open = () =>
    openDirectoryView({
      ...{ path, reader: fs.reader, blobs: fs.blobs, timers: clock.timers },
      onError: (error) => errors.push(error),
      ...options,
    });
  const shown = (jobId: string): Record<string, string> => {
    const root = join(path, jobId);
    if (!existsSync(root)) return {};
    const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
    return Object.fromEntries(paths.map((at) => [at.slice(root.length + 1), readFileSync(at, 'utf8')]));
  };
  const store = async (...names: string[]): Promise<string> => {
    const jobId = freshJobId();
    await fs.client.storeArtifacts({ jobId, artifacts: names.map((name) => file(name)) }, ANA);
    return jobId;
  };
  return { ...fs, viewPath: path, view: open(), open, shown, store, errors, held: clock };
}

test('ART-15: finished names appear as read-only files, earlier attempts below attempts/', async (t) => {
  const { client, view, viewPath, shown, store, apply } = openWithView(t);
  const jobId = await store('program.qasm', 'logs/kernel.log');
  const output = (attempt: number) => ({
    jobId,
    attempt,
    staged: true,
    artifact: file('results.json', `${attempt}`),
  });
  await client.storeArtifact(output(1), ANA);
  const { hash } = await client.storeArtifact(output(2), ANA);
  assert.equal(view.backlog(), 1);
  await apply('JOB_FINISHED', jobId, 2, { 'results.json': hash });
  await view.flush();
  assert.deepEqual(shown(jobId), {
    'attempts/1/results.json': '1',
    'logs/kernel.log': 'the bytes of logs/kernel.log',
    'program.qasm': 'the bytes of program.qasm',
    'results.json': '2',
  });
  assert.equal(statSync(join(viewPath, jobId, 'program.qasm')).mode & 0o777, 0o444);
  assert.equal(view.backlog(), 0);
});

test('ART-15: what the attempt under way has staged is shown once it has its name, and nowhere else', async (t) => {
  const { client, view, shown, store, apply } = openWithView(t);
  const jobId = await store('program.qasm');
  const compiled = (attempt: number) => ({ jobId, attempt, staged: true, artifact: file('compiled.qasm') });
  const program = { 'program.qasm': 'the bytes of program.qasm' };
  const { hash } = await client.storeArtifact(compiled(1), ANA);
  await view.flush();
  assert.deepEqual(shown(jobId), program);
  await client.storeArtifact(compiled(2), ANA);
  await view.rebuild(jobId);
  assert.deepEqual(shown(jobId), { ...program, 'attempts/1/compiled.qasm': 'the bytes of compiled.qasm' });
  await apply('JOB_FINISHED', jobId, 1, { 'compiled.qasm': hash });
  await view.flush();
  assert.deepEqual(shown(jobId), { ...program, 'compiled.qasm': 'the bytes of compiled.qasm' });
});

test('ART-15: waking shows soon what was committed, in one go however often it is woken', async (t) => {
  const { view, shown, store, held } = openWithView(t);
  const jobId = await store('a');
  view.wake();
  view.wake();
  assert.equal(held.count(), 1);
  assert.deepEqual(shown(jobId), {});
  held.runAll();
  await view.flush();
  assert.deepEqual(shown(jobId), { a: 'the bytes of a' });
});

/** Waits for what happens in the background, however long the machine takes. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

test('what an earlier process left unshown is shown without being asked for', async (t) => {
  const { open, view, shown, store, held } = openWithView(t);
  await view.close();
  const jobId = await store('a');
  const later = open();
  held.runAll();
  await until(() => later.backlog() === 0);
  assert.deepEqual(shown(jobId), { a: 'the bytes of a' });
});

test('while jobs want the machine one job is shown per pause, and a flush does not wait', async (t) => {
  const { view, shown, store, held } = openWithView(t, { isBusy: () => true });
  const [first, second] = [await store('a'), await store('b')];
  held.runAll();
  await until(() => held.count() === 1);
  assert.deepEqual([shown(first), shown(second)], [{}, {}]);
  held.runAll();
  await until(() => held.count() === 1);
  assert.deepEqual([shown(first), shown(second)], [{ a: 'the bytes of a' }, {}]);
  held.runAll();
  await view.flush();
  assert.deepEqual(shown(second), { b: 'the bytes of b' });
});

test('after a clean end the view goes on where it was, after any other it looks at everything again', async (t) => {
  const { open, view, viewPath, shown, store } = openWithView(t);
  const jobId = await store('a', 'b');
  await view.flush();
  const cut = join(viewPath, jobId, 'a');
  chmodSync(cut, 0o644);
  truncateSync(cut, 3);
  await view.close();
  const second = open();
  await second.flush();
  assert.equal(shown(jobId).a, 'the', 'a clean end was not believed');
  const afterCrash = open();
  await afterCrash.flush();
  assert.equal(shown(jobId).a, 'the bytes of a');
});

test('ART-16: a view that is deleted comes back, one job at once and the rest with the next start', async (t) => {
  const { open, view, viewPath, shown, store } = openWithView(t);
  const [first, second] = [await store('a'), await store('b')];
  await view.flush();
  rmSync(viewPath, { recursive: true });
  await view.rebuild(first);
  assert.deepEqual([shown(first), shown(second)], [{ a: 'the bytes of a' }, {}]);
  const third = await store('c');
  await view.flush();
  assert.deepEqual(shown(third), { c: 'the bytes of c' });
  await open().flush();
  assert.deepEqual(shown(second), { b: 'the bytes of b' });
});

test('ART-16: rebuilding replaces what somebody changed', async (t) => {
  const { view, viewPath, shown, store } = openWithView(t);
  const jobId = await store('a');
  await view.flush();
  chmodSync(join(viewPath, jobId, 'a'), 0o644);
  writeFileSync(join(viewPath, jobId, 'a'), 'something else');
  writeFileSync(join(viewPath, jobId, 'b'), 'not of this job');
  await view.rebuild(jobId);
  assert.deepEqual(shown(jobId), { a: 'the bytes of a' });
  await view.rebuild(freshJobId());
});

test('ART-16: an artifact that cannot be shown is reported and holds no other up', async (t) => {
  const { view, shown, store, errors } = openWithView(t);
  const jobId = await store('a', 'a/b', 'c');
  await view.flush();
  assert.deepEqual(shown(jobId), { a: 'the bytes of a', c: 'the bytes of c' });
  assert.equal(errors.length, 1);
});

test('ART-16: on a full disk one try is made per pause, however many commits wake the view', async (t) => {
  const disk: Disk = {
    ...systemDisk,
    writeNew: () => Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })),
  };
  const { view, store, held, errors } = openWithView(t, { disk });
  await store('a');
  for (let k = 0; k < 5; k += 1) {
    view.wake();
    held.runAll();
  }
  await until(() => held.count() === 1);
  view.wake();
  assert.deepEqual([errors.length, held.count()], [1, 1]);
});

test('ART-16: on a full disk the view waits and goes on when there is room', async (t) => {
  let full = true;
  const disk: Disk = {
    ...systemDisk,
    writeNew: async (...call) => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
      await systemDisk.writeNew(...call);
    },
  };
  const { view, shown, store } = openWithView(t, { disk });
  const jobId = await store('a');
  await assert.rejects(view.flush(), { code: 'STORAGE_FULL' });
  assert.equal(view.backlog(), 1);
  full = false;
  await view.flush();
  assert.deepEqual(shown(jobId), { a: 'the bytes of a' });
});

test('ART-21: what a job gave up goes from the view, also when that happened while nobody looked', async (t) => {
  const { client, view, open, shown, apply, store, viewPath, errors } = openWithView(t);
  const names = ['program.qasm', 'logs/kernel.log', 'statement.json'];
  const [expired, deleted, kept] = [await store(...names), await store(...names), await store(...names)];
  const staged = { jobId: expired, attempt: 1, staged: true, artifact: file('results.json') };
  await client.storeArtifact(staged, ANA);
  await client.storeArtifact({ ...staged, attempt: 2, artifact: file('results.json', 'newer') }, ANA);
  await view.flush();
  assert.ok('attempts/1/results.json' in shown(expired));
  await view.close();
  await apply('JOB_EXPIRED', expired, 0, {});
  await apply('JOB_DELETED', deleted, 0, {});
  const next = open();
  await next.flush();
  assert.deepEqual(Object.keys(shown(expired)), ['statement.json']);
  assert.deepEqual(existsSync(join(viewPath, deleted)), false);
  assert.equal(Object.keys(shown(kept)).length, 3);
  await next.rebuild(deleted);
  assert.deepEqual(shown(deleted), {});
  assert.deepEqual(errors, []);
  await next.close();
});
