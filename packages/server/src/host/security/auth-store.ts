import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Limits, TokenRecord, TokenStore } from '@qfs/api';
import { type Clock, QfsError } from '@qfs/core';
import { makeDurableDirectory, openSqlite, type SqliteConnection, storeError } from '@qfs/storage';

const SCHEMA_VERSION = 1;
const SCHEMA = `
CREATE TABLE tokens (
  token_id TEXT PRIMARY KEY,
  hash BLOB NOT NULL,
  name TEXT NOT NULL,
  subject TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  roles TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  expires_ms INTEGER,
  last_used_ms INTEGER,
  revoked_ms INTEGER
) STRICT;
CREATE INDEX tokens_by_tenant ON tokens (tenant_id, created_ms);
CREATE TABLE limits (
  tenant_id TEXT NOT NULL,
  project_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, project_id, name)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Limits as they are named in the table and on the command line; those of a project stand under its id. */
export const LIMIT_NAMES = {
  open_jobs: { tenant: 'tenantOpenJobsMax', project: 'projectOpenJobsMax', help: 'jobs that have not ended' },
  requests_per_second: { tenant: 'tenantRequestsPerSecond', help: 'requests per second of all its callers' },
  key_requests_per_second: {
    tenant: 'keyRequestsPerSecond',
    help: 'requests per second of one token or subject',
  },
  shots: { tenant: 'shotsPerJobMax', help: 'shots of one job, over all items and parameter sets' },
  tokens: { tenant: 'tokensMax', help: 'API tokens that can be used' },
} as const satisfies Readonly<Record<string, LimitRow>>;
export type LimitName = keyof typeof LIMIT_NAMES;

interface LimitRow {
  readonly tenant: keyof Limits;
  /** Absent: projects have no such limit. */
  readonly project?: keyof Limits;
  readonly help: string;
}

export interface LimitSetting {
  readonly tenantId: string;
  /** Empty: of the whole tenant. */
  readonly projectId: string;
  readonly name: LimitName;
  readonly value: number;
}

/** How soon another process sees limits that were changed. */
const LIMITS_AGE_MS = 1_000;
/** How soon uses are written. */
const TOUCH_MS = 1_000;

interface TokenRow extends Record<string, null | number | string | Uint8Array> {
  token_id: string;
  hash: Uint8Array;
  name: string;
  subject: string;
  tenant_id: string;
  project_id: string;
  roles: string;
  scopes: string;
  created_ms: number;
  expires_ms: number | null;
  last_used_ms: number | null;
  revoked_ms: number | null;
}

/**
 * Tokens and limits, in a file of their own that every process with doors opens: a revocation by one is seen
 * by all with their next request. What it holds can be deleted, unlike the log.
 */
export class AuthStore implements TokenStore {
  readonly #database: SqliteConnection;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #touched = new Map<string, number>();
  readonly #limits = new Map<string, Limits>();
  #limitsReadMs = Number.NEGATIVE_INFINITY;
  #touching: NodeJS.Timeout | undefined;

  constructor(database: SqliteConnection, clock: Clock, onError: (error: unknown) => void) {
    this.#database = database;
    this.#clock = clock;
    this.#onError = onError;
  }

  isUsed(): boolean {
    return this.#database.get('SELECT 1 FROM tokens LIMIT 1') !== undefined;
  }

  find(tokenId: string): TokenRecord | undefined {
    const row = this.#database.get<TokenRow>('SELECT * FROM tokens WHERE token_id = ?', tokenId);
    return row === undefined ? undefined : recordOf(row);
  }

  list(tenantId: string): readonly TokenRecord[] {
    const sql = 'SELECT * FROM tokens WHERE tenant_id = ? ORDER BY created_ms DESC, token_id';
    return this.#database.all<TokenRow>(sql, tenantId).map(recordOf);
  }

  add(token: TokenRecord, liveMax: number): boolean {
    // One statement, so that processes that add at the same moment cannot exceed the bound together.
    const added = this.#database.run(
      `INSERT INTO tokens SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL WHERE
       (SELECT count(*) FROM tokens
        WHERE tenant_id = ? AND revoked_ms IS NULL AND (expires_ms IS NULL OR expires_ms > ?)) < ?`,
      ...[token.tokenId, token.hash, token.name, token.subject, token.tenantId, token.projectId],
      ...[
        JSON.stringify(token.roles),
        JSON.stringify(token.scopes),
        token.createdMs,
        token.expiresMs ?? null,
      ],
      ...[token.tenantId, token.createdMs, liveMax],
    );
    return added === 1;
  }

  revoke(tenantId: string, tokenId: string, nowMs: number): TokenRecord | undefined {
    const sql =
      'UPDATE tokens SET revoked_ms = ? WHERE token_id = ? AND tenant_id = ? AND revoked_ms IS NULL';
    this.#database.run(sql, nowMs, tokenId, tenantId);
    const token = this.find(tokenId);
    return token?.tenantId === tenantId ? token : undefined;
  }

  touch(tokenId: string, atMs: number): void {
    this.#touched.set(tokenId, atMs);
    this.#touching ??= setTimeout(() => this.#writeTouched(), TOUCH_MS).unref();
  }

  /** What a tenant and a project in it may; a bound of the project is beside that of its tenant. */
  readonly limitsOf = (scope: { readonly tenantId: string; readonly projectId: string }): Limits => {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#limitsReadMs >= LIMITS_AGE_MS) {
      this.#limits.clear();
      this.#limitsReadMs = nowMs;
    }
    const key = `${scope.tenantId}/${scope.projectId}`;
    const known = this.#limits.get(key);
    if (known !== undefined) return known;
    const limits: Partial<Record<keyof Limits, number>> = {};
    for (const { projectId, name, value } of this.limits(scope.tenantId)) {
      const row: LimitRow = LIMIT_NAMES[name];
      if (projectId === '') limits[row.tenant] = value;
      else if (projectId === scope.projectId && row.project !== undefined) limits[row.project] = value;
    }
    this.#limits.set(key, limits);
    return limits;
  };

  limits(tenantId: string): readonly LimitSetting[] {
    const sql = 'SELECT * FROM limits WHERE tenant_id = ? ORDER BY project_id, name';
    return this.#database
      .all<{ tenant_id: string; project_id: string; name: LimitName; value: number }>(sql, tenantId)
      .map(({ tenant_id, project_id, name, value }) => ({
        ...{ tenantId: tenant_id, projectId: project_id, name, value },
      }))
      .filter(({ name }) => Object.hasOwn(LIMIT_NAMES, name));
  }

  /** Sets a limit, or takes it away. */
  setLimit({ tenantId, projectId, name }: Omit<LimitSetting, 'value'>, value: number | undefined): void {
    const [sql, more] =
      value === undefined
        ? ['DELETE FROM limits WHERE tenant_id = ? AND project_id = ? AND name = ?', []]
        : ['INSERT OR REPLACE INTO limits VALUES (?, ?, ?, ?)', [value]];
    this.#database.run(sql, tenantId, projectId, name, ...more);
    this.#limitsReadMs = Number.NEGATIVE_INFINITY;
  }

  close(): void {
    clearTimeout(this.#touching);
    this.#writeTouched();
    this.#database.close();
  }

  #writeTouched(): void {
    this.#touching = undefined;
    if (this.#touched.size === 0) return;
    const database = this.#database;
    try {
      database.exec('BEGIN IMMEDIATE');
      for (const [tokenId, atMs] of this.#touched) {
        database.run('UPDATE tokens SET last_used_ms = ? WHERE token_id = ?', atMs, tokenId);
      }
      database.exec('COMMIT');
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      this.#onError(error);
    }
    this.#touched.clear();
  }
}

const recordOf = (row: TokenRow): TokenRecord => ({
  tokenId: row.token_id,
  hash: new Uint8Array(row.hash),
  name: row.name,
  subject: row.subject,
  tenantId: row.tenant_id,
  projectId: row.project_id,
  roles: JSON.parse(row.roles),
  scopes: JSON.parse(row.scopes),
  createdMs: row.created_ms,
  expiresMs: row.expires_ms ?? undefined,
  lastUsedMs: row.last_used_ms ?? undefined,
  revokedMs: row.revoked_ms ?? undefined,
});

/**
 * Opens `auth.sqlite` in the data directory, which nobody but its owner may read; makes both where they are
 * missing.
 *
 * @throws QfsError STORE_UNAVAILABLE when it cannot be opened, or a newer version wrote it.
 */
export function openAuthStore(dataDir: string, clock: Clock, onError: (error: unknown) => void): AuthStore {
  const path = join(dataDir, 'auth.sqlite');
  try {
    makeDurableDirectory(resolve(dataDir));
    closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    throw storeError(path, error);
  }
  const database = openSqlite(path);
  try {
    migrate(database, path);
    return new AuthStore(database, clock, onError);
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: SqliteConnection, path: string): void {
  const versionOf = () => database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (versionOf() === SCHEMA_VERSION) return;
  if (versionOf() > SCHEMA_VERSION) {
    throw new QfsError('STORE_UNAVAILABLE', `${path} was written by a newer version of QFS. Start that one.`);
  }
  database.exec('BEGIN IMMEDIATE');
  // Another process may have been faster.
  if (versionOf() === 0) database.exec(SCHEMA);
  database.exec('COMMIT');
}
