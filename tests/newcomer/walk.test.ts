import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { temporaryDirectory } from '../platform/platform.ts';
import { stepsOf } from './document.ts';
import { FREE_PORTS, interrupt, type Server, startServer } from './server.ts';
import { type Outcome, type Place, run, Shell, signalGroup, start } from './terminal.ts';

/**
 * The walk of somebody who has just cloned the repository: every command of the README's first screen, then what
 * goes wrong on a first day. It walks in a clone of what is committed, with nothing but `npm ci` done.
 */
const home = temporaryDirectory();
const clone = join(home, 'qfs');
const environment = { ...FREE_PORTS, QFS_DATA_DIR: join(home, 'data'), QFS_LOG_LEVEL: 'warn', NO_COLOR: '1' };
const place: Place = { cwd: clone, environment };
const readme = (): string[] =>
  stepsOf('README.md')
    .flatMap(({ commands }) => commands.split('\n'))
    .map((line) => line.replace(/\s+# .*$/, ''))
    .filter((line) => line !== '');

const eigenCli = (...args: string[]): Promise<Outcome> => run(place, 'bin/eigen-cli', ...args);
const server = (data = 'data', more = {}): Promise<Outcome> =>
  run(
    { cwd: clone, environment: { ...environment, QFS_DATA_DIR: join(home, data), ...more } },
    'npm',
    '-s',
    'start',
  );
const oneSentence = (outcome: Outcome, says: RegExp): void => {
  assert.match(outcome.stderr, says);
  assert.equal(outcome.stderr.trimEnd().split('\n').length, 1, outcome.stderr);
  assert.equal(outcome.stdout, '');
};

before(async () => {
  const cloned = await run({ cwd: process.cwd() }, 'git', 'clone', '-q', '--no-hardlinks', '.', clone);
  assert.equal(cloned.code, 0, cloned.stderr);
});

test('before npm ci, one sentence says that it is missing', async () => {
  const outcome = await eigenCli('version');
  assert.equal(outcome.code, 4);
  oneSentence(outcome, /Run "npm ci" in .*qfs\./);
});

test('every command of the first screen of the README works', async (context) => {
  const [install, serve, ...rest] = readme();
  assert.equal(install, 'npm ci && npm run demo');
  const started = performance.now();
  const demo = await run(place, 'sh', '-c', install!);
  context.diagnostic(`npm ci && npm run demo: ${Math.round((performance.now() - started) / 1000)} s`);
  assert.equal(demo.code, 0, demo.stderr);
  for (const part of ['Bell pair', 'GHZ', 'Teleportation', '┤ H ├──■──', 'results.json'])
    assert.ok(demo.stdout.includes(part), `the demo does not show ${part}:\n${demo.stdout}`);

  assert.equal(serve, 'npm start');
  const platform = await startServer(place, serve!);
  context.diagnostic(`npm start was ready after ${Math.round(platform.startMs)} ms`);
  await pages(platform);
  const shell = new Shell({ ...place, environment: { ...environment, EIGEN_ENDPOINT: platform.grpc } });
  let taskId = 'none';
  let jobId = 'none';
  for (const line of rest) {
    const command = line
      .replace('http://127.0.0.1:8000', platform.rest)
      .replace('TASK_ID', taskId)
      .replace(/\bJOB\b/, jobId);
    const { output, code } = await shell.run(command);
    assert.equal(code, 0, `${command}\n${output}`);
    assert.ok(output.length > 10, `${command} showed nothing`);
    taskId = /"task_id": ?"(\w+)"/.exec(output)?.[1] ?? taskId;
    jobId = /job_[0-9a-f]{32}/.exec(output)?.[0] ?? jobId;
  }
  assert.notEqual(taskId, 'none');
  await shell.close();
  signalGroup(platform.running.process, 'SIGTERM');
  await platform.running.outcome;
});

async function pages({ rest }: Server): Promise<void> {
  for (const [path, says] of [
    ['/', 'QFS'],
    ['/docs', 'swagger'],
  ]) {
    const answer = await fetch(`${rest}${path}`);
    assert.equal(answer.status, 200);
    assert.ok((await answer.text()).includes(says!), `${path} does not speak of ${says}`);
  }
}

test('status and results tell of a submitted job', async () => {
  const platform = await startServer(place, 'npm start');
  const cli = (...args: string[]): Promise<Outcome> => eigenCli(...args, '--endpoint', platform.grpc);
  const submitted = await cli('submit', 'examples/bell.qasm', '--seed', '7');
  assert.equal(submitted.code, 0, submitted.stderr);
  const jobId = submitted.stdout.trim();
  assert.match(jobId, /^job_\w+$/);
  assert.equal((await cli('watch', jobId)).code, 0);
  assert.match((await cli('status', jobId)).stdout, /DONE/);
  const local = await eigenCli('run', 'examples/bell.qasm', '--seed', '7');
  assert.equal((await cli('results', jobId)).stdout, local.stdout, 'the same seed, the same counts');
  await interrupt(platform);
});

test('a taken port is one sentence with the remedy and exit code 2', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const port = String((taken.address() as { port: number }).port);
  for (const setting of ['API_PORT', 'QFS_GRPC_PORT', 'QFS_ADMIN_PORT']) {
    const outcome = await server('data-port', { [setting]: port });
    assert.equal(outcome.code, 2);
    oneSentence(outcome, new RegExp(`Port ${port} is taken .* Choose another with ${setting}`));
  }
  taken.close();
});

test('a data directory in use is one sentence; Ctrl-C in any number of copies drains the server', async () => {
  const first = await startServer(place, 'node bin/qfs-server.js');
  const second = await server();
  assert.equal(second.code, 4);
  oneSentence(second, /is in use by another process; .*QFS_DATA_DIR/);
  assert.equal(await interrupt(first), 0);
  const again = await startServer(place, 'node bin/qfs-server.js');
  for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) signalGroup(again.running.process, signal);
  assert.equal((await again.running.outcome).code, 0);
});

test('wrong files are refused by name, with exit code 2', async () => {
  const binary = join(home, 'binary.qasm');
  writeFileSync(
    binary,
    Uint8Array.from({ length: 256 }, (_, at) => at),
  );
  const cases: readonly (readonly [string, RegExp])[] = [
    ['nothing.qasm', /nothing\.qasm does not exist/],
    ['examples', /examples is a directory/],
    [binary, /binary\.qasm is not a text file/],
    [join(clone, 'node_modules/.bin/node'), /is larger than \d+ bytes/],
  ];
  for (const command of ['run', 'check', 'draw', 'submit']) {
    for (const [file, says] of cases) {
      const outcome = await eigenCli(command, file);
      assert.equal(outcome.code, 2, `${command} ${file}: ${outcome.stderr}`);
      oneSentence(outcome, says);
    }
  }
  const mistake = await eigenCli('rnu', 'examples/bell.qasm');
  assert.equal(mistake.code, 2);
  assert.match(mistake.stderr, /Did you mean run\?/);
});

test('without a server, the command line says how to start one', async () => {
  const outcome = await eigenCli('submit', 'examples/bell.qasm', '--endpoint', 'http://127.0.0.1:9');
  assert.equal(outcome.code, 3);
  oneSentence(outcome, /npm start/);
});

test('Ctrl-C ends the command line with 130', async () => {
  const running = start(place, 'bin/eigen-cli', 'run', '-');
  // It waits for a program on its standard input; the interpreter itself has started by then.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  signalGroup(running.process, 'SIGINT');
  const { code } = await running.outcome;
  // A shell reports a program that the signal itself ended as 130 too.
  assert.equal(code === 'SIGINT' ? 130 : code, 130);
});

test('a Node that is too old is told in one line what to install', async () => {
  const folder = join(home, 'old');
  mkdirSync(folder);
  cpSync(join(clone, 'bin'), join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const old = 'data:text/javascript,Object.defineProperty(process,"version",{value:"v20.11.0"})';
  const outcome = await run(
    { cwd: folder, environment: { PATH: '' } },
    ...([process.execPath, '--import', old, 'bin/launch.js', 'any.ts'] as const),
  );
  assert.equal(outcome.code, 4);
  oneSentence(outcome, /needs Node 24\.7 or newer and found v20\.11\.0\. Install it/);
});

test('without development dependencies the platform and the demo still run', async () => {
  const installed = await run(place, 'npm', 'ci', '--omit=dev', '--prefer-offline');
  assert.equal(installed.code, 0, installed.stderr);
  const packages = readdirSync(join(clone, 'node_modules'));
  for (const heavy of ['typescript', 'knip', '@biomejs', 'fast-check', '@grpc'])
    assert.ok(!packages.includes(heavy), `${heavy} is installed`);
  assert.ok(!existsSync(join(clone, 'node_modules/@bufbuild/buf')));
  const demo = await run(place, 'npm', 'run', 'demo');
  assert.equal(demo.code, 0, demo.stderr);
  await interrupt(await startServer(place, 'npm start'));
});
