import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ArchiveDisk, LocalLog, systemArchiveDisk, verifyNodeSignature } from '@qfs/consensus/local';
import { applyLogEntry, openStateMap } from '@qfs/fabric';
import { openDataDirectory, openSqlite, startWriter, systemRandomness } from '@qfs/storage';

/**
 * Appends, certifies, seals and archives, and says `acknowledged` on stdout after each. Run under strace.
 * Arguments: the data directory, and the sync to leave out: `none`, `commit`, `file` or `directory`.
 */
const [root, fault] = process.argv.slice(2);
const directory = openDataDirectory(join(root!, 'data'));
const entry = new URL('./log-writer-entry.ts', import.meta.url);
const writer = await startWriter({ path: directory.databasePath, entry, settings: fault });
const openReader = () => openSqlite(directory.databasePath, { readOnly: true });
const reader = openReader();
const disk: ArchiveDisk = {
  ...systemArchiveDisk,
  write: (path, parts) => systemArchiveDisk.write(path, parts, fault === 'file' ? 'cached' : 'synced'),
  syncDirectory: async (path) => {
    if (fault !== 'directory') await systemArchiveDisk.syncDirectory(path);
  },
};
const log = new LocalLog({
  writer,
  reader,
  openReader,
  directory: directory.path,
  disk,
  applier: (record, state) => applyLogEntry(record, state, verifyNodeSignature),
  stateMap: openStateMap,
  randomness: systemRandomness,
  timers: { after: () => () => undefined },
});
const acknowledge = (): void => void process.stdout.write('acknowledged\n');
const admins =
  "SELECT substr(key, length('governance/admins/') + 1) AS admin FROM state WHERE key LIKE 'governance/admins/%'";
const { admin } = reader.get<{ admin: string }>(admins)!;
const setting = { on_behalf_of: admin, key: 'archive_after_entries', value: 1_000 };
await log.propose([{ type: 'CONFIG_SET', body: setting, signed: true }]);
acknowledge();
for (let round = 0; round < 3; round += 1) {
  await log.propose(Array.from({ length: 400 }, () => ({ type: 'NOOP', body: {} })));
  acknowledge();
}
await writer.transact([{ operation: 'log.checkpoint', argument: {} }]);
acknowledge();
await log.sealStatement('application/vnd.in-toto+json', new Uint8Array(100));
acknowledge();
await log.compact();
acknowledge();
reader.close();
await writer.close();
directory.release();
if (readdirSync(join(directory.path, 'archive')).length !== 1) throw new Error('nothing was archived');
