import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERMISSION_NAMES, permissionsOf, ROLES, withinTenant } from './permissions.ts';

/** The table once more, as a person reads it: what each role may not do. */
const WITHHELD = {
  admin: [],
  user: ['devices:reserve', 'log:read', 'log:check', 'tokens:manage'],
  readonly: [
    ...['jobs:submit', 'jobs:cancel', 'jobs:delete', 'devices:reserve'],
    ...['log:read', 'log:check', 'tokens:manage'],
  ],
} as const satisfies Record<(typeof ROLES)[number], readonly string[]>;

test('SEC-9: each role may do what the table of permissions says, and no other name grants anything', () => {
  for (const role of ROLES) {
    const withheld: readonly string[] = WITHHELD[role];
    const expected = PERMISSION_NAMES.filter((name) => !withheld.includes(name));
    assert.deepEqual([...permissionsOf([role])], expected, role);
  }
  for (const nobody of ['', 'Admin', 'root', 'constructor', '__proto__', '*']) {
    assert.equal(permissionsOf([nobody]).size, 0, nobody);
  }
  assert.deepEqual(permissionsOf(['readonly', 'admin']), permissionsOf(['admin']));
  assert.equal(permissionsOf([]).size, 0);
});

test('SEC-5: scopes narrow the roles and never widen them', () => {
  assert.deepEqual([...permissionsOf(['user'], ['jobs:read', 'tokens:manage'])], ['jobs:read']);
  assert.deepEqual([...permissionsOf(['admin'], ['tokens:manage'])], ['tokens:manage']);
  assert.equal(permissionsOf(['admin'], []).size, 0);
  assert.equal(permissionsOf(['admin'], ['jobs:*', '*', 'constructor']).size, 0);
});

test('SEC-11: what concerns all tenants is granted in the tenant of the platform alone', () => {
  const all = permissionsOf(['admin']);
  assert.deepEqual(withinTenant(all, 'tenant-default'), all);
  const elsewhere = withinTenant(all, 'tenant-lab');
  assert.deepEqual(
    [...all].filter((name) => !elsewhere.has(name)),
    ['log:read', 'log:check'],
  );
});
