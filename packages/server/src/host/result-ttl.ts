import { LOCAL_PRINCIPAL, type LocalLog } from '@qfs/consensus/local';
import { QfsError, type StoreWriter } from '@qfs/core';

/**
 * Makes `REDIS_RESULT_TTL` the retention of the log, on behalf of the local admin, if it says anything else.
 * Unset it changes nothing: the log keeps what it was told before.
 */
export async function adoptResultTtl(
  resultTtlS: number | null,
  { log, writer }: { readonly log: LocalLog; readonly writer: StoreWriter },
): Promise<void> {
  if (resultTtlS === null || log.pace().resultRetentionS === resultTtlS) return;
  const [admin] = await writer.transact([{ operation: 'accounts.ensure', argument: LOCAL_PRINCIPAL }]);
  const body = { on_behalf_of: admin as string, key: 'result_retention_s', value: resultTtlS };
  const [outcome] = await log.propose([{ type: 'CONFIG_SET', body, signed: true }]);
  if (outcome?.outcome === 'ACCEPTED') return;
  const why = outcome?.outcome === 'REJECTED' ? outcome.code : 'it is not known whether it was written';
  throw new QfsError('LOG_ENTRY_REJECTED', `REDIS_RESULT_TTL cannot be put into force: ${why}.`);
}
