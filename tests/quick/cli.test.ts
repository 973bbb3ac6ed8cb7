import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type CommandResult, eigenCli, eigenCliWith } from '../platform/eigen-cli.ts';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';

const UNKNOWN = 'job_00000000000000000000000000000000';
const BELL = readFileSync('examples/bell.qasm', 'utf8');

let platform: Platform;
/** A job that is DONE. */
let done: CommandResult;
let doneId: string;

const cli = (line: string): Promise<CommandResult> => eigenCli(platform, ...line.split(' '));
const rest = async (path: string): Promise<string> => (await call(`${platform.ready.rest}${path}`)).text;
const body = <T = Job>({ stdout }: CommandResult): T => JSON.parse(stdout) as T;
const firstLine = (text: string): string => text.split('\n')[0]!;

before(async () => {
  const args = ['--drivers', 'sim,fault', '--max-retries', '1', '--workers', '2'];
  platform = await startPlatform({ dataDir: temporaryDirectory(), args });
  done = await cli('submit examples/bell.qasm --wait --shots 100 --seed 7');
  doneId = firstLine(done.stderr);
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

test('submit --wait shows the counts, which are those of a run without a server', async () => {
  assert.equal(done.code, 0, done.stderr);
  assert.match(doneId, /^job_[0-9a-f]{32}$/);
  assert.equal(done.stderr, `${doneId}\n`);
  const [shown, local] = await Promise.all([
    cli(`results ${doneId}`),
    eigenCli(undefined, 'run', 'examples/bell.qasm', '--shots', '100', '--seed', '7'),
  ]);
  assert.deepEqual([shown.code, shown.stdout, shown.stderr], [0, done.stdout, '']);
  assert.equal(local.stdout, done.stdout);
  assert.match(done.stdout, /^00 .*\n11 .*\n100 shots, seed 7\n$/);
});

test('submit from the standard input prints the id alone, and watch follows the job to its end', async () => {
  const submitted = await eigenCliWith(
    { input: BELL },
    platform,
    'submit',
    '-',
    '--shots',
    '10',
    '--name',
    'piped',
  );
  assert.deepEqual([submitted.code, submitted.stderr], [0, '']);
  const id = submitted.stdout.trim();
  const [watched, again] = await Promise.all([cli(`watch ${id}`), cli(`watch ${id} --json`)]);
  assert.deepEqual([watched.code, watched.stdout], [0, '']);
  const states = watched.stderr.trim().split('\n');
  assert.match(states.at(0)!, / {2}PENDING /);
  assert.match(states.at(-1)!, / {2}DONE\b/);
  assert.equal(again.stdout, `${await rest(`/api/v1/jobs/${id}`)}\n`);
  assert.equal(body(again).name, 'piped');
});

test('DOOR-27: --json is the body of REST, byte for byte', async () => {
  const asked: readonly [line: string, path: string][] = [
    [`status ${doneId}`, `/api/v1/jobs/${doneId}`],
    [`results ${doneId}`, `/api/v1/jobs/${doneId}/results`],
    [`artifacts ${doneId}`, `/api/v1/jobs/${doneId}/artifacts`],
    ['list --state DONE --limit 1', '/api/v1/jobs?state=DONE&limit=1'],
    ['devices', '/api/v1/devices'],
  ];
  const shown = await Promise.all(asked.map(([line]) => cli(`${line} --json`)));
  for (const [index, [line, path]] of asked.entries()) {
    const { code, stdout } = shown[index]!;
    assert.deepEqual([code, stdout], [0, `${await rest(path)}\n`], line);
  }
  const refused = await cli(`status ${UNKNOWN} --json`);
  const { exit_code, request_id, ...problem } = body<Record<string, unknown>>(refused);
  const { request_id: _, ...expected } = JSON.parse(await rest(`/api/v1/jobs/${UNKNOWN}`));
  assert.deepEqual([refused.code, exit_code, problem], [2, 2, expected]);
  assert.match(`${request_id}`, /^cli_/);
});

test('people see tables, and get writes the bytes of an artifact', async () => {
  const [status, list, artifacts, devices, got] = await Promise.all([
    cli(`status ${doneId}`),
    cli('list'),
    cli(`artifacts ${doneId}`),
    cli('devices'),
    cli(`get ${doneId} compiled.qasm`),
  ]);
  assert.match(status.stdout, new RegExp(`^job +${doneId}\nname +bell.qasm\nstate +DONE\n`));
  assert.match(list.stdout, new RegExp(`^JOB .*NAME\n(.*\n)*${doneId} +DONE .* bell.qasm\n`));
  assert.match(artifacts.stdout, /^NAME .*HASH\n(.*\n)*results\.json +\d+ +sha256:[0-9a-f]{64}\n/);
  assert.match(devices.stdout, /^DEVICE +STATUS.*\n(.*\n)*sim:local +ONLINE /);
  assert.equal(got.stdout, await rest(`/api/v1/jobs/${doneId}/artifacts/compiled.qasm`));
});

test('cancel stops a job that runs; waiting for it ends with 4 and its state', async () => {
  const submitted = await cli('submit examples/bell.qasm --target fault:hang --json');
  const { job_id: id, ...accepted } = body(submitted);
  assert.deepEqual(
    [accepted.state, (accepted.links as { self: string }).self],
    ['PENDING', `/api/v1/jobs/${id}`],
  );
  const tooEarly = await cli(`results ${id}`);
  assert.deepEqual([tooEarly.code, tooEarly.stdout], [4, '']);
  assert.match(tooEarly.stderr, /^eigen-cli: .+\n$/);

  const cancelled = await cli(`cancel ${id} --json`);
  assert.equal(cancelled.code, 0, cancelled.stderr);
  assert.deepEqual([body(cancelled).job_id, body(cancelled).accepted], [id, true]);
  const watched = await cli(`watch ${id}`);
  assert.equal(watched.code, 4);
  assert.match(watched.stderr, new RegExp(`\neigen-cli: ${id} ended in CANCELLED`));
  const [results, again] = await Promise.all([cli(`results ${id} --json`), cli(`cancel ${id}`)]);
  assert.deepEqual([results.code, results.stdout], [4, `${await rest(`/api/v1/jobs/${id}/results`)}\n`]);
  assert.equal(body(results).results, null);
  assert.equal(again.code, 2, 'what has ended cannot be cancelled');
});

test('Ctrl-C ends the waiting with 130, and the job goes on', async () => {
  const line = 'submit examples/bell.qasm --target fault:slow:1000 --watch';
  const person = { interruptsAt: ' RUNNING ' };
  const interrupted = await eigenCliWith(person, platform, ...line.split(' '));
  const id = firstLine(interrupted.stderr);
  assert.deepEqual([interrupted.code, interrupted.stdout], [130, '']);
  assert.ok(interrupted.stderr.endsWith(`ask later with "eigen-cli status ${id}".\n`), interrupted.stderr);
  assert.equal((await terminalJob(platform.ready.rest, id)).state, 'DONE');
});

test('a job that failed is submitted again as a new one', async () => {
  const failed = await cli('submit examples/bell.qasm --target fault:unavailable --wait');
  assert.equal(failed.code, 4);
  const id = firstLine(failed.stderr);
  assert.match(failed.stderr, new RegExp(`\neigen-cli: ${id} ended in ERROR \\(\\w+\\)\\. .+\n$`));
  const redriven = await cli(`redrive ${id} --json`);
  const { job_id: newId, parent_job_id: parent, state } = body(redriven);
  assert.deepEqual([redriven.code, parent, state], [0, id, 'PENDING']);
  assert.notEqual(newId, id);
  assert.equal(JSON.parse(await rest(`/api/v1/jobs/${newId}`)).parent_job_id, id);
});

test('DOOR-25: every mistake is one sentence on the standard error, with its exit code', async () => {
  const mistakes: readonly [line: string, code: number, sentence: RegExp][] = [
    [`status ${UNKNOWN}`, 2, /job_0{32}/],
    ['status nonsense', 2, /nonsense/],
    [`cancel ${UNKNOWN}`, 2, /job_0{32}/],
    [`get ${doneId} none.json`, 2, /none\.json/],
    ['check missing.qasm', 2, /missing\.qasm does not exist/],
    ['submit examples/bell.qasm --target nowhere', 2, /nowhere/],
    ['list --cursor nonsense', 2, /cursor/i],
    ['devices --endpoint 127.0.0.1:1', 3, /No QFS server answers at http:\/\/127\.0\.0\.1:1\. Start one/],
  ];
  const shown = await Promise.all(mistakes.map(([line]) => cli(line)));
  for (const [index, [line, code, sentence]] of mistakes.entries()) {
    const { code: actual, stderr, stdout } = shown[index]!;
    assert.deepEqual([actual, stdout], [code, ''], `${line}: ${stderr}`);
    assert.match(stderr, /^eigen-cli: [^\n]+\n$/, line);
    assert.match(stderr, sentence, line);
  }
});
