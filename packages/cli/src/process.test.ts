import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { CHECKOUT } from './testing/recording-terminal.ts';

interface Finished {
  readonly status: number | null;
  readonly out: string;
  readonly talk: string;
}

interface Start {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Stop reading the output after its first bytes, as `head` does. */
  readonly head?: boolean;
}

/** The command line as people start it, in a process of its own. */
async function eigenCli(line: string, { env = {}, head = false, input = '' }: Start = {}): Promise<Finished> {
  const child = spawn(process.execPath, [join(CHECKOUT, 'bin/eigen-cli.js'), ...line.split(' ')], {
    cwd: CHECKOUT,
    env: { ...process.env, ...env },
  });
  const text = { out: '', talk: '' };
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    text.out += data;
    if (head) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (data: string) => {
    text.talk += data;
  });
  child.stdin.on('error', () => undefined).end(input);
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  return { status: await promise, ...text };
}

test('run prints counts to the standard output and nothing else', async () => {
  const { out, status, talk } = await eigenCli('run examples/bell.qasm --seed 7');
  assert.deepEqual([status, talk], [0, '']);
  assert.match(out, /^00 .*%\n11 .*%\n1024 shots, seed 7\n$/);
});

test('a program comes through a pipe, and equal seeds give equal bytes', async () => {
  const input = 'qubit q; bit c; U(1, 0, 0) q; c = measure q;';
  const [first, second] = await Promise.all([1, 2].map(() => eigenCli('run - --seed 7 --json', { input })));
  assert.equal(first?.status, 0);
  assert.deepEqual(first, second);
  assert.equal(JSON.parse(first!.out).items[0].results[0].seed, 7);
});

test('what is wrong goes to the standard error, with exit code 2', async () => {
  const { out, status, talk } = await eigenCli('run -', { input: 'qubit q\n' });
  assert.deepEqual([status, out], [2, '']);
  assert.match(talk, /-->/);
  assert.ok(!talk.includes('\u001b'), 'colour off a terminal');
});

test('a reader that has seen enough is no failure', async () => {
  const input = `qubit[12] q; bit[12] c; U(1.5, 0, 0) q; c = measure q;`;
  const { status, talk } = await eigenCli('run - --shots 100000 --top 4096', { input, head: true });
  assert.deepEqual([status, talk], [0, '']);
});

test('a server that is not there is named, with exit code 3', async () => {
  const env = { EIGEN_ENDPOINT: '127.0.0.1:1' };
  const { out, status, talk } = await eigenCli('devices', { env });
  assert.deepEqual([status, out], [3, '']);
  assert.match(
    talk,
    /^eigen-cli: No QFS server answers at http:\/\/127\.0\.0\.1:1\. Start one with "npm start"/,
  );
});
