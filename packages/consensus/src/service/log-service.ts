import { QfsError } from '@qfs/core';
import type { LogService, SealService, ServiceImpl } from '@qfs/rpc';
import type { Log, LogProofs } from '../log.ts';
import { type LogChecks, replayMessages, verifyMessages } from './checks.ts';
import { entryMessage, proofMessage, statusMessage } from './messages.ts';

export interface LogServicePorts {
  readonly log: Log & LogProofs;
  readonly checks: LogChecks;
}

/** Handlers of `fabric.v1.LogService`: the log for its readers. */
export const createLogService = ({ log, checks }: LogServicePorts): ServiceImpl<typeof LogService> => ({
  getLogStatus: async () => statusMessage(await log.status()),
  readLog: ({ from, to, follow, types }, { signal }) =>
    readLog(log, { from: Number(from), to: Number(to), follow, types: new Set(types) }, signal),
  verifyLog: ({ from }, { signal }) => verifyLog(log, checks, from, signal),
  replayLog: ({ from }, { signal }) => replayMessages(log, checks, Number(from), signal),
  proveEntry: async ({ index }) => {
    const proof = await log.prove(Number(index));
    if (proof !== undefined) return proofMessage(proof);
    const { appliedIndex } = await log.status();
    if (index >= 1n && index <= BigInt(appliedIndex)) throw pending(Number(index));
    throw unknown(index, appliedIndex);
  },
});

const unknown = (index: bigint, appliedIndex: number): QfsError =>
  new QfsError('LOG_INDEX_UNKNOWN', `The log has the entries 1 to ${appliedIndex}, not ${index}.`);

async function* verifyLog(log: Log, checks: LogChecks, from: bigint, signal: AbortSignal) {
  const { appliedIndex } = await log.status();
  if (from > BigInt(appliedIndex)) throw unknown(from, appliedIndex);
  yield* verifyMessages(log, checks, Math.max(1, Number(from)), signal);
}

/** Handlers of `fabric.v1.SealService`, which no door passes on. */
export const createSealService = (log: LogProofs): ServiceImpl<typeof SealService> => ({
  sealStatement: async ({ payloadType, payload }) => {
    const { signatures, statementKey } = await log.sealStatement(payloadType, payload);
    return { signatures: signatures.map((one) => ({ ...one })), statementKey: { ...statementKey } };
  },
});

const RETRY_MS = 500;

const pending = (index: number): QfsError =>
  new QfsError('RECEIPT_PENDING', `No checkpoint covers entry ${index} yet.`, { retryAfterMs: RETRY_MS });

interface ReadOptions {
  /** 0: the newest entry. */
  readonly from: number;
  /** 0: no bound. */
  readonly to: number;
  readonly follow: boolean;
  /** Empty: all. */
  readonly types: ReadonlySet<string>;
}

async function* readLog(log: Log, { from, to, follow, types }: ReadOptions, signal: AbortSignal) {
  const { appliedIndex } = await log.status();
  const first = from === 0 ? appliedIndex : from;
  const last = follow ? to || Number.MAX_SAFE_INTEGER : Math.min(to || appliedIndex, appliedIndex);
  if (first > last) return;
  for await (const entry of log.tail(first, signal)) {
    if (entry.index > last) return;
    if (types.size === 0 || types.has(entry.type)) yield entryMessage(entry);
    if (entry.index === last) return;
  }
}
