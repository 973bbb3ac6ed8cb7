import type { SqlDatabase, StoreContext } from '@qfs/core';
import { type AccountId, ID_RANDOM_BYTES, newAccountId } from '@qfs/core/exact';

/** Who acts, as the doors know them. Log, receipts and evidence carry the account id only. */
export interface Principal {
  readonly tenant_id: string;
  readonly project_id: string;
  readonly subject: string;
}

/** The principal of a single user on this machine. */
export const LOCAL_PRINCIPAL: Principal = {
  tenant_id: 'tenant-default',
  project_id: 'project-default',
  subject: 'local',
};

/** The account that stands for a principal; drawn at random when first asked for. */
export function ensureAccount(database: SqlDatabase, principal: Principal, context: StoreContext): AccountId {
  const { tenant_id, project_id, subject } = principal;
  const found = database.get<{ account_id: string }>(
    'SELECT account_id FROM accounts WHERE tenant_id = ? AND project_id = ? AND subject = ?',
    tenant_id,
    project_id,
    subject,
  );
  if (found !== undefined) return found.account_id as AccountId;
  const account = newAccountId(context.randomness.bytes(ID_RANDOM_BYTES));
  database.run(
    'INSERT INTO accounts (account_id, tenant_id, project_id, subject, created_at_ms) VALUES (?, ?, ?, ?, ?)',
    account,
    tenant_id,
    project_id,
    subject,
    context.clock.nowMs(),
  );
  return account;
}

/** What is known of an account: its principal too, unless that was deleted. */
export function findAccount(
  database: SqlDatabase,
  argument: { readonly account_id: string },
): { readonly account_id: string } & Partial<Principal> {
  const { account_id } = argument;
  const principal = database.get<{ tenant_id: string; project_id: string; subject: string }>(
    'SELECT tenant_id, project_id, subject FROM accounts WHERE account_id = ?',
    account_id,
  );
  return { account_id, ...principal };
}
