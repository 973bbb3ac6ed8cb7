/** Roles in the order of their power. */
export const ROLES = ['admin', 'user', 'readonly'] as const;
export type Role = (typeof ROLES)[number];

export interface PermissionRow {
  /** The roles that grant it. */
  readonly roles: readonly Role[];
  readonly help: string;
  /** Concerns all tenants: granted in the tenant of those who run the platform alone. */
  readonly ofPlatform?: boolean;
}

/** The tenant of those who run the platform, which a new installation has. */
const PLATFORM_TENANT = 'tenant-default';

const EVERY_ROLE = ROLES;

/**
 * Every permission, in one table: roles, doors, scopes of tokens, the reference page and the tests derive
 * from it.
 */
export const PERMISSIONS = {
  'jobs:submit': { roles: ['admin', 'user'], help: 'Submit jobs, and redrive dead letters.' },
  'jobs:read': {
    roles: EVERY_ROLE,
    help: 'Read jobs of the project: state, events, results, artifacts, receipts.',
  },
  'jobs:cancel': {
    roles: ['admin', 'user'],
    help: 'Cancel jobs: `user` its own, `admin` those of the project.',
  },
  'jobs:delete': {
    roles: ['admin', 'user'],
    help: 'Delete ended jobs: `user` its own, `admin` those of the project.',
  },
  'devices:list': { roles: EVERY_ROLE, help: 'List devices and their capabilities.' },
  'devices:status': { roles: EVERY_ROLE, help: 'See status, queue and expected wait of a device.' },
  'devices:reserve': { roles: ['admin'], help: 'Reserve slots of a device.' },
  'log:read': { roles: ['admin'], ofPlatform: true, help: 'Read the log, its checkpoints and proofs.' },
  'log:check': { roles: ['admin'], ofPlatform: true, help: 'Have the whole log verified or replayed.' },
  'tokens:manage': { roles: ['admin'], help: 'Create, list and revoke API tokens of the tenant.' },
} as const satisfies Readonly<Record<string, PermissionRow>>;

export type Permission = keyof typeof PERMISSIONS;
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[];

export const isRole = (name: string): name is Role => ROLES.some((role) => role === name);
export const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name);

const granted = new Map<string, ReadonlySet<Permission>>();
/** Distinct combinations of roles and scopes that are kept; beyond it the answers are computed again. */
const COMBINATIONS_MAX = 1_000;

/**
 * What roles and scopes leave: whatever some role grants, and where scopes are given, no more than they name.
 * Unknown roles and scopes grant nothing.
 */
export function permissionsOf(roles: readonly string[], scopes?: readonly string[]): ReadonlySet<Permission> {
  const key = JSON.stringify([roles, scopes ?? null]);
  const known = granted.get(key);
  if (known !== undefined) return known;
  const permissions = new Set(
    PERMISSION_NAMES.filter((name) => {
      const holders: readonly Role[] = PERMISSIONS[name].roles;
      const named = scopes === undefined || scopes.includes(name);
      return named && holders.some((role) => roles.includes(role));
    }),
  );
  if (granted.size >= COMBINATIONS_MAX) granted.clear();
  granted.set(key, permissions);
  return permissions;
}

/** What of the permissions is left in a tenant: the log is one for all of them, and no tenant's own. */
export const withinTenant = (
  permissions: ReadonlySet<Permission>,
  tenantId: string,
): ReadonlySet<Permission> =>
  tenantId === PLATFORM_TENANT
    ? permissions
    : new Set([...permissions].filter((name) => !('ofPlatform' in PERMISSIONS[name])));
