import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type CommandResult, eigenCli, eigenCliHere, eigenCliWith } from '../platform/eigen-cli.ts';
import {
  call,
  jobIn,
  jobNow,
  type Platform,
  startPlatform,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { assertGolden } from '../platform/transcript.ts';

const folder = temporaryDirectory();
let platform: Platform;
let rest: string;

before(async () => {
  const args = ['--drivers', 'sim,fault', '--max-retries', '1', '--workers', '2'];
  platform = await startPlatform({ dataDir: temporaryDirectory(), args });
  rest = platform.ready.rest;
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
});

const cli = (line: string): Promise<CommandResult> => eigenCliHere(platform, ...line.split(' '));

async function out(line: string): Promise<string> {
  const { code, stderr, stdout } = await cli(line);
  assert.equal(code, 0, `${line}: ${stderr}`);
  return stdout;
}

const document = async <T>(line: string): Promise<T> => JSON.parse(await out(`${line} --json`)) as T;

/** What differs from run to run; ids of one thing have one name. */
function masked(text: string, names: Map<string, string>): string {
  const ids = /\b(?:job|res|cli)_[0-9a-z-]{24,36}\b/g;
  return text
    .replace(ids, (id) => {
      const kind = id.slice(0, id.indexOf('_'));
      const number = [...names.keys()].filter((other) => other.startsWith(kind)).length + 1;
      if (!names.has(id)) names.set(id, `<${kind} ${number}>`);
      return names.get(id)!;
    })
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '<time>')
    .replace(/http:\/\/127\.0\.0\.1:\d+/g, '<address>')
    .replace(/\b[0-9a-f]{32,}\b/g, '<hash>')
    .replace(/^((?:slots|slots_available|mean_execution_ms|accepted_index) +)\d+$/gm, '$1<number>');
}

/** Lines in the order of a day; `$1`, `$2` are the jobs submitted by then, `$r` is the reservation. */
const DAY = [
  'submit examples/bell.qasm --shots 100 --seed 7 --name bell --tag demo',
  'watch $1 --quiet',
  'status $1',
  'status $1 --quiet',
  'results $1',
  'results $1 --sort value_desc --top 1',
  'results $1 --csv',
  'explain $1',
  'artifacts $1 --quiet',
  'get $1 job.yaml',
  'open $1',
  'submit examples/bell.qasm examples/ghz.qasm --shots 10 --seed 7',
  'watch $2 --quiet',
  'results $2',
  'redrive $1',
  'watch $3 --quiet',
  'list --tag demo --quiet',
  'list --name bell --target sim:local --since 1h --state DONE --quiet',
  'list --parent $1 --quiet',
  'list --since 2999-01-01',
  'cancel $1',
  'cancel $1 --verbose --request-id cli_0123456789abcdef01234567',
  'delete $3',
  'delete $3 --yes --quiet',
  'list --deleted --quiet',
  'status $3',
  'device show sim:local',
  'device show nowhere',
  'devices --quiet',
  'reserve sim:local --ttl 10m --purpose demo',
  'reservations',
  'submit examples/bell.qasm --reservation $r --wait --shots 10 --seed 1 --quiet',
  'release $r',
  'release $r',
  'health',
  'version --server',
];

test('a day at the command line is as it was written down', async () => {
  const names = new Map<string, string>();
  const jobs: string[] = [];
  let reservation = '';
  let transcript = '';
  for (const line of DAY) {
    const typed = line.replace('$r', () => reservation).replace(/\$(\d)/g, (_, n) => jobs[Number(n) - 1]!);
    const { code, stderr, stdout } = await cli(typed);
    if (/^submit|^redrive/.test(line)) jobs.push(/job_\w+/.exec(stdout)![0]);
    if (line.startsWith('reserve ')) reservation = /res_\w+/.exec(stdout)![0];
    const talk = stderr.replace(/^(?=.)/gm, '! ');
    transcript += `### ${line}\n${masked(stdout + talk, names)}[${code}]\n\n`;
  }
  assertGolden('tests/system/golden/cli.txt', transcript);
});

test('DOOR-27: every further --json is the body of REST too', async () => {
  const id = (await out('submit examples/bell.qasm --shots 10')).trim();
  await terminalJob(rest, id);
  const pairs: readonly (readonly [line: string, path: string])[] = [
    [`explain ${id}`, `/api/v1/jobs/${id}/rationale`],
    ['device show sim:local', '/api/v1/devices/sim:local'],
    ['reservations', '/api/v1/reservations'],
    ['token whoami', '/api/v1/identity'],
    ['token list', '/api/v1/tokens'],
  ];
  for (const [line, path] of pairs) {
    const answer = await call(`${rest}${path}`);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(await out(`${line} --json`), `${answer.text}\n`, line);
  }
});

test('compile makes the bytes that the server keeps', async () => {
  const output = join(folder, 'compiled.aqo.json');
  for (const program of ['bell', 'teleport', 'qft']) {
    const file = `examples/${program}.qasm`;
    const id = (await out(`submit ${file} --shots 1`)).trim();
    const { digests } = (await terminalJob(rest, id)) as unknown as { digests: Record<string, string> };
    await out(`compile ${file} -o ${output}`);
    assert.equal(readFileSync(output, 'utf8'), await out(`get ${id} compiled.aqo.json`), program);
    const { digest } = await document<{ digest: string }>(`compile ${file}`);
    assert.equal(digest, digests['compiled.aqo.json'], program);
  }
});

test('a run here with noise has the counts of the server, and so has the replay of the job', async () => {
  const noisy = 'examples/ghz.qasm --shots 200 --seed 7 --option noise_model=depolarizing:0.05';
  const served = await cli(`submit ${noisy} --wait`);
  assert.equal(served.stdout, await out(`run ${noisy}`));
  assert.ok(served.stdout.split('\n').length > 5, 'noise shows');
  assert.match(await out(`replay ${served.stderr.trim()}`), /the results are equal, bit for bit/);
});

test('a job.yaml of the server, with its programs beside it, is the same job again', async () => {
  const first = (await out('submit examples/bell.qasm examples/qft.qasm --shots 50 --tag a --tag b')).trim();
  await terminalJob(rest, first);
  const place = join(folder, 'again');
  for (const name of await out(`artifacts ${first} --quiet`).then((text) => text.trim().split('\n'))) {
    if (name !== 'job.yaml' && !name.endsWith('.qasm')) continue;
    mkdirSync(join(place, name, '..'), { recursive: true });
    writeFileSync(join(place, name), await out(`get ${first} ${name}`));
  }
  const second = (await out(`submit --job ${place}/job.yaml`)).trim();
  await terminalJob(rest, second);
  for (const name of ['job.yaml', 'results.json', 'compiled.aqo.json']) {
    const path = name === 'compiled.aqo.json' ? 'items/1/compiled.aqo.json' : name;
    assert.equal(await out(`get ${second} ${path}`), await out(`get ${first} ${path}`), name);
  }
  const overridden = await document<{ job_id: string }>(
    `submit --job ${place}/job.yaml --seed 1 --name other`,
  );
  const { name, seed } = await jobNow(rest, overridden.job_id);
  assert.deepEqual([name, seed], ['other', 1]);
});

test('findings about a batch are shown in the program that has them', async () => {
  const wrong = join(folder, 'wrong.qasm');
  writeFileSync(wrong, 'OPENQASM 3.0;\nqubit q;\nhh q;\n');
  const { code, stderr } = await cli(`submit examples/bell.qasm ${wrong}`);
  assert.equal(code, 2);
  assert.match(stderr, new RegExp(`--> ${wrong}:3:1`));
});

test('DOOR-27: --jsonl tells every event as REST streams it', async () => {
  const { stdout } = await cli('submit examples/bell.qasm --watch --jsonl --shots 10');
  const lines = stdout.trim().split('\n');
  const { job_id: id } = JSON.parse(lines[0]!) as { job_id: string };
  const events = (await call(`${rest}/api/v1/jobs/${id}/events`)).text.match(/(?<=^data: ).+$/gm)!;
  assert.deepEqual(lines.slice(0, -1), [...events]);
  assert.equal(`${lines.at(-1)}`, (await call(`${rest}/api/v1/jobs/${id}/results`)).text);
  const watched = await cli(`watch ${id} --jsonl`);
  assert.deepEqual(watched.stdout.trim().split('\n'), [...events]);
});

test('list --all turns every page', async () => {
  const one = await document<{ jobs: { job_id: string }[]; next_cursor: string | null }>('list --limit 1');
  assert.equal(typeof one.next_cursor, 'string');
  const all = await document<{ jobs: { job_id: string }[]; next_cursor: null }>('list --all');
  assert.equal(all.next_cursor, null);
  assert.ok(all.jobs.length > 5, `${all.jobs.length}`);
  assert.equal((await out('list --all --jsonl')).split('\n').length, all.jobs.length + 1);
  const first = await out(`list --limit 2 --cursor ${one.next_cursor} --quiet`);
  assert.equal(first, `${all.jobs[1]!.job_id}\n${all.jobs[2]!.job_id}\n`);
});

test('who waits is told its place in the queue, and status --watch ends with the job', async () => {
  const hang = async (): Promise<string> =>
    (await out('submit examples/bell.qasm --target fault:hang')).trim();
  const jobs = [await hang()];
  await jobIn(rest, jobs[0]!, 'RUNNING');
  const slots = await until('the slots of the device', 10_000, async () => {
    const { attributes } = await document<{ attributes: { slots?: string } }>(`explain ${jobs[0]}`);
    return attributes.slots === undefined ? undefined : Number(attributes.slots);
  });
  while (jobs.length < slots + 2) jobs.push(await hang());
  await Promise.all(jobs.map((id, at) => jobIn(rest, id, at < slots ? 'RUNNING' : 'QUEUED')));
  for (const [at, id] of jobs.slice(slots).entries()) {
    const place = new RegExp(`^waits +place ${at + 1} of the queue`, 'm');
    await until(`place ${at + 1}`, 10_000, async () =>
      place.test(await out(`status ${id}`)) ? true : undefined,
    );
  }
  const [first] = jobs;
  const watching = cli(`status ${first} --watch`);
  for (const id of jobs) await out(`cancel ${id}`);
  const { code, stderr } = await watching;
  assert.equal(code, 4);
  assert.match(stderr, new RegExp(` {2}CANCELLED.*\\neigen-cli: ${first} ended in CANCELLED`));
});

test('a job begins after another one, and dies with it', async () => {
  const first = (await out('submit examples/bell.qasm --target fault:slow:500')).trim();
  const second = (await out(`submit examples/bell.qasm --after ${first}`)).trim();
  assert.match(await out(`status ${second}`), new RegExp(`^after +${first}$`, 'm'));
  assert.equal((await cli(`watch ${second}`)).code, 0);
});

test('--debug names every call with its time, and no token', async () => {
  const secret = { input: '', environment: { EIGEN_TOKEN: 'very-secret' } };
  const { code, stderr } = await eigenCliWith(secret, platform, 'devices', '--debug');
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^debug: eigen\.api\.v1\.DeviceService\/ListDevices OK \d+\.\d ms\n$/);
});

test('the gRPC door is not the REST door, and says so', async () => {
  const { code, stderr } = await eigenCli(undefined, 'devices', '--endpoint', rest);
  assert.equal(code, 3);
  assert.match(stderr, /does not speak gRPC\. The gRPC door of a server has a port of its own/);
});
