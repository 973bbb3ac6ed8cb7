import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { overOneProcess } from '../platform/one-process.ts';
import { call, type Job, startPlatform, terminalJob } from '../platform/platform.ts';
import { checkDurability, checkPromise, type DurabilityReport } from './durability/durability-checker.ts';
import { readTrace, straceArguments, straceMissing } from './durability/strace.ts';
import { parseTrace, type SystemCall } from './durability/system-calls.ts';

const PROGRAMS = {
  commits: new URL('./durability/acknowledging-program.ts', import.meta.url),
  log: new URL('./durability/log-program.ts', import.meta.url),
};
const ANSWERS = 6;

const skip = straceMissing() ?? false;

const isAnswer = (call: SystemCall): boolean => call.name === 'write' && call.args.includes('"acknowledged');

interface Traced {
  readonly calls: readonly SystemCall[];
  readonly data: string;
}

function traceOf(t: TestContext, program: keyof typeof PROGRAMS, fault: string): Traced {
  const root = mkdtempSync(join(tmpdir(), 'qfs-durability-'));
  t.after(() => rmSync(root, { recursive: true }));
  const trace = join(root, 'trace');
  const command = [process.execPath, PROGRAMS[program].pathname, root, fault];
  const run = spawnSync('strace', [...straceArguments(trace), ...command], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(run.status, 0, run.stderr);
  return { calls: readTrace(trace), data: join(root, 'data') };
}

function traceProgram(t: TestContext, fault: string): DurabilityReport {
  const { calls, data } = traceOf(t, 'commits', fault);
  return checkDurability(calls, data, isAnswer);
}

test('ART-9: a commit and a large blob are on the medium before they are acknowledged', { skip }, (t) => {
  const { answers, bytes, violations } = traceProgram(t, 'none');
  assert.equal(answers, ANSWERS);
  assert.ok(bytes > 3 * 100_000, `${bytes} bytes were seen on their way to the disk`);
  assert.deepEqual(violations, []);
});

const FAULTS: readonly [fault: string, violation: string][] = [
  ['commit', 'the bytes of qfs.sqlite-wal were not synced'],
  ['file', 'the bytes of blobs/sha256/00/<digest>.<generation> were not synced'],
  ['directory', 'the name of blobs/sha256/00/<digest>.<generation> was not synced'],
];

for (const [fault, violation] of FAULTS) {
  test(`a missing sync of the ${fault} is found`, { skip }, (t) => {
    const { answers, violations } = traceProgram(t, fault);
    assert.equal(answers, ANSWERS);
    const found = violations.map((text) => text.replace(/sha256\/../, 'sha256/00'));
    assert.ok(found.includes(violation), violations.join('\n'));
  });
}

/** Appends four times, certifies, signs a statement, archives. */
const LOG_ANSWERS = 7;

/** In the log it stands that a segment is sealed. */
const saysSealed = (call: SystemCall): boolean =>
  call.name === 'pwrite64' && call.args.includes('.sqlite-wal>') && call.args.includes('SEGMENT_SEALED');

test('LOG-16, LOG-29: appends, checkpoints, seals and the archive are on the medium before their answer', {
  skip,
}, (t) => {
  const { calls, data } = traceOf(t, 'log', 'none');
  const { answers, bytes, violations } = checkDurability(calls, data, isAnswer);
  assert.equal(answers, LOG_ANSWERS);
  assert.ok(bytes > 200_000, `${bytes} bytes were seen on their way to the disk`);
  assert.deepEqual(violations, []);
  const sealed = checkDurability(calls, data, saysSealed);
  assert.ok(sealed.answers > 0);
  assert.deepEqual(
    sealed.violations.filter((text) => text.includes('archive')),
    [],
    'the segment is there before the log says so',
  );
});

const LOG_FAULTS: readonly [fault: string, violations: readonly string[]][] = [
  ['commit', ['the bytes of qfs.sqlite-wal were not synced']],
  [
    'file',
    ['the bytes of archive/<digest>.seg were not synced', 'the bytes of snapshots/1204.snap were not synced'],
  ],
  [
    'directory',
    [
      'the name of archive was not synced',
      'the name of archive/<digest>.seg was not synced',
      'the name of snapshots was not synced',
      'the name of snapshots/1204.snap was not synced',
    ],
  ],
];

for (const [fault, expected] of LOG_FAULTS) {
  test(`a missing sync of the ${fault} of the log or its archive is found`, { skip }, (t) => {
    const { calls, data } = traceOf(t, 'log', fault);
    const { answers, violations } = checkDurability(calls, data, isAnswer);
    assert.equal(answers, LOG_ANSWERS);
    assert.deepEqual(violations.toSorted(), expected);
  });
}

const BELL = readFileSync(new URL('../../examples/bell.qasm', import.meta.url), 'utf8');

test('JOB-2, JOB-8: the platform answers for a job, and shows its end, only once the log is synced', {
  skip: skip || overOneProcess('one trace of system calls'),
}, async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'qfs-durability-'));
  t.after(() => rmSync(root, { recursive: true }));
  const trace = join(root, 'trace');
  const under = ['strace', ...straceArguments(trace)];
  const platform = await startPlatform({ dataDir: join(root, 'data'), under });
  const { rest } = platform.ready;
  const body = { language: 'openqasm3', program: BELL, shots: 10, seed: 1 };
  const { job_id: id } = (await call(`${rest}/api/v1/jobs`, 'POST', body)).json<Job>();
  const { state } = await terminalJob(rest, id);
  // A strace that writes to a file holds signals back; the process under it takes them.
  const children = readFileSync(
    `/proc/${platform.of('system-api').pid}/task/${platform.of('system-api').pid}/children`,
    'utf8',
  );
  process.kill(Number(children.split(' ')[0]));
  await platform.end('SIGCONT');

  const calls = readTrace(trace);
  const withoutSyncs = calls.filter(({ name }) => name !== 'fsync' && name !== 'fdatasync');
  const isAccepted = ({ args }: SystemCall) => args.includes('JOB_ACCEPTED') && args.includes(id);
  const isFinished = ({ args }: SystemCall) => args.includes('JOB_FINISHED') && args.includes(id);
  const saysAccepted = ({ args }: SystemCall) => args.includes('HTTP/1.1 202') && args.includes(id);
  const saysEnded = ({ args }: SystemCall) =>
    args.includes('HTTP/1.1 200') && args.includes(`\\"state\\":\\"${state}\\"`);
  for (const [promise, answer] of [[isAccepted, saysAccepted] as const, [isFinished, saysEnded] as const]) {
    assert.equal(checkPromise(calls, promise, answer), undefined);
    assert.equal(
      checkPromise(withoutSyncs, promise, answer),
      'what was written was not synced before the answer',
    );
  }
});

/** A trace in which only the lines of interest are given; `ANSWER` is where the answer leaves. */
const violationsOf = (...lines: string[]): readonly string[] => {
  const text = lines.map((line) =>
    line.replace('ANSWER', '9 write(1<pipe:[1]>, "acknowledged\\n", 13) = 13'),
  );
  return checkDurability(parseTrace(text.join('\n')), '/d', isAnswer).violations;
};

const WRITE = '7 pwrite64(17</d/qfs.sqlite-wal>, "x"..., 4096, 0) = 4096';
const SYNC = '7 fdatasync(17</d/qfs.sqlite-wal>) = 0';
const UNSYNCED = ['the bytes of qfs.sqlite-wal were not synced'];

test('the checker accepts a sync between the write and the answer, and nothing less', () => {
  assert.deepEqual(violationsOf(WRITE, SYNC, 'ANSWER'), []);
  assert.deepEqual(violationsOf(WRITE, 'ANSWER', SYNC), UNSYNCED);
  assert.deepEqual(violationsOf(SYNC, WRITE, 'ANSWER'), UNSYNCED);
  assert.deepEqual(
    violationsOf(WRITE, SYNC.replace('= 0', '= -1 EIO (Input/output error)'), 'ANSWER'),
    UNSYNCED,
  );
  assert.deepEqual(violationsOf(WRITE, SYNC.replace('-wal', '-shm'), 'ANSWER'), UNSYNCED);
});

test('the checker knows that calls of several threads overlap', () => {
  const [begun, ended] = [
    '7 fdatasync(17</d/qfs.sqlite-wal> <unfinished ...>',
    '7 <... fdatasync resumed>) = 0',
  ];
  assert.deepEqual(violationsOf(WRITE, begun!, ended!, 'ANSWER'), []);
  assert.deepEqual(violationsOf(WRITE, begun!, 'ANSWER', ended!), UNSYNCED);
  assert.deepEqual(violationsOf(begun!, WRITE.replace('7', '8'), ended!, 'ANSWER'), UNSYNCED);
});

test('the checker wants a renamed file under its name, and its bytes', () => {
  const file = '/d/blobs/incoming/1';
  const steps = [
    `7 openat(AT_FDCWD</>, "${file}", O_WRONLY|O_CREAT|O_EXCL, 0444) = 18<${file}>`,
    `7 write(18<${file}>, "x", 1) = 1`,
    `7 fsync(18<${file}>) = 0`,
    `7 rename("${file}", "/d/blobs/sha256/00/a") = 0`,
    '7 fsync(19</d/blobs/sha256/00>) = 0',
  ];
  assert.deepEqual(violationsOf(...steps, 'ANSWER'), []);
  const bytes = 'the bytes of blobs/sha256/00/a were not synced';
  const name = 'the name of blobs/sha256/00/a was not synced';
  assert.deepEqual(violationsOf(...steps.toSpliced(2, 1), 'ANSWER'), [bytes]);
  assert.deepEqual(violationsOf(...steps.slice(0, 4), 'ANSWER'), [name]);
});
