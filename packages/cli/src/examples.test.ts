import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runCli } from './cli.ts';
import { COMMANDS } from './commands/index.ts';
import { EXIT } from './exit-code.ts';
import { CHECKOUT, RecordingTerminal } from './testing/recording-terminal.ts';

const BELL = readFileSync(`${CHECKOUT}/examples/bell.qasm`);
/** What the examples call a program of the reader's own. */
const RECEIPT = readFileSync(`${CHECKOUT}/packages/cli/src/golden/receipt.json`);
const FILES = { '-': BELL, 'circuit.qasm': BELL, 'r.json': RECEIPT };
/** Nobody answers there: a command line that was understood ends with the exit code of that. */
const NOBODY = { EIGEN_ENDPOINT: 'http://127.0.0.1:1' };

/** The words that the program gets from a shell. */
const words = (example: string): string[] =>
  example
    .replace(/ [<>] \S+/, '')
    .replace('examples/*.qasm', 'examples/bell.qasm examples/ghz.qasm')
    .split(' ');

for (const [name, load] of Object.entries(COMMANDS)) {
  test(`the examples in the help of ${name} do what they show`, async () => {
    const { examples, options } = await load();
    const knowsServer = options.some(({ flags }) => flags.startsWith('--endpoint'));
    assert.ok(examples.length > 0);
    for (const example of examples) {
      const asksServer = knowsServer && (name !== 'verify' || example.includes('--with-artifacts'));
      const input = name === 'verify' ? { ...FILES, '-': RECEIPT } : FILES;
      const terminal = new RecordingTerminal(input, NOBODY);
      const exitCode = await runCli(words(example), terminal);
      assert.equal(exitCode, asksServer ? EXIT.network : EXIT.ok, `${example}\n${terminal.transcript}`);
      assert.ok(example.startsWith(`${name} `) || example === name, example);
    }
  });
}
