import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runCli } from './cli.ts';
import { ALIASES, COMMANDS } from './commands/index.ts';
import { EXIT } from './exit-code.ts';
import { CHECKOUT, RecordingTerminal } from './testing/recording-terminal.ts';

const BELL = readFileSync(`${CHECKOUT}/examples/bell.qasm`);
/** What the examples call a program of the reader's own. */
const RECEIPT = readFileSync(`${CHECKOUT}/packages/cli/src/golden/receipt.json`);
const CONFIG = '/home/somebody/.config';
const FILES = {
  '-': BELL,
  'circuit.qasm': BELL,
  'r.json': RECEIPT,
  'job.yaml': readFileSync(`${CHECKOUT}/packages/cli/src/golden/job.yaml`),
  [`${CONFIG}/eigen/config.toml`]: new TextEncoder().encode('[lab]\ntoken = "t"\n'),
};
/** Nobody answers there: a command line that was understood ends with the exit code of that. */
const NOBODY = { EIGEN_ENDPOINT: 'http://127.0.0.1:1' };

/** The words that the program gets from a shell. */
const words = (example: string): string[] =>
  example
    .replace(/ [<>] \S+/, '')
    .replace('examples/*.qasm', 'examples/bell.qasm examples/ghz.qasm')
    .split(' ');

/** Commands that have the options of a server and need none. */
const AT_HOME = new Set(['config show', 'config get', 'explain', 'verify', 'version']);
const ASKS_ALL_THE_SAME = ['--with-artifacts', '--server', 'explain job_'];

for (const [name, { load }] of Object.entries(COMMANDS)) {
  test(`the examples in the help of ${name} do what they show`, async () => {
    const { asksServer = false, examples } = await load();
    const names = [name, ...Object.keys(ALIASES).filter((alias) => ALIASES[alias] === name)];
    assert.ok(examples.length > 0);
    for (const example of examples) {
      const asks = AT_HOME.has(name) ? ASKS_ALL_THE_SAME.some((flag) => example.includes(flag)) : asksServer;
      const input = name === 'verify' ? { ...FILES, '-': RECEIPT } : FILES;
      const terminal = new RecordingTerminal(input, { ...NOBODY, XDG_CONFIG_HOME: CONFIG });
      const exitCode = await runCli(words(example), terminal);
      assert.equal(exitCode, asks ? EXIT.network : EXIT.ok, `${example}\n${terminal.transcript}`);
      assert.ok(
        names.some((known) => example === known || example.startsWith(`${known} `)) || name === 'config show',
        example,
      );
    }
  });
}
