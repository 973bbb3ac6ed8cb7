import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SERVER = 'packages/server/src/main.ts';

/** Makes an API token as the operator does, for example `['--role', 'admin']`. */
export const makeToken = (dataDir: string, ...options: readonly string[]): string =>
  execFileSync(process.execPath, [SERVER, 'token', 'create', '--data-dir', dataDir, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

/** Sets limits as the operator does, for example `['open_jobs=5', '--tenant', 'acme']`. */
export const setLimits = (dataDir: string, ...options: readonly string[]): void =>
  void execFileSync(process.execPath, [SERVER, 'limits', 'set', '--data-dir', dataDir, ...options], {
    stdio: 'ignore',
  });

/** Runs the server's command line to its end. */
export function runToEnd(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const ended = spawnSync(process.execPath, [SERVER, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...environment },
  });
  return { code: ended.status, out: ended.stdout, talk: ended.stderr };
}

export interface AuditLine {
  readonly subject: string;
  readonly tenant: string;
  readonly action: string;
  readonly resource: string;
  readonly outcome: string;
  readonly reason: string;
  readonly request_id: string;
  readonly trace_id: string;
  readonly remote: string;
}

/** Everything that the audit log of a data directory says, in the order of time. */
export function auditText(dataDir: string): string {
  const folder = join(dataDir, 'audit');
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

export const auditLines = (dataDir: string): AuditLine[] =>
  auditText(dataDir)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditLine);

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
