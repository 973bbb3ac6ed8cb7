import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ARTIFACT_BYTES_MAX, BLOB_INLINE_BYTES_MAX, type StoreModule } from '@qfs/core';
import type { Digest } from '@qfs/core/exact';
import { openInlineWriter, openSqlite, systemRandomness } from '../index.ts';
import { blobModule } from './blob-module.ts';
import { openBlobStore } from './blob-store.ts';
import { blobDigestOf } from './digest.ts';
import { type Disk, systemDisk } from './disk.ts';

const START_MS = Date.parse('2030-01-01T00:00:00Z');

/** A store on the real file system with a clock the test owns. */
function openStore(
  t: TestContext,
  disk: Disk = systemDisk,
  path = mkdtempSync(join(tmpdir(), 'qfs-blobs-')),
) {
  const time = { nowMs: START_MS };
  const clock = { nowMs: () => time.nowMs, monotonicMs: () => time.nowMs };
  const databasePath = join(path, 'qfs.sqlite');
  const modules: readonly StoreModule[] = [blobModule];
  const writer = openInlineWriter({ path: databasePath, modules, clock, randomness: systemRandomness });
  const reader = openSqlite(databasePath, { readOnly: true });
  const blobsPath = join(path, 'blobs');
  const blobs = openBlobStore({ path: blobsPath, writer, reader, clock, randomness: systemRandomness, disk });
  t.after(async () => {
    reader.close();
    await writer.close();
    rmSync(path, { recursive: true, force: true });
  });
  const retain = async (tenantId: string, bytes: Uint8Array): Promise<Digest> => {
    const blob = await blobs.prepare(tenantId, bytes);
    await writer.transact([{ operation: 'blobs.retain', argument: { tenantId, blob } }]);
    return blob.digest;
  };
  const release = (tenantId: string, digest: Digest) =>
    writer.transact([{ operation: 'blobs.release', argument: { tenantId, digest } }]);
  const files = (): string[] =>
    readdirSync(blobsPath, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  return { path, blobsPath, time, writer, reader, blobs, retain, release, files };
}

/** Bytes that differ from each other and from zero. */
const sample = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7 + (at >> 8)) & 0xff);

const SMALL = sample(100);
const LARGE = sample(BLOB_INLINE_BYTES_MAX + 1);

for (const size of [0, 1, BLOB_INLINE_BYTES_MAX, BLOB_INLINE_BYTES_MAX + 1, 1_000_000]) {
  test(`ART-9: ${size} bytes come back as they went in, ${size > BLOB_INLINE_BYTES_MAX ? 'as a file' : 'in the database'}`, async (t) => {
    const { blobs, retain, files, blobsPath } = openStore(t);
    const bytes = sample(size);
    const digest = await retain('a', bytes);
    assert.equal(digest, blobDigestOf(bytes));
    assert.deepEqual(new Uint8Array(await blobs.read('a', digest)), bytes);
    const hex = digest.slice('sha256:'.length);
    const expected = size > BLOB_INLINE_BYTES_MAX ? [join(blobsPath, 'sha256', hex.slice(0, 2), hex)] : [];
    const found = size > BLOB_INLINE_BYTES_MAX ? files() : [];
    assert.deepEqual(
      found.map((path) => path.replace(/\.\d+$/, '')),
      expected,
    );
  });
}

test('ART-9: a blob above the limit is refused before anything is written', async (t) => {
  const { blobs } = openStore(t);
  const tooLarge = { byteLength: ARTIFACT_BYTES_MAX + 1 } as Uint8Array;
  await assert.rejects(blobs.prepare('a', tooLarge), { code: 'PAYLOAD_TOO_LARGE' });
});

test("ART-10: tenants neither see nor share each other's bytes", async (t) => {
  const { blobs, retain, release, files } = openStore(t);
  const digest = await retain('a', LARGE);
  assert.equal(blobs.has('a', digest), true);
  assert.equal(blobs.has('b', digest), false);
  await assert.rejects(blobs.read('b', digest), { code: 'ARTIFACT_NOT_FOUND' });
  await retain('b', LARGE);
  assert.equal(files().length, 2);
  await release('a', digest);
  await blobs.sweep(0);
  await assert.rejects(blobs.read('a', digest), { code: 'ARTIFACT_NOT_FOUND' });
  assert.deepEqual(new Uint8Array(await blobs.read('b', digest)), LARGE);
});

test('ART-10: equal bytes of a tenant are kept once, until the last reference is released', async (t) => {
  const { blobs, reader, retain, release, files } = openStore(t);
  for (const bytes of [SMALL, LARGE]) {
    const digest = await retain('a', bytes);
    await retain('a', bytes);
    await release('a', digest);
    assert.deepEqual(new Uint8Array(await blobs.read('a', digest)), bytes);
    await release('a', digest);
    assert.equal(blobs.has('a', digest), false);
  }
  assert.equal(files().length, 1);
  assert.equal(await blobs.sweep(0), 1);
  assert.deepEqual(files(), []);
  assert.equal(reader.get('SELECT count(*) AS removals FROM blob_removals')?.removals, 0);
});

test('two callers that store the same large bytes at once leave one file after the sweep', async (t) => {
  const { blobs, retain, files } = openStore(t);
  const [digest] = await Promise.all([retain('a', LARGE), retain('a', LARGE)]);
  assert.equal(files().length, 2);
  assert.equal(await blobs.sweep(0), 1);
  assert.equal(files().length, 1);
  assert.deepEqual(new Uint8Array(await blobs.read('a', digest)), LARGE);
});

test('bytes that were found present and removed before the commit fail it, so that the caller stores them again', async (t) => {
  const { blobs, writer, retain, release } = openStore(t);
  const digest = await retain('a', LARGE);
  const blob = await blobs.prepare('a', LARGE);
  assert.equal(blob.place.kind, 'present');
  await release('a', digest);
  const argument = { tenantId: 'a', blob };
  await assert.rejects(writer.transact([{ operation: 'blobs.retain', argument }]), {
    code: 'STORE_UNAVAILABLE',
  });
});

test('ART-14: a file whose transaction never came is removed after the grace time, not before', async (t) => {
  const { blobs, time, retain, files } = openStore(t);
  const kept = await retain('a', LARGE);
  await blobs.prepare('a', sample(100_000, 2));
  time.nowMs = Date.now();
  assert.equal(await blobs.sweep(60_000), 0);
  time.nowMs += 120_000;
  assert.equal(await blobs.sweep(60_000), 1);
  assert.equal(files().length, 1);
  assert.deepEqual(new Uint8Array(await blobs.read('a', kept)), LARGE);
});

const DAMAGES: readonly { readonly name: string; readonly damage: (path: string) => void }[] = [
  {
    name: 'one changed byte',
    damage: (path) => {
      const bytes = readFileSync(path);
      bytes[1000]! ^= 1;
      writeFileSync(path, bytes);
    },
  },
  { name: 'a missing end', damage: (path) => writeFileSync(path, readFileSync(path).subarray(0, -1)) },
  { name: 'a missing file', damage: (path) => rmSync(path) },
];

for (const { name, damage } of DAMAGES) {
  test(`ART-11: ${name} on disk is found on reading, put aside, and healed by storing the bytes again`, async (t) => {
    const { blobs, blobsPath, reader, retain, files } = openStore(t);
    const digest = await retain('a', LARGE);
    const [path] = files();
    chmodSync(path!, 0o644);
    damage(path!);
    for (const _reading of [1, 2])
      await assert.rejects(blobs.read('a', digest), { code: 'ARTIFACT_CORRUPT' });
    assert.equal(blobs.has('a', digest), false);
    assert.equal(reader.get('SELECT count(*) AS found FROM blob_quarantine')?.found, 1);
    if (name !== 'a missing file') assert.equal(readdirSync(join(blobsPath, 'quarantine')).length, 1);
    await retain('a', LARGE);
    assert.deepEqual(new Uint8Array(await blobs.read('a', digest)), LARGE);
  });
}

test('ART-11: changed bytes in the database are found on reading, put aside, and healed', async (t) => {
  const { blobs, path, reader, retain } = openStore(t);
  const digest = await retain('a', SMALL);
  const vandal = openSqlite(join(path, 'qfs.sqlite'));
  vandal.run('UPDATE blobs SET data = ?', sample(100, 3));
  vandal.close();
  for (const _reading of [1, 2]) await assert.rejects(blobs.read('a', digest), { code: 'ARTIFACT_CORRUPT' });
  assert.deepEqual(
    new Uint8Array(reader.get<{ data: Uint8Array }>('SELECT data FROM blob_quarantine')!.data),
    sample(100, 3),
  );
  await retain('a', SMALL);
  assert.deepEqual(new Uint8Array(await blobs.read('a', digest)), SMALL);
});

test('ART-22: copies in quarantine go with the last reference to the bytes that they were', async (t) => {
  const { blobs, path, reader, retain, release, files } = openStore(t);
  const digests = [await retain('a', LARGE), await retain('a', SMALL), await retain('b', SMALL)] as const;
  const [file] = files();
  chmodSync(file!, 0o644);
  writeFileSync(file!, sample(LARGE.length, 3));
  const vandal = openSqlite(join(path, 'qfs.sqlite'));
  vandal.run('UPDATE blobs SET data = ? WHERE data IS NOT NULL', sample(100, 3));
  vandal.close();
  const tenants = ['a', 'a', 'b'];
  for (const [index, digest] of digests.entries()) {
    await assert.rejects(blobs.read(tenants[index]!, digest), { code: 'ARTIFACT_CORRUPT' });
  }
  await retain('a', LARGE);
  const inQuarantine = () => reader.get('SELECT count(*) AS found FROM blob_quarantine')?.found;
  assert.deepEqual([inQuarantine(), files().length], [3, 2]);
  await release('a', digests[0]);
  await release('a', digests[1]);
  // The bytes were stored again after they were found corrupt, so somebody still needs them.
  assert.deepEqual([await blobs.removeReleased(), inQuarantine(), files().length], [0, 2, 2]);
  await release('a', digests[0]);
  assert.deepEqual([await blobs.removeReleased(), inQuarantine(), files().length], [2, 1, 0]);
});

test('a disk without room refuses with STORAGE_FULL and keeps nothing of the blob', async (t) => {
  const full: Disk = {
    ...systemDisk,
    writeNew: async (path, bytes, durability, mode) => {
      await systemDisk.writeNew(path, bytes.subarray(0, 10), durability, mode);
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    },
  };
  const { blobs, files } = openStore(t, full);
  await assert.rejects(blobs.prepare('a', LARGE), { code: 'STORAGE_FULL' });
  assert.deepEqual(files(), []);
});

test('ART-12: a disk that fails refuses with STORE_UNAVAILABLE, and the same bytes can be stored once it works', async (t) => {
  let failures = 1;
  const flaky: Disk = {
    ...systemDisk,
    syncDirectory: async (path) => {
      failures -= 1;
      if (failures === 0) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
      await systemDisk.syncDirectory(path);
    },
  };
  const { blobs, retain } = openStore(t, flaky);
  await assert.rejects(blobs.prepare('a', LARGE), { code: 'STORE_UNAVAILABLE' });
  const digest = await retain('a', LARGE);
  assert.deepEqual(new Uint8Array(await blobs.read('a', digest)), LARGE);
});

/**
 * A disk in memory that keeps, beside what programs see, what a power cut would leave: bytes after a sync of
 * the file, names after a sync of their directory.
 */
function forgetfulDisk(skip: { fileSync?: boolean; directorySync?: boolean } = {}) {
  const seen = new Map<string, Uint8Array>();
  const synced = new Map<Uint8Array, boolean>();
  let durable = new Map<string, Uint8Array>();
  const parent = (path: string) => path.slice(0, path.lastIndexOf('/'));
  const directories = new Set<string>(['/blobs']);
  const durableDirectories = new Set<string>(['/blobs']);
  const disk: Disk = {
    async writeNew(path, bytes, durability) {
      seen.set(path, bytes);
      synced.set(bytes, durability === 'synced' && skip.fileSync !== true);
    },
    async rename(from, to) {
      seen.set(to, seen.get(from)!);
      seen.delete(from);
    },
    async syncDirectory(path) {
      if (skip.directorySync === true) return;
      for (const [name, bytes] of seen) if (parent(name) === path) durable.set(name, bytes);
      for (const directory of directories) if (parent(directory) === path) durableDirectories.add(directory);
    },
    async makeDirectory(path) {
      for (let at = path; at !== '/blobs'; at = parent(at)) directories.add(at);
    },
    async read(path) {
      const bytes = seen.get(path);
      if (bytes === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return bytes;
    },
    list: async () => [],
    status: async () => undefined,
    async remove(path) {
      seen.delete(path);
    },
  };
  const reachable = (path: string): boolean => {
    for (let at = parent(path); at !== '/blobs'; at = parent(at))
      if (!durableDirectories.has(at)) return false;
    return true;
  };
  const cutPower = (): void => {
    durable = new Map([...durable].filter(([path]) => reachable(path)));
    seen.clear();
    for (const [path, bytes] of durable) seen.set(path, synced.get(bytes) ? bytes : bytes.subarray(0, 0));
  };
  return { disk, cutPower };
}

async function survivesPowerCut(t: TestContext, skip?: { fileSync?: boolean; directorySync?: boolean }) {
  const { disk, cutPower } = forgetfulDisk(skip);
  const { writer, reader } = openStore(t);
  const clock = { nowMs: () => START_MS, monotonicMs: () => 0 };
  const options = { path: '/blobs', writer, reader, clock, randomness: systemRandomness, disk };
  const blob = await openBlobStore(options).prepare('a', LARGE);
  await writer.transact([{ operation: 'blobs.retain', argument: { tenantId: 'a', blob } }]);
  cutPower();
  return openBlobStore(options)
    .read('a', blob.digest)
    .then(
      () => true,
      () => false,
    );
}

test('ART-9: a large blob survives a power cut, which takes whatever was not synced', async (t) => {
  assert.equal(await survivesPowerCut(t), true);
});

test('without the sync of the file, or of its directories, the same power cut is seen to lose it', async (t) => {
  assert.equal(await survivesPowerCut(t, { fileSync: true }), false);
  assert.equal(await survivesPowerCut(t, { directorySync: true }), false);
});
