import assert from 'node:assert/strict';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { create, toBinary } from '@bufbuild/protobuf';
import { GetJobStatusRequestSchema, SubmitJobRequestSchema } from '@qfs/rpc/api';
import { type Platform, startPlatform, temporaryDirectory } from '../platform/platform.ts';

let platform: Platform;
before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
});
after(() => platform.end('SIGTERM'));

const STATUS = '/eigen.api.v1.JobService/GetJobStatus';
const UNKNOWN_JOB = toBinary(
  GetJobStatusRequestSchema,
  create(GetJobStatusRequestSchema, { jobId: `job_${'0'.repeat(32)}` }),
);
/** `grpc-status` numbers. */
const [INVALID_ARGUMENT, DEADLINE, NOT_FOUND, EXHAUSTED, UNIMPLEMENTED, INTERNAL] = [3, 4, 5, 8, 12, 13];

interface Answer {
  readonly http: number;
  /** -1: the call ended without one. */
  readonly status: number;
  readonly message: string;
}

function open(session: ClientHttp2Session, path: string, headers: Record<string, string>): ClientHttp2Stream {
  return session.request({
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: path,
    'content-type': 'application/grpc+proto',
    te: 'trailers',
    ...headers,
  });
}

/** What gRPC takes a reset for that comes before any answer (PROTOCOL-HTTP2.md, Errors). */
const STATUS_OF_RESET: Readonly<Record<number, number>> = {
  [constants.NGHTTP2_ENHANCE_YOUR_CALM]: EXHAUSTED,
};

const answerOf = (stream: ClientHttp2Stream): Promise<Answer> =>
  new Promise((resolve) => {
    const seen: Record<string, unknown> = {};
    const take = (headers: object) => Object.assign(seen, headers);
    stream
      .on('response', take)
      .on('trailers', take)
      .on('error', () => undefined)
      .resume();
    stream.once('close', () =>
      resolve({
        http: Number(seen[':status'] ?? 0),
        status: Number(seen['grpc-status'] ?? STATUS_OF_RESET[stream.rstCode] ?? -1),
        message: decodeURIComponent(String(seen['grpc-message'] ?? '')),
      }),
    );
  });

/** One message as gRPC frames it. */
function frame(message: Uint8Array, { flag = 0, length = message.byteLength } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

async function send(body: Uint8Array, headers: Record<string, string> = {}, path = STATUS): Promise<Answer> {
  const session = connect(platform.ready.grpc);
  try {
    const stream = open(session, path, headers);
    const answer = answerOf(stream);
    stream.end(body);
    return await answer;
  } finally {
    session.destroy();
  }
}

const alive = async (): Promise<void> => {
  assert.equal((await send(frame(UNKNOWN_JOB))).status, NOT_FOUND, 'the server answers as before');
};

test('a message that is none is refused, whatever is wrong with it', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const cases: readonly (readonly [string, Uint8Array, Record<string, string>, readonly number[]])[] = [
    [
      'bytes that are no message',
      frame(Buffer.from('ffffffffffffffff', 'hex')),
      {},
      [INVALID_ARGUMENT, INTERNAL],
    ],
    [
      'text that is not UTF-8',
      frame(Buffer.from([10, 2, 0xc3, 0x28])),
      {},
      [INVALID_ARGUMENT, INTERNAL, NOT_FOUND],
    ],
    ['half a frame', frame(UNKNOWN_JOB).subarray(0, 12), {}, [INVALID_ARGUMENT, INTERNAL]],
    ['no frame at all', Buffer.alloc(0), {}, [INVALID_ARGUMENT, UNIMPLEMENTED, INTERNAL]],
    [
      'two messages for one',
      Buffer.concat([frame(UNKNOWN_JOB), frame(UNKNOWN_JOB)]),
      {},
      [INVALID_ARGUMENT, UNIMPLEMENTED, INTERNAL],
    ],
    ['a length of four gigabytes', frame(UNKNOWN_JOB, { length: 0xffff_ffff }), {}, [EXHAUSTED]],
    ['a message above the limit', frame(Buffer.alloc(17 * 1024 * 1024)), {}, [EXHAUSTED]],
    ['compressed by nothing', frame(UNKNOWN_JOB, { flag: 1 }), {}, [INVALID_ARGUMENT, INTERNAL]],
    ['an unknown compression', frame(UNKNOWN_JOB, { flag: 1 }), { 'grpc-encoding': 'zip' }, [UNIMPLEMENTED]],
    [
      'a compression that is none',
      frame(UNKNOWN_JOB, { flag: 1 }),
      { 'grpc-encoding': 'gzip' },
      [INVALID_ARGUMENT, INTERNAL],
    ],
    ['a bomb', frame(bomb, { flag: 1 }), { 'grpc-encoding': 'gzip' }, [EXHAUSTED]],
    [
      'a deadline that is no time',
      frame(UNKNOWN_JOB),
      { 'grpc-timeout': 'soon' },
      [INVALID_ARGUMENT, INTERNAL],
    ],
    ['a deadline that has passed', frame(UNKNOWN_JOB), { 'grpc-timeout': '1n' }, [DEADLINE]],
  ];
  for (const [title, body, headers, expected] of cases) {
    const { status, message } = await send(body, headers);
    assert.ok(expected.includes(status), `${title}: ${status} ${message}`);
    assert.doesNotMatch(message, /node:|\/packages\/|at .*\.ts/, title);
  }
  await alive();
});

test('a request that is no call of ours is told so', async () => {
  const call = frame(UNKNOWN_JOB);
  assert.equal((await send(call, {}, '/eigen.api.v1.JobService/Nothing')).status, UNIMPLEMENTED);
  assert.equal((await send(call, {}, '/no.such.Service/Method')).status, UNIMPLEMENTED);
  assert.ok([404, 415].includes((await send(call, { 'content-type': 'text/html' })).http));
  const internal = await send(call, {}, '/eigen.internal.v1.KernelGatewayService/EnqueueJob');
  assert.equal(internal.status, UNIMPLEMENTED, 'what roles serve each other is not served to the outside');
  await alive();
});

test('streams that are opened and never ended hold up nobody', async () => {
  const session = connect(platform.ready.grpc);
  session.on('error', () => undefined);
  const left = Array.from({ length: 90 }, (_, at) => {
    const stream = open(session, at % 2 === 0 ? STATUS : '/eigen.api.v1.JobService/StreamJobUpdates', {
      'grpc-timeout': '2S',
    });
    // Half of them send half a message, the others nothing.
    if (at % 3 === 0) stream.write(frame(UNKNOWN_JOB).subarray(0, 9));
    return answerOf(stream);
  });
  await alive();
  const answers = await Promise.all(left);
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([DEADLINE]));
  session.destroy();
});

test('calls that are given up as soon as they are made leave nothing behind', async () => {
  for (let round = 0; round < 20; round += 1) {
    const session = connect(platform.ready.grpc);
    session.on('error', () => undefined);
    for (let n = 0; n < 90; n += 1) {
      const stream = open(session, STATUS, {});
      stream.on('error', () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await new Promise<void>((resolve) => session.close(() => resolve()));
  }
  await alive();
  assert.doesNotMatch(platform.stderr(), /"level":"(error|fatal)"/);
});

test('metadata beyond every measure is refused with its connection, and the next one is served', async () => {
  const huge = { 'x-request-id': 'x'.repeat(200_000) };
  const answer = await send(frame(UNKNOWN_JOB), huge);
  assert.ok(answer.status !== 0, `${answer.http} ${answer.status}`);
  await alive();
});

test('a program above its limit is refused over gRPC as over REST', async () => {
  const source = Buffer.alloc(8 * 1024 * 1024 + 1, ' ');
  const request = create(SubmitJobRequestSchema, { program: { case: 'qasm', value: { source } } });
  const body = frame(toBinary(SubmitJobRequestSchema, request));
  const { status } = await send(body, {}, '/eigen.api.v1.JobService/SubmitJob');
  assert.equal(status, EXHAUSTED);
  const rest = await fetch(`${platform.ready.rest}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ language: 'openqasm3', program: source.toString() }),
  });
  assert.equal(rest.status, 413);
});
