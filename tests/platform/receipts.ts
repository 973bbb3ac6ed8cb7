import { call, until } from './platform.ts';

/** What a receipt may take after the end of its job: the two seconds of REC-11, on a busy machine. */
const RECEIPT_MS_MAX = 60_000;

/** The bytes of a job's receipt, once a checkpoint covers its end. */
export const receiptOf = (rest: string, jobId: string): Promise<Uint8Array> =>
  until(`the receipt of ${jobId}`, RECEIPT_MS_MAX, async () => {
    const answer = await call(`${rest}/api/v1/jobs/${jobId}/receipt`);
    if (answer.status === 200) return Buffer.from(answer.text);
    const { code } = answer.json<{ code: string }>();
    if (code !== 'RECEIPT_PENDING') throw new Error(`no receipt of ${jobId}: ${answer.text}`);
    return undefined;
  });
