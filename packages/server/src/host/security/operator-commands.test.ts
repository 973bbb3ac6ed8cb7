import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { tokenAuthenticator } from '@qfs/api';
import { systemClock } from '@qfs/storage';
import { openAuthStore } from './auth-store.ts';
import { operatorCall } from './operator-commands.ts';

function commandsIn(t: TestContext) {
  const path = mkdtempSync(join(tmpdir(), 'qfs-operator-'));
  t.after(() => rmSync(path, { recursive: true }));
  const run = async (line: string) => operatorCall(line.split(' ')).run({ data_dir: path, audit_path: null });
  const rows = async (line: string) =>
    (await run(line)).stdout
      .split('\n')
      .filter((row) => row !== '')
      .map((row) => JSON.parse(row) as Record<string, unknown>);
  const who = (secret: string) => {
    const store = openAuthStore(path, systemClock, () => undefined);
    try {
      return tokenAuthenticator(store, systemClock)(secret);
    } finally {
      store.close();
    }
  };
  const audited = (): string[] =>
    readdirSync(join(path, 'audit'))
      .sort()
      .map((name) => JSON.parse(readFileSync(join(path, 'audit', name), 'utf8')))
      .map(({ subject, tenant, action, resource }) => [subject, tenant, action, resource].join(' '));
  return { run, rows, who, audited };
}

test('SEC-5: the operator makes tokens of any tenant, with the secret alone on stdout', async (t) => {
  const { run, rows, who, audited } = commandsIn(t);
  const first = await run('token create --role admin --name first');
  assert.match(first.stdout, /^qfs_[a-z2-7]{16}_[a-z2-7]{59}\n$/);
  assert.match(first.stderr, /tenant-default\/project-default: admin; it expires .*\n.*demands a token/);
  assert.deepEqual(who(first.stdout.trim()).identity.roles, ['admin']);
  const second = await run(
    'token create --tenant acme --project alpha --subject ana --scope jobs:read,jobs:submit --days 0',
  );
  assert.match(second.stderr, /of ana in acme\/alpha: user; it never expires/);
  assert.doesNotMatch(second.stderr, /demands/);
  assert.deepEqual([...who(second.stdout.trim()).permissions], ['jobs:submit', 'jobs:read']);
  assert.equal(who(second.stdout.trim()).expiresAtMs, undefined);
  const [token, ...others] = await rows('token list --tenant acme');
  assert.deepEqual([token?.subject, token?.expires_at, others], ['ana', null, []]);
  const [revoked] = await rows(`token revoke ${token?.token_id} --tenant=acme`);
  assert.equal(typeof revoked?.revoked_at, 'string');
  assert.throws(() => who(second.stdout.trim()), { code: 'AUTH_MISSING' });
  const changed = `operator acme tokens:manage ${token?.token_id}`;
  assert.deepEqual(audited().slice(1), [changed, changed], 'SEC-15: the operator is audited too');
});

test('SEC-14: the operator sets, lists and takes away limits', async (t) => {
  const { run, rows } = commandsIn(t);
  await run('limits set open_jobs=100 shots=1000 --tenant acme');
  await run('limits set open_jobs=10 --tenant acme --project alpha');
  await run('limits set shots=none --tenant acme');
  assert.deepEqual(await rows('limits list --tenant acme'), [
    { tenant_id: 'acme', project_id: null, name: 'open_jobs', value: 100 },
    { tenant_id: 'acme', project_id: 'alpha', name: 'open_jobs', value: 10 },
  ]);
});

test('SEC-5, SEC-14: what is mistyped is named, with what there is', async (t) => {
  const { run } = commandsIn(t);
  const cases: Readonly<Record<string, RegExp>> = {
    'token craete': /There is no command "token craete". Did you mean "token create"\?/,
    'token create --role root': /roles has 'root'; the roles are admin, user, readonly/,
    'token create --scope jobs:write': /scopes has 'jobs:write'; the permissions are jobs:submit/,
    'token create --days soon': /--days is "soon"/,
    'token create --name': /--name needs a value/,
    'token revoke': /Which token\?/,
    'token revoke nonesuch': /has no token 'nonesuch'/,
    'limits set': /Which limits\?/,
    'limits set jobs=5': /"jobs=5" is no limit; .*open_jobs/,
    'limits set open_jobs=-1': /is no limit/,
    'limits set tokens=5 --project alpha': /Projects have no limit "tokens"/,
    'limits set tokens=5 --tenant ../acme': /Ids of tenants/,
  };
  for (const [line, message] of Object.entries(cases)) await assert.rejects(run(line), { message }, line);
  assert.deepEqual(operatorCall(['token', 'list', '--data-dir', 'x', '--log-level=info']).settings, [
    ...['--data-dir', 'x', '--log-level', 'info'],
  ]);
});
