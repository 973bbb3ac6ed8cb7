import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runCli } from './cli.ts';
import { ALIASES, COMMANDS } from './commands/index.ts';
import { commonOptionsOf, longFlag } from './common-options.ts';
import { RecordingTerminal } from './testing/recording-terminal.ts';

const BELL = new TextEncoder().encode('qubit[2] q; bit[2] c; U(1, 0, 0) q[0]; c = measure q;');
const modules = await Promise.all(Object.values(COMMANDS).map(({ load }) => load()));
const flags = modules.flatMap((command) => [...command.options, ...commonOptionsOf(command)].map(longFlag));
const names = [...Object.keys(COMMANDS), ...Object.keys(ALIASES), 'help', 'log', 'token', '__proto__'];

/** Words that a command line may have, and others. Counts stay small, so that nothing runs for long. */
const word = fc.oneof(
  fc.constantFrom(...new Set(flags)),
  fc.constantFrom(
    '-',
    '--',
    'a.qasm',
    'job_1',
    'bash',
    'endpoint',
    'constructor',
    '-q',
    '-n',
    '--json=1',
    '=',
    '',
  ),
  fc.integer({ min: -2, max: 100 }).map(String),
  fc.string({ maxLength: 12 }),
);
const line = fc.tuple(fc.constantFrom(...names), fc.array(word, { maxLength: 6 }));

test('no command line breaks anything: it is done, or refused in words', async () => {
  const seed = Number(process.env.QFS_SEED ?? 1);
  const env = { EIGEN_ENDPOINT: 'http://127.0.0.1:1', HOME: '/home/ada' };
  const property = fc.asyncProperty(line, async ([name, words]) => {
    const terminal = new RecordingTerminal({ '-': BELL, 'a.qasm': BELL }, env);
    const exitCode = await runCli([...name.split(' '), ...words], terminal);
    assert.ok([0, 2, 3].includes(exitCode), `${exitCode}: ${terminal.transcript}`);
    assert.ok(exitCode === 0 || terminal.transcript !== '', 'a failure says why');
    assert.doesNotMatch(terminal.transcript, /Something broke inside/);
  });
  await fc.assert(property, { seed, numRuns: 400 });
});
