import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { artifactModule } from '@qfs/circuitfs';
import { localLogModule, nodePqcProvider, readEffects } from '@qfs/consensus/local';
import { BLOB_INLINE_BYTES_MAX, type StoreCall, type StoreWriter } from '@qfs/core';
import { newJobId } from '@qfs/core/exact';
import { openStateMap, PROTOCOL_LEVEL } from '@qfs/fabric';
import { jobStoreModule } from '@qfs/kernel/store';
import {
  blobModule,
  systemClock as clock,
  digestBytes,
  openBlobStore,
  openInlineWriter,
  openSqlite,
  systemRandomness as randomness,
} from '@qfs/storage';
import { applier } from './applier.ts';
import { Effects } from './effects.ts';

const TENANT = { tenantId: 'tenant-default', projectId: 'project-default', subject: 'local' };
const LARGE = new Uint8Array(BLOB_INLINE_BYTES_MAX + 1);

/** A data directory that processes are started over, one after another. */
class Directory {
  readonly path = mkdtempSync(join(tmpdir(), 'qfs-effects-'));
  #jobs = 0;

  constructor(t: TestContext) {
    t.after(() => rmSync(this.path, { recursive: true, force: true }));
  }

  open() {
    const path = join(this.path, 'qfs.sqlite');
    const log = localLogModule({
      ...{ applier, stateMap: openStateMap, pqc: nodePqcProvider(), level: PROTOCOL_LEVEL },
    });
    const modules = [blobModule, log, jobStoreModule(), artifactModule];
    const writer = openInlineWriter({ path, modules, clock, randomness });
    const reader = openSqlite(path, { readOnly: true });
    const blobs = openBlobStore({ path: join(this.path, 'blobs'), writer, reader, clock, randomness });
    const count = (table: string): number =>
      reader.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`)!.rows;
    return {
      writer,
      reader,
      blobs,
      /** Effects, blobs and files that are left. */
      left: () => [readEffects(reader, 1_000).length, count('blobs'), this.files()],
      async close() {
        reader.close();
        await writer.close();
      },
    };
  }

  /** Files of blobs. */
  files(): number {
    const entries = readdirSync(join(this.path, 'blobs'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length;
  }

  /** Deletes a new job that has ended, and has one large artifact of its own; what follows is not done. */
  async deleteJob({ writer, blobs }: ReturnType<Directory['open']>): Promise<void> {
    this.#jobs += 1;
    const jobId = newJobId(1_900_000_000_000 + this.#jobs, new Uint8Array(10));
    const blob = await blobs.prepare(TENANT.tenantId, LARGE.with(0, this.#jobs));
    const name = 'results.json';
    const artifacts = [{ name, type: 'results', contentType: 'application/json', blob }];
    const store = { ...TENANT, jobId, attempt: 1, staged: true, artifacts };
    const [account] = await writer.transact([
      {
        operation: 'accounts.ensure',
        argument: { tenant_id: TENANT.tenantId, project_id: TENANT.projectId, subject: TENANT.subject },
      },
    ]);
    const job = { job_id: jobId };
    const manifest = [{ name, sha256: digestBytes(blob.digest), size: blob.size, type: 'results' }];
    const acceptance = { target: 'sim:local', priority: 50, seed: 1, attempts_max: 1, manifest: [] };
    const end = { attempt: 1, state: 'DONE', manifest };
    await writer.transact([
      { operation: 'artifacts.store', argument: store },
      entry('JOB_ACCEPTED', { ...job, account, ...acceptance, accepted_at_ms: 1 }),
    ]);
    const [{ term }] = (await writer.transact([{ operation: 'log.term', argument: {} }])) as [
      { term: number },
    ];
    await writer.transact([
      entry('JOB_FINISHED', { ...job, ...end, fencing: { term, n: 1 }, finished_at_ms: 2 }),
      entry('JOB_DELETED', { ...job, account, deleted_at_ms: 3 }),
    ]);
  }
}

const entry = (type: string, body: object): StoreCall => ({
  operation: 'log.propose',
  argument: { entries: [{ type, body }] },
});

/** Effects over an open directory, with timers that the test owns. */
function effectsOver(
  { writer, reader, blobs }: ReturnType<Directory['open']>,
  through: StoreWriter = writer,
) {
  const errors: unknown[] = [];
  const timers: (() => void)[] = [];
  const effects = new Effects({
    writer: through,
    reader,
    timers: {
      after: (_ms, run) => {
        timers.push(run);
        return () => timers.splice(timers.indexOf(run), 1);
      },
    },
    tidyUp: () => blobs.removeReleased(),
    onError: (error) => errors.push(error),
  });
  return { effects, errors, timers };
}

test('ART-22: a process that dies between the entry and its effect leaves it to the next start', async (t) => {
  const directory = new Directory(t);
  const first = directory.open();
  await directory.deleteJob(first);
  assert.deepEqual(first.left(), [1, 1, 1]);
  await first.close();

  const second = directory.open();
  assert.deepEqual(second.left(), [1, 1, 1]);
  const { effects, errors } = effectsOver(second);
  effects.start();
  await effects.stop();
  assert.deepEqual([second.left(), errors], [[0, 0, 1], []]);
  await second.close();

  // It was stopped before it removed the file: that is made up for as well.
  const third = directory.open();
  const next = effectsOver(third);
  next.effects.start();
  while (directory.files() > 0) await turn();
  await next.effects.stop();
  assert.deepEqual([third.left(), next.errors], [[0, 0, 0], []]);
  await third.close();
});

test('ART-22: more effects than one pass takes are carried out at one waking, and none while there are none', async (t) => {
  const directory = new Directory(t);
  const process = directory.open();
  for (let job = 0; job < 70; job += 1) await directory.deleteJob(process);
  assert.deepEqual(process.left(), [70, 70, 70]);
  const { effects, errors } = effectsOver(process);
  effects.wake();
  while (directory.files() > 0) await turn();
  effects.wake();
  await effects.stop();
  assert.deepEqual([process.left(), errors], [[0, 0, 0], []]);
  await process.close();
});

test('ART-22: an effect that could not be carried out stays in the queue and is tried again', async (t) => {
  const directory = new Directory(t);
  const process = directory.open();
  await directory.deleteJob(process);
  const away = new Error('away');
  let isAway = true;
  const { effects, errors, timers } = effectsOver(process, {
    transact: (calls) => (isAway ? Promise.reject(away) : process.writer.transact(calls)),
  });
  effects.wake();
  while (timers.length === 0) await turn();
  // Commits of others do not make it try sooner.
  effects.wake();
  assert.deepEqual([process.left(), errors], [[1, 1, 1], [away]]);
  isAway = false;
  timers[0]!();
  while (directory.files() > 0) await turn();
  await effects.stop();
  assert.deepEqual([process.left(), errors], [[0, 0, 0], [away]]);
  await process.close();
});
