import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  call,
  type Job,
  jobIn,
  jobNow,
  submit,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';
import { ROLES, type Role, type RolePlatform, startRoles } from '../platform/roles.ts';

const BELL = { program: example('bell'), shots: 500, seed: 3 };
const ARGS = ['--drivers', 'sim,fault', '--workers', '1'];

interface Readyz {
  readonly [name: string]: unknown;
}

const readyz = async (admin: string): Promise<readonly [number, Readyz]> => {
  const answer = await call(`${admin}/readyz`);
  return [answer.status, answer.json<Readyz>()];
};

const results = async (rest: string, id: string): Promise<string> =>
  (await call(`${rest}/api/v1/jobs/${id}/artifacts/results.json`)).text;

/** Runs a job, and once more with the same seed on what is to behave the same. */
async function bell(platform: RolePlatform): Promise<string> {
  const id = await submit(platform.ready.rest, BELL);
  assert.equal((await terminalJob(platform.ready.rest, id)).state, 'DONE');
  return results(platform.ready.rest, id);
}

test('roles start in any order and find each other; by certificates or by the secret of the directory', {}, async () => {
  const orders: readonly (readonly Role[])[] = [
    ['system-api', 'driver-manager', 'compiler', 'qfs', 'kernel'],
    ['qfs', 'kernel', 'compiler', 'system-api', 'driver-manager'],
  ];
  const outcomes: string[] = [];
  for (const [at, order] of orders.entries()) {
    const dataDir = temporaryDirectory();
    const platform = await startRoles({ dataDir, args: ARGS, order, secret: at === 1 });
    outcomes.push(await bell(platform));
    assert.equal(await platform.end('SIGTERM'), 0, platform.stderr());
    assert.equal(platform.stderr(), '');
  }
  assert.equal(new Set(outcomes).size, 1);
});

/** What a submission meets while a role is away: it is refused for a while, or accepted and waits. */
const WHILE_AWAY = [
  ['kernel', 503],
  ['qfs', 503],
  ['compiler', 503],
  ['driver-manager', 202],
] as const satisfies readonly (readonly [Role, number])[];

test('a role that is away is named, submissions are refused for a while or wait, and its return is enough', {}, async () => {
  const platform = await startRoles({ dataDir: temporaryDirectory(), args: ARGS });
  const { rest, admin } = platform.ready;
  const expected = await bell(platform);
  for (const [role, submission] of WHILE_AWAY) {
    assert.equal(await platform.stop(role, 'SIGKILL'), 'SIGKILL');
    // The doors ask the roles that they call themselves.
    const asked = role === 'driver-manager' ? platform.of('kernel').ready.admin : admin;
    const [status, parts] = await readyz(asked);
    assert.equal(status, 503, `${role}: ${JSON.stringify(parts)}`);
    assert.match(JSON.stringify(parts), new RegExp(`"${role}"`));
    assert.equal((await call(`${rest}/healthz`)).status, 200);
    const answer = await call(`${rest}/api/v1/jobs`, 'POST', { language: 'openqasm3', ...BELL });
    assert.equal(answer.status, submission, `${role}: ${answer.text}`);
    if (submission === 503) {
      const refusal = answer.json<{ code: string; retryable: boolean; metadata: { role: string } }>();
      const { code, retryable, metadata } = refusal;
      assert.deepEqual([code, retryable, metadata.role], ['ROLE_UNAVAILABLE', true, role]);
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
    }
    await platform.start(role);
    await platform.untilReady();
    if (submission === 202) assert.equal((await terminalJob(rest, answer.json<Job>().job_id)).state, 'DONE');
    assert.equal(await bell(platform), expected, role);
  }
  await platform.stop('system-api', 'SIGKILL');
  await platform.start('system-api');
  assert.equal(await bell(platform), expected);
  assert.equal(await platform.end('SIGTERM'), 0, platform.stderr());
});

test('a role that is told to stop ends with 0 while jobs run, and every job ends as if nothing had been', {}, async () => {
  const platform = await startRoles({ dataDir: temporaryDirectory(), args: ARGS });
  const { rest } = platform.ready;
  const expected = await bell(platform);
  for (const role of ROLES) {
    const ids = await Promise.all([
      ...Array.from({ length: 4 }, () => submit(rest, { ...BELL, target: 'fault:slow:700' })),
      ...Array.from({ length: 8 }, () => submit(rest, BELL)),
    ]);
    assert.equal(await platform.stop(role, 'SIGTERM'), 0, `${role}: ${platform.stderr()}`);
    await platform.start(role);
    await platform.untilReady();
    for (const id of ids) {
      const job = await terminalJob(platform.ready.rest, id);
      assert.deepEqual([job.state, job.attempts], ['DONE', 1], `${role}: ${JSON.stringify(job)}`);
      assert.equal(await results(platform.ready.rest, id), expected, role);
    }
  }
  assert.equal(await platform.end('SIGTERM'), 0, platform.stderr());
});

test('a driver manager that stops lets its executions end, and takes no new ones', async () => {
  const platform = await startRoles({ dataDir: temporaryDirectory(), args: ARGS });
  const { rest } = platform.ready;
  const running = await submit(rest, { ...BELL, target: 'fault:slow:1500' });
  const { admin } = platform.of('driver-manager').ready;
  await until('the submission', 30_000, async () => {
    const { text } = await call(`${admin}/metrics`);
    return /^eigen_driver_requests_total\{.*op="submit",success="true".*\} 1$/m.test(text) || undefined;
  });
  const stopped = platform.stop('driver-manager', 'SIGTERM');
  const later = await submit(rest, BELL);
  assert.equal((await terminalJob(rest, running)).state, 'DONE');
  assert.equal(await stopped, 0, platform.stderr());
  assert.notEqual((await jobNow(rest, later)).state, 'DONE');
  await platform.start('driver-manager');
  assert.equal((await terminalJob(rest, later)).state, 'DONE');
  assert.equal(await platform.end('SIGTERM'), 0, platform.stderr());
});

test('two driver managers are one device: killed in the middle, the other does the work again', {}, async () => {
  const platform = await startRoles({ dataDir: temporaryDirectory(), args: ARGS, twice: ['driver-manager'] });
  const { rest } = platform.ready;
  const expected = await bell(platform);
  const slots = async (): Promise<unknown> => (await call(`${rest}/api/v1/devices/sim:local`)).json();
  assert.match(JSON.stringify(await slots()), /online/i);
  const ids = await Promise.all(
    Array.from({ length: 12 }, () => submit(rest, { ...BELL, target: 'fault:slow:1500' })),
  );
  await Promise.all(ids.map((id) => jobIn(rest, id, 'RUNNING')));
  await platform.stop('driver-manager', 'SIGKILL');
  for (const id of ids) {
    const job = await terminalJob(rest, id);
    assert.equal(job.state, 'DONE', JSON.stringify(job));
    assert.equal(await results(rest, id), expected);
  }
  await until('readiness with one of two', 10_000, async () => {
    const [status, parts] = await readyz(platform.of('kernel').ready.admin);
    return status === 200 && /1 of 2/.test(JSON.stringify(parts)) ? true : undefined;
  });
  assert.equal(await platform.end('SIGTERM'), 0, platform.stderr());
});
