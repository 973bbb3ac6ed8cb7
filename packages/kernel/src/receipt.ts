import { QfsError } from '@qfs/core';
import { STATEMENT_NAME, STATEMENT_PAYLOAD_TYPE, writeReceipt } from '@qfs/receipts';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { StatementKey } from '@qfs/rpc/fabric';
import type { PipelineRooms } from './pipeline/rooms.ts';
import type { JobRow } from './store/rows.ts';

/**
 * The receipt of an ended job, made of its statement and of what the log proves.
 * @returns the bytes of the receipt: `docs/spec/receipts.md`, clause REC-3
 * @throws QfsError JOB_NOT_TERMINAL, RECEIPT_PENDING, ARTIFACT_NOT_FOUND
 */
export async function receiptOf(
  rooms: PipelineRooms,
  context: CallContext,
  job: JobRow,
): Promise<Uint8Array> {
  const { qfs, log, seals, clusterId } = rooms;
  const { jobId, finishedIndex } = job;
  if (finishedIndex === null) {
    throw new QfsError('JOB_NOT_TERMINAL', `${jobId} is ${job.state}; it has no receipt before it ends.`, {
      metadata: { job_id: jobId, state: job.state },
      retryAfterMs: 1_000,
    });
  }
  const proof = await log.proveEntry({ index: BigInt(finishedIndex) }, callOptions(context));
  const { data: payload } = await qfs.retrieveArtifact({ jobId, name: STATEMENT_NAME }, callOptions(context));
  const seal = await seals.sealStatement(
    { payloadType: STATEMENT_PAYLOAD_TYPE, payload },
    callOptions(context),
  );
  return writeReceipt({
    clusterId,
    jobId,
    envelope: { payloadType: STATEMENT_PAYLOAD_TYPE, payload, signatures: seal.signatures },
    entry: {
      index: finishedIndex,
      term: Number(proof.term),
      previousLink: proof.previousLink,
      bytes: proof.bytes,
    },
    inclusion: { treeSize: Number(proof.treeSize), hashes: proof.hashes },
    checkpoint: {
      statement: proof.checkpoint?.statement ?? new Uint8Array(),
      signatures: proof.checkpoint?.signatures ?? [],
    },
    membership: { genesis: proof.genesis, statementKeys: keysOf(seal.statementKey) },
  });
}

const keysOf = (key: StatementKey | undefined) => (key === undefined ? [] : [key]);
