/**
 * `@qfs/consensus/local`: the log of one machine, in one SQLite file with everything that is projected from
 * it.
 */
export { LOCAL_PRINCIPAL, type Principal } from './accounts.ts';
export { type Identity, readIdentity } from './identity.ts';
export { LocalLog, type LocalLogPorts } from './local-log.ts';
export { type LocalLogOptions, localLogModule } from './local-log-module.ts';
export { type NodePqcAlgorithm, nodePqcProvider, verifyNodeSignature } from './node-pqc.ts';
export { type PendingEffect, readEffects } from './rows.ts';
