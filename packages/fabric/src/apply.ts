import {
  type Applied,
  assert,
  decodeEntry,
  type LogRecord,
  NO_CLUSTER_ID,
  type SignatureVerifier,
  type StateReader,
  signedMessage,
  unhex,
} from '@qfs/core/exact';
import { read } from './codec.ts';
import { ENTRY_TYPES } from './entries/index.ts';
import type { EntryType } from './entry-type.ts';
import {
  CLUSTER,
  CLUSTER_KEY,
  CONTEXT,
  CONTEXT_KEY,
  type ContextRecord,
  KEY,
  type KeyRecord,
  keyKey,
} from './records.ts';
import { type Rejection, reject } from './rejections.ts';
import { readState, Transaction } from './transaction.ts';

/** The newest protocol level that this fabric can judge by. */
export const PROTOCOL_LEVEL = 1;

const FIRST_TYPE = 'GENESIS';

/** What holds while GENESIS is judged. */
const BEFORE_GENESIS: ContextRecord = {
  tick: 0,
  epoch: 0,
  epochEndTick: 0,
  level: PROTOCOL_LEVEL,
  configHash: new Uint8Array(32),
};

/**
 * The state machine: the only way in which an entry changes anything. A function of its arguments, equal on
 * every node and at every replay. It answers whatever the bytes hold, and throws only for a state that is
 * broken or of a level that it does not know.
 */
export function applyLogEntry(record: LogRecord, state: StateReader, verify: SignatureVerifier): Applied {
  const decoded = decodeEntry(record.bytes);
  if (!decoded.ok) return { outcome: 'REJECTED', ...reject('MALFORMED', decoded.error) };
  const entry = decoded.value;
  const standing = readState(state, CONTEXT_KEY, CONTEXT);
  const { tick: tickBefore, epoch, configHash, level } = standing ?? BEFORE_GENESIS;
  assert(level <= PROTOCOL_LEVEL, () => `the log is at protocol level ${level}, which needs a newer QFS`);
  const tick = later(tickBefore, entry.tick);
  const { index, term } = record;
  const context = { term, index, entryId: entry.entryId, tick, epoch, configHash };
  const transaction = new Transaction(context, record, entry, state);
  const refused = judge(transaction, standing, state, verify);
  if (refused !== undefined) return { outcome: 'REJECTED', ...refused, entry };
  if (standing !== undefined && tick > tickBefore) {
    transaction.put(CONTEXT_KEY, CONTEXT, { ...standing, tick });
  }
  return { outcome: 'ACCEPTED', entry, writes: transaction.writes(), effects: transaction.effects() };
}

function later(a: number, b: number): number {
  if (a > b) return a;
  return b;
}

/** The checks in the order of `docs/spec/log.md`, clause LOG-11; the first that fails names the rejection. */
function judge(
  transaction: Transaction,
  standing: ContextRecord | undefined,
  state: StateReader,
  verify: SignatureVerifier,
): Rejection | undefined {
  const { entry, record } = transaction;
  const first = entry.type === FIRST_TYPE;
  if (first && (standing !== undefined || record.index !== 1)) {
    return reject('GENESIS_MISPLACED', `it came at index ${record.index}`);
  }
  if (!first && standing === undefined) return reject('GENESIS_MISSING', `${entry.type} came first`);
  const inForce = standing?.level ?? PROTOCOL_LEVEL;
  const type = ENTRY_TYPES.get(entry.type);
  if (type === undefined || type.level > entry.level) {
    return reject('TYPE_UNKNOWN', `level ${entry.level} has no type ${entry.type}`);
  }
  if (entry.level > inForce) {
    return reject('LEVEL_NOT_IN_FORCE', `the entry asks for level ${entry.level}, in force is ${inForce}`);
  }
  const body = read(type.body, entry.body);
  if (!body.ok) return reject('BODY_INVALID', body.error);
  return checkKey(type, body.value, transaction, state, verify) ?? type.apply(body.value, transaction);
}

function checkKey(
  type: EntryType<unknown>,
  body: unknown,
  transaction: Transaction,
  state: StateReader,
  verify: SignatureVerifier,
): Rejection | undefined {
  const { entry, record } = transaction;
  const key: KeyRecord | undefined =
    type.keyOf === undefined ? readState(state, keyKey(entry.keyId), KEY) : type.keyOf(body, entry.keyId);
  if (key === undefined || key.nodeId !== entry.actor) {
    return reject('KEY_UNKNOWN', `${entry.keyId} is not a key of ${entry.actor}`);
  }
  if (entry.signature === undefined) {
    return type.signature === 'optional'
      ? undefined
      : reject('SIGNATURE_MISSING', `${type.type} must be signed`);
  }
  const message = signedMessage(clusterIdBytes(state), record.bytes, entry);
  return verify(key.algorithm, key.spki, message, entry.signature)
    ? undefined
    : reject('SIGNATURE_INVALID', `${entry.keyId} did not sign these bytes`);
}

function clusterIdBytes(state: StateReader): Uint8Array {
  const cluster = readState(state, CLUSTER_KEY, CLUSTER);
  if (cluster === undefined) return NO_CLUSTER_ID;
  const bytes = unhex(cluster.clusterId);
  assert(bytes.ok, () => `the cluster id ${cluster.clusterId} is not hexadecimal`);
  return bytes.value;
}
