import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyNodeSignature } from '@qfs/consensus/local';
import type { SignatureVerifier } from '@qfs/core/exact';
import { RECEIPT_BYTES_MAX, verifyReceipt } from '@qfs/receipts';
import { verifyNobleSignature } from '@qfs/receipts/noble';
import { callOptions } from '@qfs/rpc';
import { settled } from './testing/fake-time.ts';
import { submit } from './testing/submit.ts';
import { CONTEXT, type Process, World } from './testing/world.ts';

const options = callOptions(CONTEXT);

const verify: SignatureVerifier = (algorithm, ...rest) =>
  algorithm === 'Ed25519'
    ? verifyNobleSignature(algorithm, ...rest)
    : verifyNodeSignature(algorithm, ...rest);

const receiptOf = async (process: Process, jobId: string): Promise<Uint8Array> =>
  (await process.gateway.getReceipt({ jobId }, options)).receiptJson;

test('REC-3, REC-11: a receipt waits for a checkpoint, is verified, and is the same when it is asked for again', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const process = world.start();
  const jobId = await submit(process, 'bell');
  await settled();
  await assert.rejects(receiptOf(process, jobId), { code: 'RECEIPT_PENDING' });
  await process.checkpoint();
  const receipt = await receiptOf(process, jobId);
  const verdict = verifyReceipt(receipt, { verify });
  assert.ok(verdict.ok, JSON.stringify(verdict.steps.at(-1)));
  assert.equal(verdict.facts?.jobId, jobId);
  assert.equal(verdict.facts?.finishedIndex, process.store.find(CONTEXT.identity, jobId)?.finishedIndex);
  assert.ok(receipt.length <= RECEIPT_BYTES_MAX, `${receipt.length} bytes`);
  assert.deepEqual(await receiptOf(process, jobId), receipt);
  await process.stop();
});

test('REC-11, REC-14: a job that runs has no receipt, and one that was never accepted is unknown', async (t) => {
  const world = new World();
  t.after(() => world.remove());
  const process = world.start();
  world.devices.otherwise = 'hold';
  const jobId = await submit(process, 'bell');
  await settled();
  await assert.rejects(receiptOf(process, jobId), { code: 'JOB_NOT_TERMINAL' });
  await assert.rejects(
    receiptOf(
      process,
      jobId.replace(/.$/, (end) => (end === '0' ? '1' : '0')),
    ),
    {
      code: 'JOB_NOT_FOUND',
    },
  );
  await process.stop();
});
