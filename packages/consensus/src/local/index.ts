/**
 * `@qfs/consensus/local`: the log of one machine, in one SQLite file with everything that is projected from
 * it.
 */

export { LOCAL_PRINCIPAL, type Principal } from './accounts.ts';
export { type ArchiveDisk, systemArchiveDisk } from './archive-disk.ts';
export type { ClosableDatabase, Compaction } from './compact.ts';
export { countEntries, type EntryCount, lastIndex } from './entry-counts.ts';
export { type Identity, readIdentity } from './identity.ts';
export { LocalLog, type LocalLogPorts, type LocalReplayOptions } from './local-log.ts';
export { type LocalLogOptions, localLogModule } from './local-log-module.ts';
export { LogKeeper, type LogKeeperPorts } from './log-keeper.ts';
export { type NodePqcAlgorithm, nodePqcProvider, verifyNodeSignature } from './node-pqc.ts';
export { type PendingEffect, readEffects } from './rows.ts';
