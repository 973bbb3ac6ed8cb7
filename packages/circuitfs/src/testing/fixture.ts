import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Clock, StoreCall, StoreModule, Timers, UnitOfWork } from '@qfs/core';
import { newJobId } from '@qfs/core/exact';
import { type CallContext, callOptions, directClient, QfsService, routerClient } from '@qfs/rpc';
import {
  blobModule,
  type Disk,
  digestBytes,
  openBlobStore,
  openInlineWriter,
  openSqlite,
  systemDisk,
  systemRandomness,
} from '@qfs/storage';
import { artifactModule } from '../artifact-module.ts';
import { createQfsService } from '../qfs-service.ts';

/** Stands where the log stands: publishes the entries of a job to every module. */
const entriesModule: StoreModule = {
  name: 'entries',
  migrations: [],
  operations: {
    'entries.apply': (_database, argument: { type: string; body: unknown }, context) =>
      context.publishApplied({
        ...{ index: 1, term: 1, entryId: 'entry_1', tick: 0, outcome: 'ACCEPTED' },
        ...argument,
      }),
    'accounts.find': () => ({ tenant_id: 'tenant-a', project_id: 'project-1', subject: 'ana' }),
  },
};

export type Names = Readonly<Record<string, string>>;

/** A whole CircuitFS over the real file system, with a clock and timers the test owns. */
export function openCircuitFs(t: TestContext, options: { disk?: Disk; serialised?: boolean } = {}) {
  const path = mkdtempSync(join(tmpdir(), 'qfs-circuitfs-'));
  const time = { ms: Date.parse('2030-01-01T00:00:00Z') };
  const clock: Clock = { nowMs: () => time.ms, monotonicMs: () => time.ms };
  const databasePath = join(path, 'qfs.sqlite');
  const modules = [blobModule, artifactModule, entriesModule];
  const writer = openInlineWriter({ path: databasePath, modules, clock, randomness: systemRandomness });
  const reader = openSqlite(databasePath, { readOnly: true });
  const disk = options.disk ?? systemDisk;
  const blobsPath = join(path, 'blobs');
  const blobs = openBlobStore({ path: blobsPath, writer, reader, clock, randomness: systemRandomness, disk });
  const measured: string[] = [];
  const metrics = {
    count: (name: string, labels: Names) => {
      measured.push(`${name} ${Object.values(labels).join(' ')}`);
    },
    observe: (name: string, labels: Names) => {
      measured.push(`${name} ${Object.values(labels).join(' ')}`);
    },
  };
  const service = createQfsService({ blobs, writer, reader, clock, metrics });
  const client = (options.serialised === true ? routerClient : directClient)(QfsService, service);
  t.after(async () => {
    reader.close();
    await writer.close();
    rmSync(path, { recursive: true, force: true });
  });
  const apply = (type: string, jobId: string, attempt: number, names: Readonly<Record<string, string>>) =>
    writer.transact([entryCall(type, jobId, attempt, names)]);
  return { path, time, clock, writer, reader, blobs, client, measured, apply };
}

/** The entry that gives names to digests, as the log would publish it. */
export function entryCall(type: string, jobId: string, attempt: number, hashes: Names): StoreCall {
  const manifest = Object.entries(hashes).map(
    ([name, hash]) =>
      new Map<string, unknown>([
        ['name', name],
        ['sha256', digestBytes(hash as never)],
        ['size', 1],
        ['type', 'other'],
      ]),
  );
  const body = new Map<string, unknown>([
    ['job_id', jobId],
    ['account', 'acct_a'],
    ['attempt', attempt],
    ['manifest', manifest],
  ]);
  return { operation: 'entries.apply', argument: { type, body } };
}

let jobs = 0;
export const freshJobId = (): string => {
  jobs += 1;
  return newJobId(1_900_000_000_000 + jobs, new Uint8Array(10).fill(jobs));
};

export const as = (tenantId: string, projectId = 'project-1', unitOfWork?: UnitOfWork) =>
  callOptions({
    identity: { tenantId, projectId, subject: 'ana', roles: ['user'] },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    requestId: 'req_1',
    unitOfWork,
  } satisfies CallContext);

export const ANA = as('tenant-a');

export const file = (name: string, text = `the bytes of ${name}`) => ({
  name,
  data: new TextEncoder().encode(text),
});

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Timers that run when the test says so. */
export function heldTimers() {
  const held = new Set<() => void>();
  const timers: Timers = {
    after: (_delayMs, run) => {
      held.add(run);
      return () => held.delete(run);
    },
  };
  const runAll = (): void => {
    const due = [...held];
    held.clear();
    for (const run of due) run();
  };
  return { timers, runAll, count: () => held.size };
}
