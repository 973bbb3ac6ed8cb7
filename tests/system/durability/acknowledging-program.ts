import { join } from 'node:path';
import {
  type Disk,
  openBlobStore,
  openDataDirectory,
  openSqlite,
  startWriter,
  systemClock,
  systemDisk,
  systemRandomness,
} from '@qfs/storage';

/**
 * Makes promises and says so: `acknowledged` on stdout after each commit and each large blob. Run under
 * strace. Arguments: the data directory, and the sync to leave out: `none`, `commit`, `file` or `directory`.
 */
const [root, fault] = process.argv.slice(2);
const directory = openDataDirectory(join(root!, 'data'));
const entry = new URL('./writer-entry.ts', import.meta.url);
const writer = await startWriter({ path: directory.databasePath, entry, settings: fault });
const reader = openSqlite(directory.databasePath, { readOnly: true });
const disk: Disk = {
  ...systemDisk,
  writeNew: (path, bytes, durability, mode) =>
    systemDisk.writeNew(path, bytes, fault === 'file' ? 'cached' : durability, mode),
  syncDirectory: async (path) => {
    if (fault !== 'directory') await systemDisk.syncDirectory(path);
  },
};
const ports = { clock: systemClock, randomness: systemRandomness };
const blobs = openBlobStore({ path: directory.blobsPath, writer, reader, ...ports, disk });

for (let round = 0; round < 3; round += 1) {
  await writer.transact([{ operation: 'promises.make', argument: `promise ${round}` }]);
  process.stdout.write('acknowledged\n');
  const bytes = new Uint8Array(100_000).fill(round);
  const blob = await blobs.prepare('tenant', bytes);
  await writer.transact([{ operation: 'blobs.retain', argument: { tenantId: 'tenant', blob } }]);
  process.stdout.write('acknowledged\n');
}
reader.close();
await writer.close();
directory.release();
