import assert from 'node:assert/strict';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeAuthority, makeCertificate } from '../../packages/server/src/edge/testing/certificates.ts';
import { type CommandResult, eigenCliWith } from '../platform/eigen-cli.ts';
import { type Platform, startPlatform, temporaryDirectory } from '../platform/platform.ts';
import { makeToken } from '../platform/tokens.ts';

const dataDir = temporaryDirectory();
const folder = temporaryDirectory();
const settings = join(folder, 'settings');
let platform: Platform;
/** The token of an admin. */
let boss: string;

/** A file that is the tester's alone. */
function secretFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `${text}\n`, { mode: 0o600 });
  return path;
}

before(async () => {
  makeAuthority(folder);
  makeCertificate(folder, 'door', []);
  boss = makeToken(dataDir, '--tenant', 'acme', '--project', 'alpha', '--subject', 'boss', '--role', 'admin');
  const environment = { QFS_TLS_CERT: join(folder, 'door.pem'), QFS_TLS_KEY: join(folder, 'door.key') };
  platform = await startPlatform({ dataDir, environment });
  secretFile('boss.token', boss);
  for (const line of [
    `config set endpoint ${platform.ready.grpc} --profile acme`,
    `config set ca_file ${join(folder, 'ca.pem')} --profile acme`,
    `config set token_file ${join(folder, 'boss.token')} --profile acme`,
  ]) {
    assert.equal((await cli(line)).code, 0, line);
  }
});
after(async () => assert.equal(await platform.end('SIGTERM'), 0));

const cli = (line: string, environment: Readonly<Record<string, string>> = {}): Promise<CommandResult> =>
  eigenCliWith({ environment: { XDG_CONFIG_HOME: settings, ...environment } }, undefined, ...line.split(' '));

const inAcme = (line: string): Promise<CommandResult> => cli(`--profile acme ${line}`);

test('a profile with its authority and its token is all that TLS and tokens need', async () => {
  const who = await inAcme('whoami');
  assert.equal(who.code, 0, who.stderr);
  assert.match(who.stdout, /^subject +boss\ntenant +acme\nproject +alpha\nroles +admin\n/);
  const done = await inAcme('submit examples/bell.qasm --shots 10 --seed 7 --wait');
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /10 shots, seed 7\n$/);
});

test('settings are written for the eyes of one, and a token may come from a command', async () => {
  const path = (await cli('config path')).stdout.trim();
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { code } = await inAcme(`config set token_command cat ${join(folder, 'boss.token')} --profile store`);
  assert.equal(code, 0);
  const where = `--endpoint ${platform.ready.grpc} --ca-file ${join(folder, 'ca.pem')}`;
  const who = await cli(`--profile store ${where} whoami --quiet`);
  assert.deepEqual([who.code, who.stdout], [0, 'boss\n'], who.stderr);
  await inAcme('config set token_command nothing-of-this-name --profile store');
  const failed = await cli(`--profile store ${where} whoami`);
  assert.equal(failed.code, 2);
  assert.match(failed.stderr, /^eigen-cli: token_command "nothing-of-this-name" ended with ENOENT/);
});

test('a token is made, listed, used within its scopes, and revoked', async () => {
  const made = await inAcme('token create --name reader --role readonly --ttl 1h --subject ana');
  assert.equal(made.code, 0, made.stderr);
  const secret = made.stdout.trim();
  assert.match(secret, /^qfs_\S+$/);
  assert.match(made.stderr, /^token +\S+\nname +reader\nsubject +ana\n/);
  assert.ok(!made.stderr.includes(secret), 'the secret goes to one place');
  const [, id] = /^token +(\S+)/.exec(made.stderr)!;

  const listed = await inAcme('token list');
  assert.match(listed.stdout, new RegExp(`^TOKEN .*\\n(.*\\n)*${id} +valid +readonly +ana .* reader$`, 'm'));
  const file = secretFile('ana.token', secret);
  const ana = (line: string) => cli(`--profile acme --token-file ${file} ${line}`);
  assert.match((await ana('whoami --quiet')).stdout, /^ana\n$/);
  const refused = await ana('submit examples/bell.qasm --verbose');
  assert.deepEqual([refused.code, refused.stdout], [2, '']);
  assert.match(refused.stderr, /^eigen-cli: .*jobs:submit/);
  assert.match(refused.stderr, /\n {2}request cli_[0-9a-f-]{36}\n/);

  const revoked = await inAcme(`token revoke ${id}`);
  assert.deepEqual([revoked.code, revoked.stdout], [0, `${id} is revoked.\n`]);
  const again = JSON.parse((await inAcme(`token revoke ${id} --json`)).stdout) as {
    token: { token_id: string };
  };
  assert.equal(again.token.token_id, id);
  const late = await ana('whoami');
  assert.deepEqual([late.code, late.stdout], [2, '']);
  assert.ok(!(await inAcme('token list')).stdout.includes(id!));
  assert.match((await inAcme('token list --ended')).stdout, new RegExp(`^${id} +revoked`, 'm'));
  const unknown = await inAcme('token revoke 0000000000');
  assert.deepEqual([unknown.code, unknown.stdout], [2, '']);
});

test('what is missing is said together with how to give it', async () => {
  const address = `--endpoint ${platform.ready.grpc}`;
  const noToken = await cli(`devices ${address} --ca-file ${join(folder, 'ca.pem')}`);
  assert.equal(noToken.code, 2);
  assert.match(noToken.stderr, /EIGEN_TOKEN, --token-file, or "eigen-cli config set token -"\.\n$/);
  const noAuthority = await cli(`devices ${address}`);
  assert.equal(noAuthority.code, 3);
  assert.match(noAuthority.stderr, /^eigen-cli: The certificate of .* with --ca-file or EIGEN_CA_FILE\.\n$/);
  const inTheClear = await cli(`devices --endpoint ${platform.ready.grpc.replace('https:', 'http:')}`);
  assert.equal(inTheClear.code, 3);
  assert.match(inTheClear.stderr, /write https:\/\/ instead of http:\/\/\.\n$/);
  const elsewhere = await inAcme('list --tenant umbrella');
  assert.deepEqual([elsewhere.code, elsewhere.stdout], [2, '']);
});

test('no secret is shown: neither by config, nor by --debug, nor in a failure', async () => {
  const lines = [
    'config show',
    'config show --json',
    'config get token',
    'list --debug --verbose',
    'list --limit 0 -v',
  ];
  for (const line of lines) {
    const { stderr, stdout } = await cli(`--profile acme ${line}`, { EIGEN_TOKEN: boss });
    assert.ok(!`${stdout}${stderr}`.includes(boss), line);
  }
});

test('a token file that others can read is named, with the command that hides it', async () => {
  const path = secretFile('open.token', boss);
  chmodSync(path, 0o644);
  const open = await cli(`--profile acme --token-file ${path} devices --quiet`);
  assert.deepEqual(
    [open.code, open.stderr],
    [0, `eigen-cli: others can read ${path}, which holds a token; do: chmod 600 ${path}\n`],
  );
});
