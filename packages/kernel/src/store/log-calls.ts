import { QfsError, type SqlDatabase, type StoreContext } from '@qfs/core';
import { type Fencing, nextFencing } from '../lease.ts';
import type { ManifestEntry, Owner } from './rows.ts';

/** What `log.propose` answers per entry. */
interface ProposeOutcome {
  readonly index: number;
  readonly term: number;
  readonly outcome: 'ACCEPTED' | 'REJECTED';
  readonly code?: string;
}

/**
 * Proposes one entry in the running transaction. Every module's projection is written before this returns.
 * @throws QfsError LOG_ENTRY_REJECTED, with the guard's code in the metadata; the transaction rolls back.
 */
export function proposeEntry(
  context: StoreContext,
  type: 'JOB_ACCEPTED' | 'JOB_FINISHED' | 'JOB_EXPIRED' | 'JOB_DELETED',
  body: Readonly<Record<string, unknown>>,
): ProposeOutcome {
  const outcomes = context.call('log.propose', { entries: [{ type, body }] }) as readonly ProposeOutcome[];
  const outcome = outcomes[0];
  if (outcome?.outcome === 'ACCEPTED') return outcome;
  const code = outcome?.code ?? 'UNKNOWN';
  throw new QfsError('LOG_ENTRY_REJECTED', `The log refused ${type} of ${String(body.job_id)}: ${code}.`, {
    metadata: { entry_type: type, guard: code },
  });
}

/** A fresh fencing token, durable with the transaction. */
export function drawFencing(database: SqlDatabase, context: StoreContext): Fencing {
  const { term } = context.call('log.term', {}) as { readonly term: number };
  const last = database.get<{ term: number; n: number }>('SELECT term, n FROM fencing');
  const fencing = nextFencing(last ?? { term: 0, n: 0 }, term);
  database.run('UPDATE fencing SET term = ?, n = ?', fencing.term, fencing.n);
  return fencing;
}

/** The account that stands for the owner in the log. */
export const accountOf = (context: StoreContext, owner: Owner): string =>
  context.call('accounts.ensure', {
    tenant_id: owner.tenantId,
    project_id: owner.projectId,
    subject: owner.subject,
  }) as string;

/** A manifest in the form of the entries. */
export const manifestBody = (manifest: readonly ManifestEntry[]): readonly object[] =>
  manifest.map(({ name, sha256, size, type }) => ({ name, sha256, size, type }));

/** Who an account belongs to: for projecting entries of jobs that were accepted elsewhere. */
export function ownerOfAccount(context: StoreContext, account: string): Owner {
  const found = context.call('accounts.find', { account_id: account }) as Record<string, string>;
  return {
    tenantId: found.tenant_id ?? '',
    projectId: found.project_id ?? '',
    subject: found.subject ?? '',
  };
}
