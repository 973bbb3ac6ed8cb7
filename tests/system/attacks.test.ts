import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readdirSync, rmdirSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example, layered } from '../platform/programs.ts';

const BELL = { language: 'openqasm3', program: example('bell'), shots: 10, seed: 1 };

let platform: Platform;
let rest: string;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
  rest = platform.ready.rest;
});
after(async () => {
  assert.equal(await platform.end('SIGTERM'), 0);
  assert.equal(platform.stderr(), '', 'what a caller does wrong is no warning of ours');
});

const submit = (body: object, headers = {}) => call(`${rest}/api/v1/jobs`, 'POST', body, headers);
const times = <T>(count: number, run: (k: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, k) => run(k)));
const gauge = async (name: string): Promise<number> => {
  const { text } = await call(`${platform.ready.admin}/metrics`);
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
};

test('one idempotency key sent a hundred times at once makes one job', async () => {
  const answers = await times(100, () => submit(BELL, { 'idempotency-key': 'storm' }));
  const accepted = answers.filter(({ status }) => status === 202).map((one) => one.json<Job>().job_id);
  const others = answers.filter(({ status }) => status !== 202);
  assert.equal(new Set(accepted).size, 1);
  for (const one of others)
    assert.equal(one.json<{ code: string }>().code, 'IDEMPOTENCY_IN_FLIGHT', one.text);
});

test('five hundred submissions at once are each answered and each end', async () => {
  const ids = await times(500, async (k) => {
    const answer = await submit({ ...BELL, seed: k });
    assert.equal(answer.status, 202, answer.text);
    return answer.json<Job>().job_id;
  });
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.equal((await terminalJob(rest, id)).state, 'DONE');
});

test('a hundred cancellations of one job end it once, each with an answer', async () => {
  const { job_id: id } = (await submit({ ...BELL, program: layered(20, 200) })).json<Job>();
  const answers = await times(100, () => call(`${rest}/api/v1/jobs/${id}/cancel`, 'POST'));
  for (const { status, text } of answers) assert.ok(status === 202 || /"JOB_TERMINAL"/.test(text), text);
  assert.equal((await terminalJob(rest, id)).state, 'CANCELLED');
});

test('callers who vanish in the middle of streams and bodies leave nothing behind', async () => {
  const { job_id: id } = (await submit({ ...BELL, program: layered(20, 200) })).json<Job>();
  const head =
    'HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"qc"';
  const sockets = await times(200, async (k) => {
    const { hostname, port } = new URL(rest);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write(
      k % 2 === 0
        ? `GET /api/v1/jobs/${id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n`
        : `POST /tasks ${head}`,
    );
    return socket;
  });
  const busy = async () => ((await gauge('eigen_api_active_requests')) >= sockets.length ? true : undefined);
  await until('every request to be under way', 20_000, busy);
  for (const socket of sockets) socket.resetAndDestroy();
  const idle = async () => ((await gauge('eigen_api_active_requests')) === 0 ? true : undefined);
  await until('every request to be forgotten', 20_000, idle);
  await call(`${rest}/api/v1/jobs/${id}/cancel`, 'POST');
});

test('a few bytes that mean seconds of compilation hold up nobody else', async () => {
  const program = `OPENQASM 3.0; include "stdgates.inc"; qubit[4000] q; ${'x q; '.repeat(450)}`;
  let checked = false;
  const check = call(`${rest}/api/v1/validate`, 'POST', { language: 'openqasm3', source: program }).finally(
    () => {
      checked = true;
    },
  );
  let answers = 0;
  while (!checked) {
    assert.equal((await call(`${rest}/healthz`)).status, 200);
    answers += 1;
  }
  assert.equal((await check).status, 200);
  assert.ok(answers > 10, `${answers} other requests were answered meanwhile`);
});

test('no name leads out of the artifacts of its job', async () => {
  const { job_id: id } = (await submit(BELL)).json<Job>();
  await terminalJob(rest, id);
  const names = [
    '..%2f..%2fqfs.sqlite',
    '..%5cqfs.sqlite',
    '%2e%2e/job.yaml',
    'job.yaml%00',
    'attempts/0/job.yaml',
  ];
  for (const name of names) {
    const { status, text } = await call(`${rest}/api/v1/jobs/${id}/artifacts/${name}`);
    assert.equal(status, 404, `${name}: ${text}`);
  }
});

test('ART-11: a byte that flipped on the disk is found, and the same bytes heal it', async (t) => {
  const dataDir = temporaryDirectory();
  const own = await startPlatform({ dataDir });
  t.after(() => own.end('SIGKILL'));
  const body = { ...BELL, program: `${BELL.program}// ${'x'.repeat(200_000)}` };
  const send = async () => {
    const { job_id: id } = (await call(`${own.ready.rest}/api/v1/jobs`, 'POST', body)).json<Job>();
    await terminalJob(own.ready.rest, id);
    return call(`${own.ready.rest}/api/v1/jobs/${id}/artifacts/program.qasm`);
  };
  assert.equal((await send()).status, 200);
  const shelf = join(dataDir, 'blobs', 'sha256');
  const [file] = readdirSync(shelf, { recursive: true }).filter((name) => String(name).includes('.'));
  const blob = join(shelf, String(file));
  chmodSync(blob, 0o644);
  const handle = openSync(blob, 'r+');
  writeSync(handle, 'Z', 100);
  closeSync(handle);
  const [job] = (await call(`${own.ready.rest}/api/v1/jobs`)).json<{ jobs: Job[] }>().jobs;
  const path = `${own.ready.rest}/api/v1/jobs/${job?.job_id}/artifacts/program.qasm`;
  assert.equal((await call(path)).json<{ code: string }>().code, 'ARTIFACT_CORRUPT');
  assert.equal((await send()).status, 200);
  assert.equal((await call(path)).text, body.program);
});

/** A disk of a few megabytes, if this user may mount one. */
function smallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'qfs-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', path]).status === 0) return path;
  rmdirSync(path);
  return undefined;
}

test('ART-12: a full disk refuses with 507 and when to come again; what was accepted ends when there is room', async (t) => {
  const path = smallDisk();
  if (path === undefined) return t.skip('mounting a small disk needs privileges');
  const environment = { QFS_LOG_LEVEL: 'fatal' };
  const starting = startPlatform({ dataDir: join(path, 'data'), environment });
  t.after(async () => {
    await starting.then((own) => own.end('SIGKILL')).catch(() => undefined);
    spawnSync('umount', ['-l', path]);
    rmdirSync(path);
  });
  const own = await starting;
  const accepted: string[] = [];
  for (let k = 0; k < 1_000; k += 1) {
    const body = { ...BELL, program: `${BELL.program}// ${`${k} `.repeat(8_000)}` };
    const answer = await call(`${own.ready.rest}/api/v1/jobs`, 'POST', body);
    if (answer.status === 507) {
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
      break;
    }
    assert.equal(answer.status, 202, answer.text);
    accepted.push(answer.json<Job>().job_id);
  }
  assert.ok(accepted.length > 0 && accepted.length < 1_000, `${accepted.length} jobs were accepted`);
  assert.equal(spawnSync('mount', ['-o', 'remount,size=64m', path]).status, 0);
  for (const id of accepted) assert.equal((await terminalJob(own.ready.rest, id)).state, 'DONE');
  assert.equal((await call(`${own.ready.rest}/api/v1/jobs`, 'POST', BELL)).status, 202);
});
