import {
  type Applied,
  assert,
  decodeEntry,
  type LogRecord,
  type SignatureVerifier,
  type StateReader,
  signedMessage,
} from '@qfs/core/exact';
import { read } from './codec.ts';
import type { EntryType } from './entry-type.ts';
import { PROTOCOL, type Protocol, typeAt } from './protocol.ts';
import { CONTEXT, CONTEXT_KEY, type ContextRecord, KEY, type KeyRecord, keyKey } from './records.ts';
import { type Rejection, reject } from './rejections.ts';
import { readState, Transaction } from './transaction.ts';

const FIRST_TYPE = 'GENESIS';

/**
 * The state machine: the only way in which an entry changes anything. A function of its arguments, equal on
 * every node and at every replay. It answers whatever the bytes hold, and throws only for a state that is
 * broken and for a log at a level that the protocol does not know.
 */
export function applyLogEntry(
  record: LogRecord,
  state: StateReader,
  verify: SignatureVerifier,
  protocol: Protocol = PROTOCOL,
): Applied {
  const standing = readState(state, CONTEXT_KEY, CONTEXT);
  if (standing !== undefined) checkKnown(standing.level, protocol);
  const decoded = decodeEntry(record.bytes);
  if (!decoded.ok) return { outcome: 'REJECTED', ...reject('MALFORMED', decoded.error) };
  const entry = decoded.value;
  const { index, term } = record;
  const { epoch, configHash } = standing ?? BEFORE_GENESIS;
  const tick = Math.max(standing?.tick ?? 0, entry.tick);
  const context = { term, index, entryId: entry.entryId, tick, epoch, configHash };
  const transaction = new Transaction(context, { record, entry, state, verify });
  const refused = judge(transaction, standing, protocol);
  if (refused !== undefined) return { outcome: 'REJECTED', ...refused, entry };
  if (standing !== undefined && tick > standing.tick) {
    transaction.put(CONTEXT_KEY, CONTEXT, { ...transaction.existing(CONTEXT_KEY, CONTEXT), tick });
  }
  return { outcome: 'ACCEPTED', entry, writes: transaction.writes(), effects: transaction.effects() };
}

/** What holds while GENESIS is judged. */
const BEFORE_GENESIS = { epoch: 0, configHash: new Uint8Array(32) };

/** Rules that this binary does not have may judge otherwise, so it must not judge at all. */
function checkKnown(level: number, protocol: Protocol): void {
  assert(level <= protocol.level, () => `the log is at protocol level ${level}, which needs a newer QFS`);
}

/** The checks in the order of `docs/spec/log.md`, clause LOG-11; the first that fails names the rejection. */
function judge(
  transaction: Transaction,
  standing: ContextRecord | undefined,
  protocol: Protocol,
): Rejection | undefined {
  const { entry, record } = transaction;
  const first = entry.type === FIRST_TYPE;
  if (first && (standing !== undefined || record.index !== 1)) {
    return reject('GENESIS_MISPLACED', `it came at index ${record.index}`);
  }
  if (!first && standing === undefined) return reject('GENESIS_MISSING', `${entry.type} came first`);
  if (standing === undefined) checkKnown(entry.level, protocol);
  else if (entry.level > standing.level) {
    return reject(
      'LEVEL_NOT_IN_FORCE',
      `the entry asks for level ${entry.level}, in force is ${standing.level}`,
    );
  }
  const type = typeAt(protocol, entry.type, entry.level);
  if (type === undefined) return reject('TYPE_UNKNOWN', `level ${entry.level} has no type ${entry.type}`);
  const body = read(type.body, entry.body);
  if (!body.ok) return reject('BODY_INVALID', body.error);
  return checkKey(type, body.value, transaction) ?? type.apply(body.value, transaction);
}

function checkKey(type: EntryType<unknown>, body: unknown, transaction: Transaction): Rejection | undefined {
  const { entry, record } = transaction;
  const key: KeyRecord | undefined =
    type.keyOf === undefined ? transaction.get(keyKey(entry.keyId), KEY) : type.keyOf(body, entry.keyId);
  if (key === undefined || key.nodeId !== entry.actor) {
    return reject('KEY_UNKNOWN', `${entry.keyId} is not a key of ${entry.actor}`);
  }
  if (entry.signature === undefined) {
    return type.signature === 'optional'
      ? undefined
      : reject('SIGNATURE_MISSING', `${type.type} must be signed`);
  }
  const message = signedMessage(transaction.clusterId(), record.bytes, entry);
  return transaction.verifies(key, message, entry.signature)
    ? undefined
    : reject('SIGNATURE_INVALID', `${entry.keyId} did not sign these bytes`);
}
