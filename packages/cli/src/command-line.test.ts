import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from './cli.ts';
import { type Asked, readCommandLine } from './command-line.ts';
import { ALIASES, COMMANDS } from './commands/index.ts';
import { familyHelp, optionsHelp, overview } from './help.ts';
import { RecordingTerminal } from './testing/recording-terminal.ts';

const command = (name: string, ...words: string[]): Asked => ({ kind: 'command', name, words });

const LINES: readonly (readonly [line: string, asked: Asked])[] = [
  ['', { kind: 'incomplete', topic: undefined }],
  ['--help', { kind: 'help', topic: undefined }],
  ['-h', { kind: 'help', topic: undefined }],
  ['help', { kind: 'help', topic: undefined }],
  ['help options', { kind: 'help', topic: 'options' }],
  ['help log tail', { kind: 'help', topic: 'log tail' }],
  ['help result', { kind: 'help', topic: 'results' }],
  ['help log', { kind: 'help', topic: 'log' }],
  ['log', { kind: 'incomplete', topic: 'log' }],
  ['log -h', { kind: 'help', topic: 'log' }],
  ['--help log', { kind: 'help', topic: 'log' }],
  ['--version', command('version')],
  ['run a.qasm', command('run', 'a.qasm')],
  ['--json run a.qasm', command('run', '--json', 'a.qasm')],
  ['--profile lab -q log tail -f', command('log tail', '--profile', 'lab', '-q', '-f')],
  ['devices', command('devices')],
  ['devices list --json', command('devices', '--json')],
  ['devices show sim:local', command('device show', 'sim:local')],
  ['result job_1', command('results', 'job_1')],
  ['config', command('config show')],
  ['config --json', command('config show', '--json')],
  ['config get endpoint', command('config get', 'endpoint')],
  ['sumbit', { kind: 'unknown', name: 'sumbit', nearest: 'submit' }],
  ['device', { kind: 'unknown', name: 'device', nearest: 'devices' }],
  ['config list', { kind: 'unknown', name: 'config list', nearest: undefined }],
  ['config sett x', { kind: 'unknown', name: 'config sett', nearest: 'config set' }],
  ['--colour', { kind: 'unknown', name: '--colour', nearest: undefined }],
];

for (const [line, asked] of LINES) {
  test(`"${line}" is ${asked.kind === 'command' ? asked.name : asked.kind}`, () => {
    assert.deepEqual(readCommandLine(line.split(' ').filter(Boolean)), asked);
  });
}

test('every other name is that of a command', () => {
  for (const [alias, name] of Object.entries(ALIASES)) {
    assert.ok(Object.hasOwn(COMMANDS, name), alias);
    assert.ok(!Object.hasOwn(COMMANDS, alias), alias);
  }
});

/** Lines of a large window. */
const SCREEN_LINES = 60;

test('every help fits on one screen', async () => {
  const texts = new Map([
    ['', overview()],
    ['options', optionsHelp()],
    ['log', familyHelp('log')],
  ]);
  for (const name of Object.keys(COMMANDS)) {
    const terminal = new RecordingTerminal();
    assert.equal(await runCli([...name.split(' '), '--help'], terminal), 0);
    texts.set(name, terminal.data);
  }
  for (const [name, text] of texts) {
    const lines = text.split('\n');
    assert.ok(lines.length <= SCREEN_LINES, `help ${name} has ${lines.length} lines`);
    assert.ok(
      lines.every((line) => line.length <= 120),
      `a line of help ${name} is too long`,
    );
  }
});
