import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { each } from '../platform/each.ts';
import { eigenCli } from '../platform/eigen-cli.ts';
import {
  connectGrpc,
  type GrpcService,
  grpcFailure,
  type Reply,
  statusOfBytes,
} from '../platform/grpc-client.ts';
import {
  call,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';
import { receiptOf } from '../platform/receipts.ts';

const JOBS = 40;
/** The largest number of the protocol's integers, the first that no double holds, and one that is no index. */
const ABSURD = ['18446744073709551615', '9007199254740993', '9007199254740991', '1000000'] as const;
const NOT_FOUND = 5;
const RESOURCE_EXHAUSTED = 8;
const UNIMPLEMENTED = 12;
/** What gRPC says of a message that cannot be read. */
const INTERNAL = 13;

let platform: Platform;
let log: GrpcService;
let entries: number;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
  log = connectGrpc(platform.ready.grpc, 'fabric.v1.LogService');
  const { rest } = platform.ready;
  const jobs = Array.from({ length: JOBS }, (_, seed) => ({ program: example('bell'), shots: 10, seed }));
  const ids = await each(jobs, 8, (job) => submit(rest, job));
  for (const id of ids) await receiptOf(rest, (await terminalJob(rest, id)).job_id);
  entries = Number((await log.call('GetLogStatus', {})).applied_index);
});
after(async () => {
  log.close();
  assert.equal(await platform.end('SIGTERM'), 0);
  assert.equal(platform.stderr(), '', 'what a caller does wrong is no warning of ours');
});

async function all(method: string, request: object): Promise<Reply[]> {
  const replies: Reply[] = [];
  for await (const reply of log.stream(method, request)) replies.push(reply);
  return replies;
}

/** The roots of the state at the newest checkpoint, which nothing of this page may change. */
const roots = async (): Promise<unknown> => (await log.call('GetLogStatus', {})).subsystems;

test('a proof of what is not in the log is refused', async () => {
  for (const index of ['0', String(entries + 1), ...ABSURD]) {
    const { reason, status } = await grpcFailure(log.call('ProveEntry', { index }));
    assert.deepEqual([status, reason], [NOT_FOUND, 'LOG_INDEX_UNKNOWN'], index);
  }
});

test('absurd ranges give what there is of them', async () => {
  for (const index of ABSURD) {
    assert.deepEqual(await all('ReadLog', { from: index }), []);
    assert.equal((await all('ReadLog', { from: '1', to: index })).length, entries);
    assert.deepEqual(await all('ReadLog', { from: index, to: '1' }), []);
    assert.deepEqual(await all('ReadLog', { from: index, to: '1', follow: true }), []);
    assert.deepEqual(await all('ReadLog', { from: '1', types: [`NO_SUCH_TYPE_${index}`, ''] }), []);
    const { reason } = await grpcFailure(all('VerifyLog', { from: index }));
    assert.equal(reason, 'LOG_INDEX_UNKNOWN');
    // A replay begins with the newest snapshot before the index, and where there is none with GENESIS.
    const replayed = (await all('ReplayLog', { from: index })).at(-1);
    assert.deepEqual([replayed?.done, replayed?.ok], [true, true]);
  }
  const [first, ...others] = await all('ReadLog', { from: '1', to: '1' });
  assert.deepEqual([first?.type, others], ['GENESIS', []]);
});

test('hundreds of readers and checkers that hang up leave the log as it was', async () => {
  const before = await roots();
  await each([...Array(300).keys()], 50, async (number) => {
    const request = { from: '1', follow: number % 2 === 0 };
    const stream = log.stream(['ReadLog', 'ReadLog', 'VerifyLog', 'ReplayLog'][number % 4]!, request);
    try {
      for await (const _ of stream) break;
    } catch (thrown) {
      assert.match(String(thrown), /CANCELLED/);
    } finally {
      stream.cancel();
    }
  });
  for (const check of ['verify', 'replay']) {
    const { code, stdout, stderr } = await eigenCli(platform, 'log', check);
    assert.equal(code, 0, stdout + stderr);
  }
  assert.deepEqual(await roots(), before);
});

test('no door takes entries or signs anything, and requests beyond all measure are refused', async () => {
  const path = `${platform.ready.rest}/fabric.v1.SealService/SealStatement`;
  assert.equal((await call(path, 'POST', {})).status, 404);
  const seal = await statusOfBytes(
    platform.ready.grpc,
    '/fabric.v1.SealService/SealStatement',
    Buffer.alloc(0),
  );
  assert.equal(seal, UNIMPLEMENTED);
  assert.equal(
    await statusOfBytes(platform.ready.grpc, '/fabric.v1.LogService/Propose', Buffer.alloc(0)),
    UNIMPLEMENTED,
  );
  // Field 1 as text where a number belongs, a field that ends too early, and bytes without sense.
  for (const message of ['0a0141', '08', 'ffffffffffffffffffffff']) {
    const status = await statusOfBytes(
      platform.ready.grpc,
      '/fabric.v1.LogService/ProveEntry',
      Buffer.from(message, 'hex'),
    );
    assert.equal(status, INTERNAL, message);
  }
  const { code } = (await log
    .call('ProveEntry', { index: '1' }, { 'x-padding': 'x'.repeat(100_000) })
    .catch((error: object) => error)) as { code?: number };
  assert.ok(code !== undefined && code !== 0);
  const large = { from: '1', types: Array(100).fill('X'.repeat(1_000_000)) };
  await assert.rejects(all('ReadLog', large), { code: RESOURCE_EXHAUSTED });
});

test('bytes that are no HTTP at the port of gRPC end their connection alone', async () => {
  const { hostname, port } = new URL(platform.ready.grpc);
  await each([...Array(50).keys()], 10, async () => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined).resume();
    socket.end(randomBytes(4_096));
    await new Promise((resolve) => socket.on('close', resolve));
  });
  assert.equal((await log.call('GetLogStatus', {})).applied_index, String(entries));
});

test('files that are no receipts are refused by the command line in one sentence', async () => {
  const folder = temporaryDirectory();
  const write = (name: string, bytes: string | Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const huge = write('huge', '');
  truncateSync(huge, 100_000_000);
  const files = [
    huge,
    write('empty', ''),
    write('zeros', new Uint8Array(30_000)),
    write('deep', '['.repeat(60_000)),
    write('noise', randomBytes(20_000)),
    write('number', '1\n'),
    folder,
    join(folder, 'missing'),
  ];
  for (const file of files) {
    const { code, stdout, stderr } = await eigenCli(undefined, 'verify', file);
    assert.equal(code, 2, `${file}: ${stdout}${stderr}`);
    assert.match(stdout + stderr, /^(eigen-cli: .+|WRONG form: .+)\n/, file);
    assert.doesNotMatch(stderr, /\n\s+at /, file);
  }
});
