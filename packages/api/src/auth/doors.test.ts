import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { AUTH_FAILURES_PER_MINUTE_MAX, AUTHORIZATION_CHARS_MAX, QfsError, TENANT_CHARS_MAX } from '@qfs/core';
import { DeviceService, IDENTITY_HEADERS, JobService, LogService, TokenService } from '@qfs/rpc';
import { RetryInfoSchema } from '@qfs/rpc/grpc';
import { PERMISSION_BY_METHOD } from '../grpc/authorization.ts';
import { createGrpcDoor } from '../grpc/grpc-door.ts';
import { createRestDoor } from '../rest/rest-door.ts';
import { BELL, FIRST } from '../testing/open-rest-door.ts';
import { doorDependencies, MemoryRooms, TEST_IDENTITY } from '../testing/rooms.ts';
import { callerOf, memorySecurity } from '../testing/security.ts';
import type { AuditEvent } from './audit.ts';
import { bearerOf, refused } from './bearer.ts';
import type { Limits } from './caller.ts';
import { permissionsOf, ROLES } from './permissions.ts';

/** Both doors over the same rooms; `Bearer ROLE` or `Bearer ROLE:SUBJECT` is somebody of that role. */
async function openDoors(t: TestContext, change: { limits?: Limits; keyRequestsPerSecond?: number } = {}) {
  const rooms = new MemoryRooms();
  const audited: AuditEvent[] = [];
  const security = memorySecurity(audited);
  const counted: string[] = [];
  const dependencies = doorDependencies(rooms, {
    ...security,
    limitsOf: () => change.limits ?? {},
    keyRequestsPerSecond: change.keyRequestsPerSecond ?? 0,
    metrics: {
      count: (name, labels = {}) => void counted.push([name, ...Object.values(labels)].join(' ')),
      observe: () => undefined,
      gauge: () => undefined,
    },
    authenticator: {
      authenticate({ authorization }) {
        const [role = '', subject = role] = bearerOf(authorization).split(':');
        if (!ROLES.some((name) => name === role)) throw refused('unknown', 'No such token.');
        return callerOf({ ...TEST_IDENTITY, subject, roles: [role] });
      },
    },
  });
  const rest = await createRestDoor({ ...dependencies, page: [] });
  t.after(() => rest.close());
  const door = createGrpcDoor(dependencies);
  t.after(() => door.close());
  const { port } = await door.listen(0, '127.0.0.1');
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  const grpc = async (
    method: string,
    request: object,
    headers: Record<string, string>,
    onHeader: (answered: Headers) => void = () => undefined,
  ): Promise<ConnectError | undefined> => {
    const [service = '', name = ''] = method.split('/');
    const desc = [JobService, DeviceService, LogService, TokenService].find(
      ({ typeName }) => typeName === service,
    )!;
    const { localName, methodKind } = desc.methods.find((found) => found.name === name)!;
    const client = createClient(desc, transport) as unknown as Record<
      string,
      (...args: unknown[]) => unknown
    >;
    try {
      const answer = client[localName]!(request, { headers, timeoutMs: 5000, onHeader });
      if (methodKind === 'unary') await answer;
      else for await (const _ of answer as AsyncIterable<unknown>);
      return undefined;
    } catch (error) {
      return ConnectError.from(error);
    }
  };
  const send = (method: string, url: string, headers: Record<string, string> = {}, payload?: object) =>
    rest.inject({ method: method as 'GET', url, headers, ...(payload === undefined ? {} : { payload }) });
  const submit = async (token: string) => {
    const answer = await send('POST', '/tasks', { authorization: `Bearer ${token}` }, { qc: BELL });
    return answer.json<{ task_id: string }>().task_id;
  };
  return { rooms, rest, send, grpc, audited, counted, submit, clock: security.clock };
}

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { 'x-permission'?: string }>>>>;
};

test('SEC-9: every address of REST demands its permission of every role, and nobody passes without one', async (t) => {
  const { rest, send, clock } = await openDoors(t);
  const { paths } = rest.swagger() as unknown as Document;
  let checked = 0;
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { 'x-permission': permission }] of Object.entries(operations)) {
      if (permission === undefined) continue;
      const url = path.replace('{*}', 'results.json').replaceAll(/\{\w+\}/g, 'none');
      // Who guesses too often is refused for that; a minute later no more.
      clock.ms += 60_000;
      const ask = async (authorization = '', as = method): Promise<number> =>
        (await send(as.toUpperCase(), url, { authorization })).statusCode;
      if (method === 'get') {
        assert((await ask('', 'head')) >= 400, `HEAD ${path}`);
        assert((await ask('', 'options')) >= 400, `OPTIONS ${path}`);
      }
      assert.equal(await ask(), 401, `${method} ${path}`);
      assert.equal(await ask('Bearer nobody'), 401, `${method} ${path}`);
      for (const role of ROLES) {
        const granted: ReadonlySet<string> = permissionsOf([role]);
        const allowed: boolean = permission === 'identity' || granted.has(permission);
        assert.equal((await ask(`Bearer ${role}`)) === 403, !allowed, `${role}: ${method} ${path}`);
        checked += 1;
      }
    }
  }
  assert(checked >= 3 * 20, `${checked} checks`);
});

test('SEC-9: every method of gRPC demands its permission of every role, and nobody passes without one', async (t) => {
  const { grpc } = await openDoors(t);
  for (const [method, permission] of PERMISSION_BY_METHOD) {
    assert.equal((await grpc(method, {}, {}))?.code, Code.Unauthenticated, method);
    for (const role of ROLES) {
      const failure = await grpc(method, {}, { authorization: `Bearer ${role}` });
      const allowed = permission === 'identity' || permissionsOf([role]).has(permission);
      assert.equal(
        failure?.code === Code.PermissionDenied,
        !allowed,
        `${role}: ${method} ${failure?.message}`,
      );
    }
  }
});

test('SEC-10: jobs are cancelled and deleted by their owner or an admin, over both doors', async (t) => {
  const { rooms, send, grpc, submit, audited } = await openDoors(t);
  const bob = { authorization: 'Bearer user:bob' };
  const ana = { authorization: 'Bearer user:ana' };
  const first = await submit('user:ana');
  assert.equal((await send('POST', `/api/v1/jobs/${first}/cancel`, bob)).statusCode, 403);
  assert.equal(
    (await grpc('eigen.api.v1.JobService/CancelJob', { jobId: first }, bob))?.code,
    Code.PermissionDenied,
  );
  assert.equal((await send('GET', `/api/v1/jobs/${first}`, bob)).statusCode, 200, 'reading is the project’s');
  assert.equal((await send('POST', `/api/v1/jobs/${first}/cancel`, ana)).statusCode, 202);
  assert.equal((await send('DELETE', `/api/v1/jobs/${first}`, bob)).statusCode, 403);
  assert.equal(
    (await grpc('eigen.api.v1.JobService/DeleteJob', { jobId: first }, bob))?.code,
    Code.PermissionDenied,
  );
  assert.equal((await send('DELETE', `/api/v1/jobs/${first}`, ana)).statusCode, 200);
  assert.equal((await send('DELETE', `/api/v1/jobs/${first}`, ana)).statusCode, 200, 'again changes nothing');
  const second = await submit('user:ana');
  rooms.complete(second, { '00': 1 });
  assert.equal(
    await grpc('eigen.api.v1.JobService/DeleteJob', { jobId: second }, { authorization: 'Bearer admin' }),
    undefined,
  );
  assert.equal((await send('POST', '/api/v1/jobs/job_none/cancel', bob)).statusCode, 404);
  const told = audited.map(({ subject, action, resource, outcome, reason }) =>
    [
      subject,
      action,
      resource === first ? 'first' : resource === second ? 'second' : resource,
      outcome,
      reason,
    ]
      .join(' ')
      .trim(),
  );
  assert.deepEqual(told, [
    ...[
      'ana jobs:submit first done',
      'bob jobs:cancel first denied AUTH_DENIED',
      'bob jobs:cancel first denied AUTH_DENIED',
    ],
    ...[
      'ana jobs:cancel first done',
      'bob jobs:delete first denied AUTH_DENIED',
      'bob jobs:delete first denied AUTH_DENIED',
    ],
    ...['ana jobs:delete first done', 'ana jobs:delete first done', 'ana jobs:submit second done'],
    ...['admin jobs:delete second done', 'bob jobs:cancel job_none failed JOB_NOT_FOUND'],
  ]);
});

test('SEC-11: an admin may name a project of the tenant, nobody another tenant, and nobody else another project', async (t) => {
  const { rooms, send, grpc, audited } = await openDoors(t);
  const cases: readonly (readonly [
    role: string,
    headers: Record<string, string>,
    project: string | undefined,
  ])[] = [
    ['user', {}, 'project-default'],
    ['user', { 'x-eigen-tenant': 'tenant-default', 'x-eigen-project': 'project-default' }, 'project-default'],
    ['user', { 'x-eigen-project': 'beta' }, undefined],
    ['user', { 'x-eigen-tenant': 'victim' }, undefined],
    ['admin', { 'x-eigen-project': 'beta' }, 'beta'],
    ['admin', { 'x-eigen-tenant': 'victim' }, undefined],
    ['admin', { 'x-eigen-tenant': 'victim', 'x-eigen-project': 'project-default' }, undefined],
  ];
  for (const [role, named, project] of cases) {
    const headers = { authorization: `Bearer ${role}`, ...named };
    rooms.contexts.length = 0;
    const { statusCode } = await send('POST', '/tasks', headers, { qc: BELL });
    const request = { program: { case: 'qasm', value: { source: new TextEncoder().encode(BELL) } } };
    const failure = await grpc('eigen.api.v1.JobService/SubmitJob', request, headers);
    const expected = project === undefined ? [403, Code.PermissionDenied] : [200, undefined];
    assert.deepEqual([statusCode, failure?.code], expected, JSON.stringify(headers));
    const projects = rooms.contexts.map(({ identity }) => `${identity.tenantId}/${identity.projectId}`);
    assert.deepEqual(
      projects,
      project === undefined ? [] : [`tenant-default/${project}`, `tenant-default/${project}`],
    );
  }
  assert.equal(audited.filter(({ action, outcome }) => action === 'scope' && outcome === 'denied').length, 8);
  for (const [project, expected] of [
    ['p'.repeat(TENANT_CHARS_MAX), 200],
    ['p'.repeat(TENANT_CHARS_MAX + 1), 400],
    ['../other', 400],
    ['a,b', 400],
  ] as const) {
    const headers = { authorization: 'Bearer admin', 'x-eigen-project': project };
    assert.equal((await send('GET', '/api/v1/jobs', headers)).statusCode, expected, project);
  }
});

test('SEC-12: every other header by which roles say who calls is dropped at both doors', async (t) => {
  const { rooms, send, grpc } = await openDoors(t);
  const spoofed = Object.values(IDENTITY_HEADERS).filter(
    (name) => !['x-eigen-tenant', 'x-eigen-project'].includes(name),
  );
  assert.deepEqual(spoofed, ['x-eigen-sub', 'x-eigen-roles', 'x-eigen-limits']);
  for (const name of spoofed) {
    for (const value of ['admin', '', 'tenant=0', '%zz']) {
      const headers = { authorization: 'Bearer user:ana', [name]: value };
      assert.equal((await send('POST', '/tasks', headers, { qc: BELL })).statusCode, 200);
      const request = { program: { case: 'qasm', value: { source: new TextEncoder().encode(BELL) } } };
      assert.equal(await grpc('eigen.api.v1.JobService/SubmitJob', request, headers), undefined);
    }
  }
  for (const { identity } of rooms.contexts) {
    assert.deepEqual(identity, { ...TEST_IDENTITY, subject: 'ana', roles: ['user'] });
  }
});

test('SEC-13: a key has one rate over both doors, and is told of it', async (t) => {
  const { send, grpc, counted, clock } = await openDoors(t, { keyRequestsPerSecond: 3 });
  const ana = { authorization: 'Bearer user:ana' };
  const get = () => send('GET', '/api/v1/devices', ana);
  const told: (string | null)[] = [];
  const list = () =>
    grpc('eigen.api.v1.DeviceService/ListDevices', {}, ana, (headers) => {
      told.push(headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining'));
    });
  const first = await get();
  assert.deepEqual(
    ['limit', 'remaining', 'reset'].map((name) => first.headers[`x-ratelimit-${name}`]),
    ['3', '2', '0'],
  );
  assert.equal(await list(), undefined);
  assert.deepEqual(told, ['3', '1']);
  assert.equal((await get()).statusCode, 200);
  const refusedRest = await get();
  assert.deepEqual([refusedRest.statusCode, refusedRest.json().code], [429, 'RATE_LIMITED']);
  assert.deepEqual(
    [refusedRest.headers['retry-after'], refusedRest.headers['x-ratelimit-remaining']],
    ['1', '0'],
  );
  const refusedGrpc = await list();
  assert.equal(refusedGrpc?.code, Code.ResourceExhausted);
  const [retry] = refusedGrpc?.findDetails(RetryInfoSchema) ?? [];
  assert(Number(retry?.retryDelay?.nanos) > 0, 'RetryInfo says when');
  assert.equal((await send('GET', '/api/v1/devices', { authorization: 'Bearer user:bob' })).statusCode, 200);
  clock.ms += 400;
  assert.equal(await list(), undefined);
  assert.equal(counted.filter((line) => line === 'eigen_api_rate_limit_exceeded_total key').length, 2);
});

test('SEC-13: a tenant has a rate over all its keys where its limits say so', async (t) => {
  const { send } = await openDoors(t, { limits: { tenantRequestsPerSecond: 2, keyRequestsPerSecond: 100 } });
  const statuses = [];
  for (const subject of ['ana', 'bob', 'cy']) {
    const answer = await send('GET', '/api/v1/identity', { authorization: `Bearer user:${subject}` });
    statuses.push([answer.statusCode, answer.headers['x-ratelimit-limit']]);
  }
  assert.deepEqual(statuses, [
    [200, '2'],
    [200, '2'],
    [429, '2'],
  ]);
});

test('SEC-13: so many wrong credentials of one address are answered; right ones pass all the same', async (t) => {
  const { send, audited, counted, clock } = await openDoors(t);
  const guess = async () =>
    (await send('GET', '/api/v1/devices', { authorization: 'Bearer guess' })).statusCode;
  for (let count = 0; count < AUTH_FAILURES_PER_MINUTE_MAX; count += 1) assert.equal(await guess(), 401);
  assert.equal(await guess(), 429);
  assert.equal((await send('GET', '/api/v1/devices', { authorization: 'Bearer user' })).statusCode, 200);
  assert.equal(audited.length, AUTH_FAILURES_PER_MINUTE_MAX, 'what the rate refuses is counted, not written');
  assert(counted.includes('eigen_api_authentication_failures_total unknown'));
  assert(counted.includes('security_auth_attempts_total failure'));
  assert(counted.includes('eigen_api_rate_limit_exceeded_total failures'));
  clock.ms += 1000;
  assert.equal(await guess(), 401);
});

test('SEC-8: one header carries credentials, in the words of either API, up to its bound', async (t) => {
  const { send } = await openDoors(t);
  const ask = async (authorization: string) => {
    const { statusCode, headers, body } = await send('GET', '/api/v1/identity', { authorization });
    return [statusCode, headers['www-authenticate'], JSON.parse(body).metadata?.reason];
  };
  for (const good of ['Bearer user', 'bearer user', 'apiKey user', 'APIKEY  user', 'Bearer user ']) {
    assert.deepEqual(await ask(good), [200, undefined, undefined], good);
  }
  for (const bad of ['user', 'Basic dXNlcjo=', 'Bearer', 'Bearer ', 'Bearer user user', 'Beareruser']) {
    assert.deepEqual(await ask(bad), [401, 'Bearer realm="qfs"', 'malformed'], bad);
  }
  assert.deepEqual(await ask(''), [401, 'Bearer realm="qfs"', 'missing']);
  const padded = (chars: number) => `Bearer ${'x'.repeat(chars - 'Bearer '.length)}`;
  assert.deepEqual(await ask(padded(AUTHORIZATION_CHARS_MAX)), [401, 'Bearer realm="qfs"', 'unknown']);
  assert.deepEqual(await ask(padded(AUTHORIZATION_CHARS_MAX + 1)), [401, 'Bearer realm="qfs"', 'malformed']);
});

test('SEC-15: a change that the rooms refuse is written down with its reason', async (t) => {
  const { send, audited } = await openDoors(t);
  const ana = { authorization: 'Bearer user:ana', 'x-request-id': 'r-7' };
  assert.equal((await send('POST', '/tasks', ana, { qc: 'qubit' })).statusCode, 400);
  const [{ traceId, ...event } = {} as AuditEvent] = audited;
  assert.match(traceId, /^[0-9a-f]{32}$/);
  assert.deepEqual(event, {
    ...{
      subject: 'ana',
      tenant: 'tenant-default',
      project: 'project-default',
      action: 'jobs:submit',
      resource: '',
    },
    ...{ outcome: 'failed', reason: 'QASM_SYNTAX', requestId: 'r-7', remote: '127.0.0.1' },
  });
  assert(!JSON.stringify(audited).includes('qubit'));
});

test('SEC-3, SEC-4: tokens are made, listed and revoked over REST; the secret is in one answer alone', async (t) => {
  const { send, audited } = await openDoors(t);
  const admin = { authorization: 'Bearer admin' };
  const made = await send('POST', '/api/v1/tokens', admin, {
    name: 'ci',
    roles: ['readonly'],
    ttl_seconds: 60,
  });
  assert.deepEqual([made.statusCode, made.headers['cache-control']], [201, 'no-store']);
  const { token, secret } = made.json<{ token: Record<string, unknown>; secret: string }>();
  assert.equal(token.expires_at, '2026-09-21T14:14:20.000Z');
  assert.deepEqual((await send('GET', '/api/v1/tokens', admin)).json(), { tokens: [token] });
  const ended = await send('DELETE', `/api/v1/tokens/${token.token_id}`, admin);
  assert.equal(ended.json().token.revoked_at, '2026-09-21T14:13:20.000Z');
  assert.deepEqual((await send('GET', '/api/v1/tokens', admin)).json(), { tokens: [] });
  const all = await send('GET', '/api/v1/tokens?include_ended=true', admin);
  assert.equal(all.json().tokens.length, 1);
  assert(!`${all.body}${ended.body}${JSON.stringify(audited)}`.includes(secret.slice(25)));
  const unknown = await send('DELETE', '/api/v1/tokens/none', admin);
  assert.deepEqual([unknown.statusCode, unknown.json().code], [404, 'TOKEN_NOT_FOUND']);
  const wrong = await send('POST', '/api/v1/tokens', admin, { roles: ['root'] });
  assert.deepEqual([wrong.statusCode, wrong.json().errors[0].field], [400, 'roles']);
});

test('SEC-9: what breaks while credentials are checked lets nobody in', async (t) => {
  const broken = { authenticate: () => Promise.reject(new TypeError('the disk is gone')) };
  const later = new QfsError('AUTH_UNAVAILABLE', 'Later.', { retryAfterMs: 2000 });
  for (const [authenticator, status] of [
    [broken, 500],
    [{ authenticate: () => Promise.reject(later) }, 503],
  ] as const) {
    const app = await createRestDoor({ ...doorDependencies(new MemoryRooms(), { authenticator }), page: [] });
    t.after(() => app.close());
    const answer = await app.inject({ method: 'GET', url: `/api/v1/jobs/${FIRST}` });
    assert.equal(answer.statusCode, status);
    assert.doesNotMatch(answer.body, /disk/);
  }
});
