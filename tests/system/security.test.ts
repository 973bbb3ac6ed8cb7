import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { connectGrpc, grpcFailure, type Reply } from '../platform/grpc-client.ts';
import {
  call,
  type Job,
  type Platform,
  startPlatform,
  temporaryDirectory,
  until,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';
import { auditLines, auditText, bearer, makeToken, setLimits } from '../platform/tokens.ts';

const dataDir = temporaryDirectory();
const PROGRAM = example('bell');
let platform: Platform;
let closed: Promise<void>;

/** Who is who: tokens by name. */
const tokens: Record<string, string> = {};

before(async () => {
  platform = await startPlatform({ dataDir, environment: { QFS_LOG_LEVEL: 'trace' } });
  closed = openUntilFirstToken();
  await closed;
  tokens.boss = makeToken(
    dataDir,
    ...['--tenant', 'acme', '--project', 'alpha', '--subject', 'boss', '--role', 'admin'],
  );
  tokens.umbrella = makeToken(
    dataDir,
    ...['--tenant', 'umbrella', '--project', 'alpha', '--subject', 'ana', '--role', 'admin'],
  );
  for (const [name, fields] of Object.entries({
    ana: { subject: 'ana', roles: ['user'] },
    bob: { subject: 'bob', roles: ['user'] },
    reader: { subject: 'ana', roles: ['readonly'] },
    beta: { subject: 'ana', roles: ['user'], project_id: 'beta' },
    betaBoss: { subject: 'boss', roles: ['admin'], project_id: 'beta' },
  })) {
    tokens[name] = (await rest('boss', '/api/v1/tokens', 'POST', fields)).json<{ secret: string }>().secret;
  }
});
after(async () => assert.equal(await platform.end('SIGTERM'), 0));

const rest = (who: string, path: string, method = 'GET', body?: unknown, headers = {}) =>
  call(`${platform.ready.rest}${path}`, method, body, { ...bearer(tokens[who] ?? who), ...headers });

const grpc = async (
  who: string,
  service: 'JobService' | 'DeviceService' | 'TokenService',
  method: string,
  request: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> => {
  const client = connectGrpc(platform.ready.grpc, `eigen.api.v1.${service}`);
  try {
    return await client.call(method, request, { ...bearer(tokens[who] ?? who), ...headers });
  } finally {
    client.close();
  }
};

/**
 * Before anybody has a token everybody is the local user; the first token ends that, in the running server.
 */
async function openUntilFirstToken(): Promise<void> {
  const url = `${platform.ready.rest}/api/v1/identity`;
  const open = (await call(url)).json();
  assert.deepEqual([open.subject, open.method, open.roles], ['local', 'open', ['admin']]);
  assert.match(platform.stderr(), /open to everybody on this machine/);
  tokens.first = makeToken(dataDir, '--role', 'admin', '--name', 'first');
  assert.equal((await call(url)).status, 401);
  const devices = connectGrpc(platform.ready.grpc, 'eigen.api.v1.DeviceService');
  assert.equal((await grpcFailure(devices.call('ListDevices', {}))).status, status.UNAUTHENTICATED);
  devices.close();
  assert.equal((await call(url, 'GET', undefined, bearer(tokens.first))).json().method, 'token');
}

const submit = async (who: string): Promise<string> => {
  const answer = await rest(who, '/api/v1/jobs', 'POST', { language: 'openqasm3', program: PROGRAM });
  assert.equal(answer.status, 202, answer.text);
  return answer.json<Job>().job_id;
};

const ended = (who: string, jobId: string): Promise<Job> =>
  until(`the end of ${jobId}`, 60_000, async () => {
    const job = (await rest(who, `/api/v1/jobs/${jobId}`)).json<Job>();
    return ['DONE', 'ERROR'].includes(job.state) ? job : undefined;
  });

test('SEC-1: a server on loopback is open until the first token, and closed without a restart', () => closed);

test('SEC-3, SEC-4, SEC-5: tokens are made, used, listed and revoked over gRPC as over REST', async () => {
  const wanted = { name: 'ci', roles: ['user'], scopes: ['jobs:read'], ttl_seconds: 3600 };
  const { token, secret } = (await grpc('boss', 'TokenService', 'CreateToken', wanted)) as {
    token: Reply;
    secret: string;
  };
  assert.deepEqual([token.subject, token.tenant_id, token.project_id], ['boss', 'acme', 'alpha']);
  tokens.ci = secret;
  const identity = (await rest('ci', '/api/v1/identity')).json();
  assert.deepEqual([identity.permissions, identity.token_id], [['jobs:read'], token.token_id]);
  assert.equal((await rest('ci', '/tasks', 'POST', { qc: PROGRAM })).status, 403);
  const mine = (await rest('boss', '/api/v1/tokens')).json<{
    tokens: { token_id: string; tenant_id: string }[];
  }>();
  assert(mine.tokens.some(({ token_id }) => token_id === token.token_id));
  assert(mine.tokens.every(({ tenant_id }) => tenant_id === 'acme'));
  const foreign = await grpcFailure(
    grpc('umbrella', 'TokenService', 'RevokeToken', { token_id: token.token_id }),
  );
  assert.deepEqual([foreign.status, foreign.reason], [status.NOT_FOUND, 'TOKEN_NOT_FOUND']);
  assert.equal((await rest('boss', `/api/v1/tokens/${token.token_id}`, 'DELETE')).status, 200);
  const refused = (await rest('ci', '/api/v1/identity')).json<{ metadata: { reason: string } }>();
  assert.equal(refused.metadata.reason, 'revoked');
  assert.equal((await grpcFailure(grpc('ci', 'JobService', 'ListJobs', {}))).status, status.UNAUTHENTICATED);
  const wide = await grpcFailure(grpc('boss', 'TokenService', 'CreateToken', { tenant_id: 'umbrella' }));
  assert.deepEqual([wide.status, wide.reason], [status.PERMISSION_DENIED, 'AUTH_DENIED']);
});

test('SEC-9: roles hold over both doors of a running server', async () => {
  const cases: readonly (readonly [who: string, allowed: readonly boolean[]])[] = [
    ['boss', [true, true, true]],
    ['ana', [true, true, false]],
    ['reader', [true, false, false]],
  ];
  for (const [who, allowed] of cases) {
    const outcomes = [
      (await rest(who, '/api/v1/jobs')).status !== 403,
      (await rest(who, '/tasks', 'POST', { qc: PROGRAM })).status !== 403,
      (await rest(who, '/api/v1/tokens')).status !== 403,
    ];
    assert.deepEqual(outcomes, allowed, who);
    const qasm = { source: Buffer.from(PROGRAM) };
    const calls = [
      grpc(who, 'JobService', 'ListJobs', {}),
      grpc(who, 'JobService', 'SubmitJob', { qasm }),
      grpc(who, 'DeviceService', 'ReserveDevice', { device_id: 'none', ttl_seconds: 1 }),
    ];
    const codes = (await Promise.allSettled(calls)).map(
      (outcome) => (outcome as { reason?: { code: number } }).reason?.code,
    );
    assert.deepEqual(
      codes.map((code) => code !== status.PERMISSION_DENIED),
      allowed,
      who,
    );
  }
});

test('SEC-10: jobs of others in the project are read, but ended by their owner or an admin', async () => {
  const jobId = await submit('ana');
  await ended('bob', jobId);
  for (const [path, method] of [
    ['/cancel', 'POST'],
    ['', 'DELETE'],
  ] as const) {
    const refused = await rest('bob', `/api/v1/jobs/${jobId}${path}`, method);
    assert.deepEqual([refused.status, refused.json().code], [403, 'AUTH_DENIED']);
  }
  const overGrpc = await grpcFailure(grpc('bob', 'JobService', 'DeleteJob', { job_id: jobId }));
  assert.equal(overGrpc.status, status.PERMISSION_DENIED);
  const done = await rest('boss', `/api/v1/jobs/${jobId}`, 'DELETE');
  assert.equal(done.status, 200, done.text);
});

type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>> };

/** Addresses below a job, of every API, whose answer would tell something about it. */
const jobAddresses = (document: Document): [method: string, path: string][] =>
  Object.entries(document.paths)
    .filter(([path]) => /^\/(?:tasks|api\/v1\/jobs|v0\.4\/jobs)\/\{id\}/.test(path))
    .flatMap(([path, operations]) =>
      Object.keys(operations).map((method): [string, string] => [method.toUpperCase(), path]),
    );

test('SEC-11: another tenant and another project find nothing, at every address and method that names a job', async () => {
  const jobId = await submit('ana');
  await ended('ana', jobId);
  const document = (await rest('ana', '/openapi.json')).json<Document>();
  const addresses = jobAddresses(document);
  assert(addresses.length >= 15, `${addresses.length} addresses`);
  const messages = { job_id: jobId, name: 'results.json' };
  const methods = [
    ...[
      'GetJobStatus',
      'GetJob',
      'GetJobResults',
      'GetDispatchRationale',
      'ListJobArtifacts',
      'GetJobArtifact',
    ],
    ...['GetReceipt', 'CancelJob', 'DeleteJob', 'RedriveJob'],
  ];
  for (const stranger of ['beta', 'umbrella']) {
    for (const [method, pattern] of addresses) {
      const path = pattern
        .replace('{id}', jobId)
        .replace('{*}', 'results.json')
        .replace('{kind}', 'histogram');
      const answer = await rest(stranger, path, method);
      assert.equal(answer.status, 404, `${stranger}: ${method} ${path}: ${answer.text}`);
      assert(!answer.text.includes('ana'), answer.text);
    }
    for (const method of methods) {
      const failure = await grpcFailure(grpc(stranger, 'JobService', method, messages));
      assert.deepEqual(
        [failure.status, failure.reason],
        [status.NOT_FOUND, 'JOB_NOT_FOUND'],
        `${stranger}: ${method}`,
      );
    }
    assert.equal(await streamStatus(stranger, jobId), status.NOT_FOUND);
    await refusesReferences(stranger, jobId);
    for (const list of ['/api/v1/jobs', '/api/v1/jobs?state=DONE', '/v0.4/jobs']) {
      assert.deepEqual((await rest(stranger, list)).json<{ jobs: [] }>().jobs, [], `${stranger}: ${list}`);
    }
    assert.deepEqual((await grpc(stranger, 'JobService', 'ListJobs', {})).jobs, []);
  }
  // An admin of the tenant gets there by naming the project, an admin of another tenant never.
  const project = { 'x-eigen-project': 'alpha' };
  assert.equal((await rest('beta', `/api/v1/jobs/${jobId}`, 'GET', undefined, project)).status, 403);
  assert.equal(
    (await rest('boss', '/api/v1/jobs', 'GET', undefined, { 'x-eigen-project': 'beta' })).status,
    200,
  );
  const tenant = { 'x-eigen-tenant': 'acme', ...project };
  assert.equal((await rest('umbrella', `/api/v1/jobs/${jobId}`, 'GET', undefined, tenant)).status, 403);
});

/** Addresses with an id whose answers are the same for every tenant, and those that other tests are about. */
const NO_ONES = [/^\/api\/v1\/devices\//, /^\/v0\.4\/backends\//];
const COVERED = [
  /^\/(?:tasks|api\/v1\/jobs|v0\.4\/jobs)\/\{id\}/,
  /^\/api\/v1\/(?:reservations|tokens)\/\{id\}/,
  /^\/v0\.4\/sessions\/\{id\}/,
];

test('SEC-11: sessions and reservations are of their project too, and there is nothing else with an id', async () => {
  const { paths } = (await rest('ana', '/openapi.json')).json<Document>();
  const withId = Object.keys(paths).filter((path) => path.includes('{'));
  const unknown = withId.filter((path) => ![...NO_ONES, ...COVERED].some((pattern) => pattern.test(path)));
  assert.deepEqual(unknown, [], 'say whose these are');
  const session = await rest('ana', '/v0.4/sessions', 'POST', { backend: 'simulator' });
  assert.equal(session.status, 201, session.text);
  const held = await rest('boss', '/api/v1/reservations', 'POST', {
    device_id: 'sim:local',
    ttl_seconds: 60,
  });
  assert.equal(held.status, 201, held.text);
  const { id } = session.json();
  const { reservation_id: reservationId } = held.json();
  for (const stranger of ['umbrella', 'betaBoss']) {
    for (const [method, path] of [
      ['GET', `/v0.4/sessions/${id}`],
      ['POST', `/v0.4/sessions/${id}/end`],
      ['DELETE', `/api/v1/reservations/${reservationId}`],
    ] as const) {
      const answer = await rest(stranger, path, method);
      assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`);
    }
    assert.deepEqual((await rest(stranger, '/api/v1/reservations')).json().reservations, []);
  }
  assert.equal((await rest('boss', `/api/v1/reservations/${reservationId}`, 'DELETE')).status, 200);
});

async function streamStatus(who: string, jobId: string): Promise<number> {
  const client = connectGrpc(platform.ready.grpc, 'eigen.api.v1.JobService');
  try {
    for await (const _ of client.stream('StreamJobUpdates', { job_id: jobId }, bearer(tokens[who]!)))
      return 0;
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  } finally {
    client.close();
  }
}

/** A new job cannot lean on one of others: as parent, as dependency, or by its artifacts. */
async function refusesReferences(stranger: string, jobId: string): Promise<void> {
  const job = { language: 'openqasm3', program: PROGRAM };
  const child = await rest(stranger, '/api/v1/jobs', 'POST', { ...job, parent_job_id: jobId });
  assert.deepEqual([child.status, child.json().code], [404, 'JOB_NOT_FOUND']);
  const qasm = { source: Buffer.from(PROGRAM) };
  const aqoRef = { qfs_ref: `circuit_fs/${jobId}/compiled.aqo.json` };
  for (const request of [{ qasm, dependencies: [jobId] }, { aqo_ref: aqoRef }]) {
    const failure = await grpcFailure(grpc(stranger, 'JobService', 'SubmitJob', request));
    assert.equal(failure.status, status.NOT_FOUND, JSON.stringify(Object.keys(request)));
  }
}

test('SEC-13: a tenant’s rate holds over both doors together', async () => {
  const token = makeToken(dataDir, '--tenant', 'fast', '--role', 'user');
  setLimits(dataDir, 'key_requests_per_second=1', '--tenant', 'fast');
  await until('the limit', 5_000, async () => {
    const { limits } = (await rest(token, '/api/v1/identity')).json<{
      limits?: { key_requests_per_second: number };
    }>();
    return limits?.key_requests_per_second === 1 || limits === undefined ? true : undefined;
  });
  const startMs = performance.now();
  const answers = await Promise.all(Array.from({ length: 30 }, () => rest(token, '/api/v1/devices')));
  const calls = await Promise.allSettled(
    Array.from({ length: 10 }, () => grpc(token, 'DeviceService', 'ListDevices', {})),
  );
  const passed =
    answers.filter((answer) => answer.status === 200).length +
    calls.filter((one) => one.status === 'fulfilled').length;
  const allowed = 2 + (performance.now() - startMs) / 1000;
  assert(passed <= allowed, `${passed} of at most ${allowed}`);
  const refused = answers.find((answer) => answer.status === 429)!;
  assert.deepEqual([refused.json().code, refused.headers.get('x-ratelimit-limit')], ['RATE_LIMITED', '1']);
  assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
});

test('SEC-14: limits of a tenant bound its open jobs, its shots and its tokens', async () => {
  const token = makeToken(dataDir, '--tenant', 'small', '--role', 'admin');
  const attempt = async (fields: object) =>
    (await rest(token, '/api/v1/jobs', 'POST', { language: 'openqasm3', program: PROGRAM, ...fields })).json()
      .code;
  setLimits(dataDir, 'shots=200', 'tokens=1', '--tenant', 'small');
  await until('the limits', 5_000, async () =>
    (await attempt({ shots: 201 })) === 'CIRCUIT_TOO_LARGE' ? true : undefined,
  );
  assert.equal(await attempt({ shots: 200 }), undefined);
  assert.equal(await attempt({}), 'CIRCUIT_TOO_LARGE', 'what names no shots has those of the server');
  assert.equal((await rest(token, '/api/v1/tokens', 'POST', {})).json().code, 'QUOTA_EXCEEDED');
  setLimits(dataDir, 'open_jobs=0', '--tenant', 'small', '--project', 'project-default');
  await until('the limit', 5_000, async () =>
    (await attempt({ shots: 1 })) === 'QUOTA_EXCEEDED' ? true : undefined,
  );
  const other = { 'x-eigen-project': 'other' };
  const elsewhere = await rest(token, '/tasks', 'POST', { qc: 'qubit q;' }, other);
  assert.equal(
    elsewhere.json().code,
    'CIRCUIT_TOO_LARGE',
    'the project’s bound is its own, the tenant’s holds everywhere',
  );
});

test('SEC-15: changes, denials and failures are written down, with who, what and how it ended', async () => {
  const jobId = await submit('ana');
  await rest('ana', '/api/v1/tokens', 'GET', undefined, { 'x-request-id': 'audit-1' });
  await rest('nobody', '/api/v1/jobs', 'GET', undefined, { 'x-request-id': 'audit-2' });
  const find = (requestId: string) => auditLines(dataDir).find((line) => line.request_id === requestId);
  await until('the audit log', 5_000, async () => find('audit-2'));
  const { trace_id: _, ...denied } = find('audit-1')! as unknown as Record<string, string>;
  assert.match(denied.timestamp!, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.deepEqual(
    { ...denied, timestamp: '' },
    {
      ...{ timestamp: '', subject: 'ana', tenant: 'acme', project: 'alpha', action: 'tokens:manage' },
      ...{
        resource: 'GET /api/v1/tokens',
        outcome: 'denied',
        reason: 'AUTH_DENIED',
        request_id: 'audit-1',
        remote: '127.0.0.1',
      },
    },
  );
  assert.deepEqual([find('audit-2')?.action, find('audit-2')?.reason], ['authenticate', 'malformed']);
  const done = auditLines(dataDir).find((line) => line.resource === jobId);
  assert.deepEqual([done?.action, done?.outcome, done?.subject], ['jobs:submit', 'done', 'ana']);
});

test('SEC-16: no token stands in logs, audit log or metrics, and no program', async () => {
  await rest('ana', '/tasks', 'POST', { qc: '// swordfish\nqubit q;' });
  await rest(`${tokens.ana}x`, '/api/v1/identity');
  await rest('ana', `/api/v1/jobs?token=${'x'}`);
  const metrics = (await call(`${platform.ready.admin}/metrics`)).text;
  const written = `${platform.stderr()}${auditText(dataDir)}${metrics}`;
  assert.match(metrics, /security_permission_checks_total\{resource="jobs",action="submit",allowed="true"/);
  assert.match(metrics, /eigen_api_authentication_failures_total\{reason="revoked"/);
  for (const [name, token] of Object.entries(tokens)) {
    // Neither the whole nor the secret part alone.
    assert(!written.includes(token.slice(25, 60)), name);
  }
  assert(!written.includes('swordfish'));
  assert(!readFileSync(`${dataDir}/auth.sqlite`).includes(tokens.ana!.slice(25, 60)));
});
