import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type EventEmitter, once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import {
  type Client,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { readAqo, writeAqo, writeAqoProto } from '@qfs/circuit';
import { EIGEN_SOURCE_BYTES_MAX, QfsError } from '@qfs/core';
import { JobState } from '@qfs/rpc/api';
import { BadRequestSchema, ErrorInfoSchema, ResourceInfoSchema, StatusSchema } from '@qfs/rpc/grpc';
import type { DoorDependencies } from '../door.ts';
import { doorDependencies, MemoryRooms, TEST_IDENTITY } from '../testing/rooms.ts';
import { callerOf } from '../testing/security.ts';
import { createGrpcDoor } from './grpc-door.ts';

const PROTO = fileURLToPath(new URL('../../../../proto', import.meta.url));
const BELL = Buffer.from(
  'bit[2] c; qubit[2] q; U(1.5, 0, 3.14) q[0]; ctrl @ U(3.14, 0, 3.14) q[0], q[1]; c = measure q;',
);
const FIRST = 'job_0199e1a2b3c470008000000000000001';

type Reply = Record<string, unknown>;
type Call = (request: object, metadata?: Metadata) => Promise<Reply>;

/** A stock client that knows the .proto files alone. */
function stockClient(address: string, file: string, service: string): Client {
  const definition = loadSync(file, {
    includeDirs: [PROTO, `${PROTO}/third_party`],
    keepCase: true,
    longs: String,
    enums: String,
    defaults: true,
  });
  let found: unknown = loadPackageDefinition(definition);
  for (const part of service.split('.')) found = (found as Record<string, unknown>)[part];
  return new (found as ServiceClientConstructor)(address, credentials.createInsecure());
}

const unary =
  (client: Client, method: string): Call =>
  (request, metadata = new Metadata()) =>
    new Promise((resolve, reject) => {
      const call = (client as unknown as Record<string, (...args: unknown[]) => void>)[method]!;
      call.call(client, request, metadata, (error: ServiceError | null, reply: Reply) =>
        error === null ? resolve(reply) : reject(error),
      );
    });

interface Door {
  readonly address: string;
  readonly rooms: MemoryRooms;
  readonly jobs: Client;
  call(method: string, request: object, metadata?: Metadata): Promise<Reply>;
  stream(request: object): AsyncIterable<Reply> & { cancel(): void };
}

async function openDoor(
  t: TestContext,
  change: Partial<DoorDependencies> = {},
  heartbeatMs?: number,
): Promise<Door> {
  const rooms = new MemoryRooms();
  const dependencies = doorDependencies(rooms, change);
  const door = createGrpcDoor(heartbeatMs === undefined ? dependencies : { ...dependencies, heartbeatMs });
  const { port } = await door.listen(0, '127.0.0.1');
  const address = `127.0.0.1:${port}`;
  const jobs = stockClient(address, 'eigen/api/v1/job_service.proto', 'eigen.api.v1.JobService');
  t.after(async () => {
    jobs.close();
    await door.close();
  });
  return {
    address,
    rooms,
    jobs,
    call: (method, request, metadata) => unary(jobs, method)(request, metadata),
    stream: (request) =>
      (
        jobs as unknown as { StreamJobUpdates(r: object): AsyncIterable<Reply> & { cancel(): void } }
      ).StreamJobUpdates(request),
  };
}

/** The `google.rpc` details of a failed call, as any client finds them. */
function detailsOf(error: ServiceError) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const { details } = fromBinary(StatusSchema, bytes as Buffer);
  const find = (name: string) => details.find(({ typeUrl }) => typeUrl.endsWith(`google.rpc.${name}`))?.value;
  const info = find('ErrorInfo');
  const resource = find('ResourceInfo');
  const badRequest = find('BadRequest');
  return {
    first: details[0]?.typeUrl,
    info: info && fromBinary(ErrorInfoSchema, info),
    resource: resource && fromBinary(ResourceInfoSchema, resource),
    badRequest: badRequest && fromBinary(BadRequestSchema, badRequest),
  };
}

const failureOf = (call: Promise<Reply>): Promise<ServiceError> =>
  call.then(
    () => assert.fail('the call succeeded'),
    (error: ServiceError) => error,
  );

test('DOOR-19: a stock client submits, watches and reads a job', async (t) => {
  const { rooms, call, stream } = await openDoor(t);
  const metadata = { shots: '100', seed: '5' };
  const submitted = await call('SubmitJob', { name: 'bell', qasm: { source: BELL, version: '3' }, metadata });
  assert.equal(submitted.job_id, FIRST);
  assert.deepEqual([(submitted.status as Reply).state, submitted.log_index], ['JOB_STATE_PENDING', '2']);
  const { request } = rooms.jobs.get(FIRST)!;
  assert.equal(request.items[0]!.language, 'openqasm3');
  assert.deepEqual({ ...request.metadataKvs }, metadata);
  assert.equal(request.priority, 50);

  const seen: unknown[] = [];
  for await (const update of stream({ job_id: FIRST })) {
    seen.push([update.event_seq, update.state]);
    if (seen.length === 1) rooms.advance(FIRST, JobState.RUNNING);
    if (seen.length === 2) rooms.complete(FIRST, { '00': 51, '11': 49 });
  }
  assert.deepEqual(seen, [
    ['1', 'JOB_STATE_PENDING'],
    ['2', 'JOB_STATE_RUNNING'],
    ['3', 'JOB_STATE_DONE'],
  ]);
  const results = await call('GetJobResults', { job_id: FIRST });
  assert.deepEqual(results.counts, { '00': '51', '11': '49' });
  assert.match(String(results.results_json), /"counts":\{"00":51,"11":49\}/);
  const listed = (await call('ListJobArtifacts', { job_id: FIRST })).artifacts as Reply[];
  assert.deepEqual(
    listed.map(({ name }) => name),
    ['program.qasm', 'results.json'],
  );
  const { data } = await call('GetJobArtifact', { job_id: FIRST, name: 'program.qasm' });
  assert.deepEqual(data, BELL);
  const { jobs } = await call('ListJobs', { states: ['JOB_STATE_DONE'], limit: 10 });
  assert.equal((jobs as Reply[]).length, 1);
});

test('DOOR-19: every request with an envelope is checked by it, streams included', async (t) => {
  const { call, stream, rooms } = await openDoor(t);
  const { job_id } = await call('SubmitJob', {
    qasm: { source: BELL },
    envelope: { contract_version: '1.7.0' },
  });
  const envelope = { contract_version: '2.0.0' };
  for (const method of ['GetJobStatus', 'CancelJob', 'GetJobResults']) {
    const error = await failureOf(call(method, { job_id, envelope }));
    assert.equal(detailsOf(error).info?.reason, 'CONTRACT_VERSION_UNSUPPORTED', method);
  }
  const watched = stream({ job_id, envelope })[Symbol.asyncIterator]().next();
  const error = await watched.then(
    () => assert.fail('the stream began'),
    (thrown: ServiceError) => thrown,
  );
  assert.equal(detailsOf(error).info?.reason, 'CONTRACT_VERSION_UNSUPPORTED');
  const late = await failureOf(
    call('GetJobStatus', { job_id, envelope: { deadline: { seconds: 0, nanos: 0 } } }),
  );
  assert.equal(detailsOf(late).info?.reason, 'DEADLINE_EXCEEDED');
  assert.ok(rooms.jobs.size > 0);
});

test('DOOR-5: the request id of the caller comes back', async (t) => {
  const { jobs, call } = await openDoor(t);
  await call('SubmitJob', { qasm: { source: BELL } });
  const metadata = new Metadata();
  metadata.set('x-request-id', 'mine-1');
  const sent = (jobs as unknown as Record<string, (...args: unknown[]) => EventEmitter>).GetJobStatus!.call(
    jobs,
    { job_id: FIRST },
    metadata,
    () => undefined,
  );
  const [headers] = (await once(sent, 'metadata')) as [Metadata];
  assert.deepEqual(headers.get('x-request-id'), ['mine-1']);
});

test('DOOR-21: a stream resumes after the last event that was seen', async (t) => {
  const { rooms, call, stream } = await openDoor(t);
  await call('SubmitJob', { qasm: { source: BELL } });
  rooms.complete(FIRST, { '00': 1 });
  const seen: unknown[] = [];
  for await (const { event_seq } of stream({ job_id: FIRST, last_event_seq: 1 })) seen.push(event_seq);
  assert.deepEqual(seen, ['2']);
  const ahead = await failureOf(
    (async () => {
      for await (const update of stream({ job_id: FIRST, last_event_seq: 7 })) return update;
      return {};
    })(),
  );
  assert.equal(ahead.code, status.OUT_OF_RANGE);
});

test('DOOR-21: an idle stream says that it lives, and ends when the client leaves', async (t) => {
  const { rooms, call, stream } = await openDoor(t, {}, 5);
  await call('SubmitJob', { qasm: { source: BELL } });
  const updates = stream({ job_id: FIRST });
  let heartbeats = 0;
  for await (const update of updates) {
    if (update.heartbeat) heartbeats += 1;
    assert.equal(update.event_seq, '1');
    if (heartbeats === 2) break;
  }
  updates.cancel();
  while (rooms.jobs.get(FIRST)!.waiting.size > 0) await new Promise((resolve) => setImmediate(resolve));
});

test('DOOR-20: errors carry their details, ErrorInfo first', async (t) => {
  const { call, rooms } = await openDoor(t);
  const unknown = await failureOf(call('GetJobStatus', { job_id: 'job_none' }));
  assert.equal(unknown.code, status.NOT_FOUND);
  const { first, info, resource } = detailsOf(unknown);
  assert.equal(first, 'type.googleapis.com/google.rpc.ErrorInfo');
  assert.deepEqual([info?.reason, info?.domain, info?.metadata.retryable], ['JOB_NOT_FOUND', 'qfs', 'false']);
  assert.deepEqual([resource?.resourceType, resource?.resourceName], ['job', 'job_none']);

  const broken = await failureOf(call('SubmitJob', { qasm: { source: Buffer.from('qubit q;\nh q') } }));
  assert.equal(broken.code, status.INVALID_ARGUMENT);
  const details = detailsOf(broken);
  assert.equal(details.info?.reason, 'QASM_SYNTAX');
  assert.equal(JSON.parse(details.info?.metadata.diagnostics_json ?? '[]')[0].line, 2);
  assert.equal(details.badRequest?.fieldViolations[0]?.field, 'program');

  await call('SubmitJob', { qasm: { source: BELL } });
  assert.equal((await failureOf(call('GetJobResults', { job_id: FIRST }))).code, status.FAILED_PRECONDITION);
  rooms.complete(FIRST, { '00': 1 });
  assert.equal((await failureOf(call('CancelJob', { job_id: FIRST }))).code, status.FAILED_PRECONDITION);
});

const REFUSED = [
  ['nothing to run', {}, status.INVALID_ARGUMENT, 'JOB_SPEC_INVALID'],
  [
    'a program and items',
    { qasm: { source: BELL }, items: [{ language: 'openqasm3', program: BELL }] },
    status.INVALID_ARGUMENT,
    'JOB_SPEC_INVALID',
  ],
  [
    'another program than its hash',
    { eigen_lang: { source: Buffer.from('pass'), sha256: '0'.repeat(64) } },
    status.INVALID_ARGUMENT,
    'JOB_SPEC_INVALID',
  ],
  [
    'an Eigen-Lang program above its limit',
    { eigen_lang: { source: Buffer.alloc(EIGEN_SOURCE_BYTES_MAX + 1, '#') } },
    status.RESOURCE_EXHAUSTED,
    'PAYLOAD_TOO_LARGE',
  ],
  [
    'an Eigen-Lang program that is nested too deeply',
    { eigen_lang: { source: Buffer.from(`x = ${'['.repeat(300)}${']'.repeat(300)}`) } },
    status.RESOURCE_EXHAUSTED,
    'EIGEN_LIMIT',
  ],
  [
    'an artifact path that is none',
    { aqo_ref: { qfs_ref: '../../etc/passwd' } },
    status.INVALID_ARGUMENT,
    'JOB_SPEC_INVALID',
  ],
  [
    "another tenant's name",
    { qasm: { source: BELL }, tenant: { tenant_id: 'victim' } },
    status.PERMISSION_DENIED,
    'AUTH_DENIED',
  ],
  [
    'a contract of the future',
    { qasm: { source: BELL }, envelope: { contract_version: '2.0.0' } },
    status.FAILED_PRECONDITION,
    'CONTRACT_VERSION_UNSUPPORTED',
  ],
  [
    'a contract without a version number',
    { qasm: { source: BELL }, envelope: { contract_version: 'v1' } },
    status.INVALID_ARGUMENT,
    'CONTRACT_VERSION_MALFORMED',
  ],
  [
    'a tenant of another contract',
    { qasm: { source: BELL }, tenant: { contract_version: '9.0.0' } },
    status.FAILED_PRECONDITION,
    'CONTRACT_VERSION_UNSUPPORTED',
  ],
  [
    "another tenant's envelope",
    { qasm: { source: BELL }, envelope: { tenant_id: 'victim' } },
    status.PERMISSION_DENIED,
    'AUTH_DENIED',
  ],
  [
    'a program above its limit',
    { qasm: { source: Buffer.alloc(8 * 1024 * 1024 + 1, ' ') } },
    status.RESOURCE_EXHAUSTED,
    'PAYLOAD_TOO_LARGE',
  ],
] as const;

test('DOOR-4, DOOR-19: what cannot be a job is refused by reason', async (t) => {
  const { call } = await openDoor(t);
  for (const [title, request, code, reason] of REFUSED) {
    const error = await failureOf(call('SubmitJob', request));
    assert.equal(error.code, code, `${title}: ${error.message}`);
    assert.equal(detailsOf(error).info?.reason, reason, title);
  }
});

test('DOOR-6: an idempotency key in metadata, envelope or client_request_id makes a repetition harmless', async (t) => {
  const { call } = await openDoor(t);
  const header = new Metadata();
  header.set('x-idempotency-key', 'k');
  const first = await call('SubmitJob', { qasm: { source: BELL } }, header);
  const traced = { idempotency_key: 'k', traceparent: 'another one' };
  const again = await call('SubmitJob', { qasm: { source: BELL }, envelope: traced });
  assert.deepEqual([again.job_id, again.replayed], [first.job_id, true]);
  const other = { qasm: { source: BELL }, name: 'other', envelope: { idempotency_key: 'k' } };
  const mismatch = await failureOf(call('SubmitJob', other));
  assert.equal(mismatch.code, status.FAILED_PRECONDITION);
  assert.equal(detailsOf(mismatch).info?.reason, 'IDEMPOTENCY_MISMATCH');
});

test('DOOR-19, DOOR-31: an Eigen-Lang program is a job, and a wrong one too', async (t) => {
  const { call, rooms } = await openDoor(t);
  const source = Buffer.from('pass');
  const sha256 = createHash('sha256').update(source).digest('hex').toUpperCase();
  await call('SubmitJob', { eigen_lang: { source, entrypoint: 'main', sha256 } });
  const [only] = [...rooms.jobs.values()];
  const { language, entrypoint, program } = only!.request.items[0]!;
  assert.deepEqual([language, entrypoint, Buffer.from(program)], ['eigen-lang', 'main', source]);
  assert.equal(only!.request.target, 'sim:local');
});

test('DOOR-19: an AQO document is run by reference', async (t) => {
  const { call, rooms } = await openDoor(t);
  await call('SubmitJob', { qasm: { source: BELL } });
  const aqo = '{"operations":[{"op":"H","q":[0]}],"qubits":1,"version":"1.0.0"}';
  rooms.artifacts.get(FIRST)!.set('compiled.aqo.json', new TextEncoder().encode(aqo));
  await call('SubmitJob', { aqo_ref: { qfs_ref: `circuit_fs/${FIRST}/compiled.aqo.json` } });
  const [, second] = [...rooms.jobs.values()];
  assert.equal(second?.request.items[0]?.language, 'aqo');
  assert.equal(new TextDecoder().decode(second?.request.items[0]?.program), aqo);
});

test('DOOR-19, AQO-17: an AQO message is kept as the document that it stands for', async (t) => {
  const { call, rooms } = await openDoor(t);
  const document = readAqo(Buffer.from('{"operations":[{"op":"H","q":[0]}],"qubits":1,"version":"1.0.0"}'));
  assert(document.ok);
  await call('SubmitJob', { items: [{ language: 'aqo', program: writeAqoProto(document.value) }] });
  const [only] = [...rooms.jobs.values()];
  assert.deepEqual(Buffer.from(only!.request.items[0]!.program), Buffer.from(writeAqo(document.value)));
  const broken = await failureOf(
    call('SubmitJob', { items: [{ language: 'aqo', program: Buffer.of(10, 5) }] }),
  );
  assert.equal(detailsOf(broken).info?.reason, 'AQO_INVALID');
});

test('DOOR-4: identity comes from credentials alone, permissions from its roles', async (t) => {
  const { call, rooms, address } = await openDoor(t, {
    authenticator: {
      authenticate: ({ authorization, remoteAddress }) => {
        assert.equal(remoteAddress, '127.0.0.1');
        if (authorization === 'Bearer reader') return callerOf({ ...TEST_IDENTITY, roles: ['readonly'] });
        if (authorization === 'Bearer ana') return callerOf(TEST_IDENTITY);
        throw new QfsError('AUTH_MISSING', 'Send a token.');
      },
    },
  });
  const as = (authorization?: string) => {
    const metadata = new Metadata();
    metadata.set('x-eigen-sub', 'victim');
    metadata.set('x-eigen-roles', 'admin');
    if (authorization !== undefined) metadata.set('authorization', authorization);
    return metadata;
  };
  const submit = (metadata: Metadata) => call('SubmitJob', { qasm: { source: BELL } }, metadata);
  assert.equal((await failureOf(submit(as()))).code, status.UNAUTHENTICATED);
  assert.equal((await failureOf(submit(as('Bearer reader')))).code, status.PERMISSION_DENIED);
  await submit(as('Bearer ana'));
  assert.deepEqual(
    rooms.contexts.map(({ identity }) => identity),
    [TEST_IDENTITY],
  );
  const health = stockClient(address, 'grpc/health/v1/health.proto', 'grpc.health.v1.Health');
  assert.deepEqual(await unary(health, 'Check')({ service: 'eigen.api.v1.JobService' }), {
    status: 'SERVING',
  });
  assert.equal((await failureOf(unary(health, 'Check')({ service: 'none' }))).code, status.NOT_FOUND);
  health.close();
});

test('DOOR-19: reflection hands out every file that a tool needs', async (t) => {
  const { address } = await openDoor(t);
  const client = stockClient(
    address,
    'grpc/reflection/v1/reflection.proto',
    'grpc.reflection.v1.ServerReflection',
  ) as Client & {
    ServerReflectionInfo(): AsyncIterable<Reply> & { write(request: object): void; end(): void };
  };
  const stream = client.ServerReflectionInfo();
  stream.write({ list_services: '' });
  stream.write({ file_containing_symbol: 'eigen.api.v1.JobService' });
  stream.write({ file_containing_symbol: 'eigen.api.v1.JobService.SubmitJob' });
  stream.write({ file_by_filename: 'nothing.proto' });
  stream.end();
  const answers: Reply[] = [];
  for await (const answer of stream) answers.push(answer);
  client.close();
  const services = (answers[0]!.list_services_response as { service: { name: string }[] }).service;
  assert.deepEqual(services.map(({ name }) => name).sort(), [
    'eigen.api.v1.DeviceService',
    'eigen.api.v1.JobService',
    'eigen.api.v1.TokenService',
    'fabric.v1.LogService',
    'grpc.health.v1.Health',
    'grpc.reflection.v1.ServerReflection',
  ]);
  for (const answer of answers.slice(1, 3)) {
    const files = (answer.file_descriptor_response as { file_descriptor_proto: Buffer[] })
      .file_descriptor_proto;
    const names = files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
    assert.equal(names[0], 'eigen/api/v1/job_service.proto');
    assert(names.includes('eigen/api/v1/types.proto') && names.includes('google/protobuf/timestamp.proto'));
  }
  assert.equal((answers[3]!.error_response as Reply).error_code, 5);
});
