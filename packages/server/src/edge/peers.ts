import { QfsError } from '@qfs/core';
import type { Tracer } from '@qfs/rpc';
import type { Configuration } from '../config/index.ts';
import { type EdgeCredentials, type EdgeFiles, edgeCredentials } from './credentials.ts';
import { connectRole, type RemoteRole } from './edge-client.ts';
import { isRole, ROLE_ALIASES, ROLE_TABLE, ROLES, type Role } from './role-table.ts';

/** The roles of this process. */
export function heldRoles(config: Configuration): ReadonlySet<Role> {
  const held = config.roles.map((name) => ROLE_ALIASES[name] ?? name).filter(isRole);
  if (held.length > 0) return new Set(ROLES.filter((role) => held.includes(role)));
  throw new QfsError('REQUEST_INVALID', `QFS_ROLES names no role; roles are ${ROLES.join(', ')}.`);
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

/** How this process shows who it is; beyond loopback by certificates alone. */
export function credentialsOf(config: Configuration): EdgeCredentials {
  const files = certificateFiles(config);
  const hosts = [config.edge_host, ...ROLES.flatMap((role) => urlsOf(config, role, 'http')).map(hostOf)];
  const far = hosts.find((host) => !LOOPBACK.test(host));
  if (files === undefined && far !== undefined) {
    throw new QfsError(
      'REQUEST_INVALID',
      `Roles are to be reached at ${far}, beyond this machine, and no certificates are configured. ` +
        'Set QFS_EDGE_CA, QFS_EDGE_CERT and QFS_EDGE_KEY.',
    );
  }
  return edgeCredentials(files, config.data_dir);
}

function certificateFiles(config: Configuration): EdgeFiles | undefined {
  const { edge_ca: ca, edge_cert: cert, edge_key: key } = config;
  if (ca !== null && cert !== null && key !== null) return { ca, cert, key };
  if (ca === null && cert === null && key === null) return undefined;
  throw new QfsError(
    'REQUEST_INVALID',
    'QFS_EDGE_CA, QFS_EDGE_CERT and QFS_EDGE_KEY are set together or not at all.',
  );
}

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

const URL_SETTINGS = {
  kernel: 'QFS_KERNEL_URL',
  compiler: 'QFS_COMPILER_URL',
  'driver-manager': 'QFS_DRIVER_MANAGER_URL',
  qfs: 'QFS_QFS_URL',
} as const satisfies Partial<Record<Role, string>>;
type ReachedRole = keyof typeof URL_SETTINGS;

const isReached = (role: Role): role is ReachedRole => role in URL_SETTINGS;

function urlsOf(config: Configuration, role: Role, scheme: 'http' | 'https'): string[] {
  if (!isReached(role)) return [];
  const given = {
    kernel: config.kernel_url === null ? [] : [config.kernel_url],
    compiler: config.compiler_url,
    'driver-manager': config.driver_manager_url,
    qfs: config.qfs_url,
  }[role];
  if (given.length === 0) return [`${scheme}://127.0.0.1:${ROLE_TABLE[role].port}`];
  return given.map((url) => checkedUrl(URL_SETTINGS[role], url));
}

function checkedUrl(setting: string, text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.pathname === '/') {
    return url.origin;
  }
  throw new QfsError(
    'REQUEST_INVALID',
    `${setting} is "${text}"; write an address such as https://kernel:50052.`,
  );
}

/** The processes that have a role which this one lacks. Nothing is connected before it is called. */
export function connectPeers(
  config: Configuration,
  held: ReadonlySet<Role>,
  credentials: EdgeCredentials,
  tracer: Tracer | undefined,
): ReadonlyMap<Role, readonly RemoteRole[]> {
  const scheme = credentials.kind === 'tls' ? 'https' : 'http';
  const called = ROLES.filter((role) => !held.has(role) && isCalledBy(role, held));
  return new Map(
    called.map((role) => [
      role,
      urlsOf(config, role, scheme).map((url) => connectRole(role, url, credentials, tracer)),
    ]),
  );
}

const isCalledBy = (role: Role, callers: ReadonlySet<Role>): boolean =>
  ROLE_TABLE[role].services.some((row) => row.callers.some((caller) => callers.has(caller)));
