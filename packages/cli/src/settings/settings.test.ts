import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENDPOINT_DEFAULT } from '@qfs/client';
import { RecordingTerminal, recordedDisk } from '../testing/recording-terminal.ts';
import { configFileOf } from './config-file.ts';
import { tokenOf } from './credentials.ts';
import { withKey } from './edit.ts';
import { loadSettings } from './load.ts';
import { ENDPOINT_PRESET, SETTINGS, type Setting, type SettingKey } from './table.ts';

const CONFIG = '/home/ada/.config/eigen/config.toml';

interface Given {
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly mode?: number;
}

async function tokenFrom({ env = {}, file = '', flags = {}, mode = 0o600 }: Given) {
  const disk = recordedDisk();
  disk.written.set(CONFIG, file).set('/home/ada/.config/eigen/lab.token', 'of-file\n');
  for (const path of disk.written.keys()) disk.modes.set(path, mode);
  const terminal = new RecordingTerminal({}, { HOME: '/home/ada', ...env }, { disk });
  const token = await tokenOf(await loadSettings(flags, terminal), terminal);
  return { token, talk: terminal.transcript };
}

test('the preset of the endpoint is that of the client', () =>
  assert.equal(ENDPOINT_PRESET, ENDPOINT_DEFAULT));

test('a flag wins over the environment, that over the profile, that over the file, that over the preset', async () => {
  for (const { environment, flag, key, kind } of SETTINGS as readonly Setting[]) {
    const value = (at: number): string => (kind === 'duration' ? `${at + 1}s` : `http://127.0.0.${at + 1}:1`);
    const toml = (at: number): string => (kind === 'words' ? `["${value(at)}"]` : `"${value(at)}"`);
    const terminal = (file: string, env: object): RecordingTerminal => {
      const disk = recordedDisk();
      disk.written.set(CONFIG, file);
      return new RecordingTerminal({}, { HOME: '/home/ada', ...env }, { disk });
    };
    const [variable = 'NONE'] = environment;
    const name = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const shared = `${key} = ${toml(0)}\n`;
    const profile = `[lab]\n${key} = ${toml(1)}\n`;
    const cases: readonly (readonly [file: string, env: object, flags: object, level: string])[] = [
      ['', {}, {}, 'default'],
      [shared, {}, {}, 'file'],
      [shared + profile, { EIGEN_PROFILE: 'lab' }, {}, 'profile'],
      [shared + profile, { EIGEN_PROFILE: 'lab', [variable]: value(2) }, {}, 'environment'],
      [shared + profile, { [variable]: value(2) }, { profile: 'lab', [name]: value(3) }, 'flag'],
    ];
    for (const [file, env, flags, level] of cases) {
      if (level === 'environment' && environment.length === 0) continue;
      if (level === 'flag' && flag === undefined) continue;
      const { entries } = await loadSettings({ ...flags }, terminal(file, env));
      const entry = entries.get(key as SettingKey);
      if (entry !== undefined || level !== 'default') assert.equal(entry?.level, level, `${key} ${level}`);
    }
  }
});

test('the token is that of the strongest place, whatever form it has there', async () => {
  const all = 'token_command = ["of", "command"]\n[lab]\ntoken_file = "lab.token"\n';
  assert.equal((await tokenFrom({})).token, undefined);
  assert.equal((await tokenFrom({ file: all })).token, 'of-command');
  assert.equal((await tokenFrom({ file: all, flags: { profile: 'lab' } })).token, 'of-file');
  const env = { EIGEN_TOKEN: 'of-environment' };
  assert.equal((await tokenFrom({ file: all, env, flags: { profile: 'lab' } })).token, 'of-environment');
  const flags = { tokenFile: '~/.config/eigen/lab.token' };
  assert.equal((await tokenFrom({ file: all, env, flags })).token, 'of-file');
});

test('a token that others can read is used, with a warning that says how to hide it', async () => {
  for (const given of [{ file: 'token = "t"\n' }, { file: 'token_file = "lab.token"\n' }]) {
    assert.equal((await tokenFrom(given)).talk, '');
    for (const mode of [0o644, 0o640, 0o604]) {
      const { talk, token } = await tokenFrom({ ...given, mode });
      assert.ok(token);
      assert.match(talk, /others can read (\S+), which holds a token; do: chmod 600 \1\n$/);
    }
  }
});

test('a token is one word, and is never part of a message', async () => {
  for (const file of ['token = "two words"\n', 'token_command = ["false", "secret"]\n']) {
    await assert.rejects(tokenFrom({ file }), ({ message }: Error) => !/two|secret/.test(message));
  }
});

const EDITS: readonly (readonly [
  before: string,
  profile: string,
  value: string | undefined,
  after: string,
])[] = [
  ['', 'default', 'a', 'tenant = "a"\n'],
  ['', 'lab', 'a', '[lab]\ntenant = "a"\n'],
  ['# mine\ntenant = "a" # old\n', 'default', 'b', '# mine\ntenant = "b"\n'],
  ['[lab]\ntoken = "t"\n', 'default', 'a', 'tenant = "a"\n\n[lab]\ntoken = "t"\n'],
  ['[default]\n\n[lab]\n', 'default', 'a', '[default]\ntenant = "a"\n\n[lab]\n'],
  ['web = "w"\n\n[lab]\ntenant = "x"\n', 'default', 'a', 'web = "w"\ntenant = "a"\n\n[lab]\ntenant = "x"\n'],
  [
    '[a]\ntenant = "1"\n\n[lab] # here\n# note\n\n[z]\n',
    'lab',
    'q"',
    '[a]\ntenant = "1"\n\n[lab] # here\n# note\ntenant = "q\\""\n\n[z]\n',
  ],
  ['tenant = "a"\n[lab]\ntenant = "b"\n', 'lab', undefined, 'tenant = "a"\n[lab]\n'],
  ['web = "w"\n', 'my lab', 'a', 'web = "w"\n\n["my lab"]\ntenant = "a"\n'],
];

for (const [before, profile, value, after] of EDITS) {
  test(`${value ?? 'nothing'} for [${profile}] in ${JSON.stringify(before)}`, () => {
    assert.equal(withKey(before, profile, 'tenant', value), after);
    configFileOf('config.toml', after);
  });
}
