import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import {
  configurationReference,
  helpText,
  loadConfiguration,
  parseCommandLine,
  printable,
  SETTINGS,
} from './index.ts';

const load = (parts: { args?: string[]; environment?: Record<string, string>; file?: string }) =>
  loadConfiguration({
    flags: parseCommandLine(parts.args ?? []).flags,
    environment: parts.environment ?? {},
    ...(parts.file === undefined ? {} : { file: { path: 'config.toml', text: parts.file } }),
  });

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof QfsError);
    assert.equal(error.code, 'REQUEST_INVALID');
    return error.message;
  }
  return assert.fail('was accepted');
};

test('a flag wins over the environment, the environment over the file, the file over the default', () => {
  const file = 'api_port = 1 # first\ngrpc_port = 1\nadmin_port = 1\n';
  const environment = { API_PORT: '2', QFS_GRPC_PORT: '2' };
  const { values, sources } = load({ args: ['--port', '3'], environment, file });
  assert.deepEqual(
    [values.api_port, values.grpc_port, values.admin_port, values.time_limit_ms],
    [3, 2, 1, 300_000],
  );
  assert.deepEqual(
    [sources.api_port, sources.grpc_port, sources.admin_port, sources.time_limit_ms],
    ['flag --port', 'environment QFS_GRPC_PORT', 'admin_port in config.toml', 'default'],
  );
});

test('the names of the task API before us are honoured', () => {
  const environment = { BROKER_TIME_LIMIT_MS: '7', BROKER_MAX_RETRIES: '0', REDIS_RESULT_TTL: '3600' };
  const { values } = load({ environment });
  assert.deepEqual([values.time_limit_ms, values.max_retries, values.result_ttl_s], [7, 0, 3600]);
  assert.equal(load({}).values.result_ttl_s, null);
});

test('the file knows strings, integers, lists and comments', () => {
  const { values } = load({ file: '# all\ndata_dir = "a\\"b" # why\ndrivers = [\'sim\', "fault"]\n' });
  assert.deepEqual([values.data_dir, values.drivers], ['a"b', ['sim', 'fault']]);
});

const wrong: readonly (readonly [what: string, run: () => unknown, expected: RegExp])[] = [
  ['an unknown flag', () => load({ args: ['--prot', '1'] }), /"--prot" is not an option/],
  ['a flag without value', () => load({ args: ['--port'] }), /--port needs a value/],
  [
    'a port above the last',
    () => load({ args: ['--port=65536'] }),
    /"65536"; it must be a whole number from 0 to 65535/,
  ],
  ['a port below the first', () => load({ args: ['--port=-1'] }), /"-1"; it must be/],
  ['a word for a number', () => load({ environment: { API_PORT: 'web' } }), /API_PORT is "web"/],
  ['an unknown choice', () => load({ args: ['--log', 'etcd2'] }), /"etcd2"; it must be one of local/],
  ['an unknown key', () => load({ file: 'prot = 1' }), /the key "prot", which is not a setting/],
  ['a line that is none', () => load({ file: 'api_port' }), /config.toml:1: "api_port" is not "key = value"/],
  [
    'a key that stands twice',
    () => load({ file: 'api_port = 1\napi_port = 2' }),
    /config.toml:2: the key "api_port"/,
  ],
  ['an unfinished list', () => load({ file: 'drivers = ["sim"' }), /is not "key = value"/],
];
for (const [what, run, expected] of wrong) {
  test(`${what} is refused with the value and the remedy`, () => assert.match(refusal(run), expected));
}

test('help and reference name every setting', () => {
  for (const { flag, env } of SETTINGS) {
    assert.ok(helpText().includes(flag) && helpText().includes(env), flag);
    assert.ok(configurationReference().includes(`\`${env}\``), env);
  }
});

test('SEC-16: of a secret it is printed that it is set, and from where, but not what it is', () => {
  const secrets = SETTINGS.filter((setting) => 'secret' in setting);
  assert.ok(secrets.some(({ env }) => env === 'QFS_JWT_SECRET'));
  const environment = Object.fromEntries(secrets.map(({ env }) => [env, 'swordfish']));
  const printed = JSON.stringify(printable(load({ environment })));
  assert.doesNotMatch(printed, /swordfish/);
  assert.match(printed, /"jwt_secret":\{"value":"<hidden>","from":"environment QFS_JWT_SECRET"\}/);
  assert.match(JSON.stringify(printable(load({}))), /"jwt_secret":\{"value":null,"from":"default"\}/);
});
