import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { jsonLogger } from './logging.ts';
import { SpanLog } from './span-log.ts';

/** A logger, and the records it has written. */
function openLog(level = 'info') {
  const records: Record<string, unknown>[] = [];
  const log = jsonLogger(level, 'qfs', { write: (line: string) => records.push(JSON.parse(line)) });
  return { log, records };
}

test('a line has a time, a level, a service, what it belongs to and a sentence', () => {
  const { log, records } = openLog();
  const job = { job_id: 'job_1', device_id: 'sim:local', trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) };
  log.child({ component: 'kernel' }).info({ ...job, stage: 'RUNNING' }, 'job ended');
  const [{ timestamp, ...line }] = records as [Record<string, unknown>];
  assert.match(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const said = { level: 'info', service: 'qfs', component: 'kernel', message: 'job ended' };
  assert.deepEqual(line, { ...said, ...job, stage: 'RUNNING' });
});

test('an error has a kind and its root cause; what is no bug of ours has no stack', () => {
  const { log, records } = openLog();
  const cause = new Error('connect ECONNREFUSED', { cause: new Error('the cable is out') });
  log.warn({ err: new QfsError('BACKEND_UNAVAILABLE', 'The device is away.', { cause }) }, 'away');
  log.error({ err: new TypeError('x is no function') }, 'a bug');
  assert.deepEqual(records[0]!.error, {
    kind: 'BACKEND_UNAVAILABLE',
    message: 'The device is away.',
    root_cause: 'the cable is out',
  });
  const bug = records[1]!.error as Record<string, string>;
  assert.deepEqual([bug.kind, bug.root_cause], ['TypeError', 'x is no function']);
  assert.match(bug.stack ?? '', /logging\.test\.ts/);
});

test('only known fields are written: no secret, no program, whoever hands them over', () => {
  const { log, records } = openLog();
  const secrets = {
    authorization: 'Bearer hunter2',
    headers: { authorization: 'Bearer hunter2', cookie: 'hunter2' },
    token: 'hunter2',
    program: 'hunter2',
    request: { body: 'hunter2' },
  };
  log.info({ ...secrets, job_id: 'job_1' }, 'too much');
  assert.equal(records[0]!.job_id, 'job_1');
  assert.deepEqual(records[0]!.fields_left_out, Object.keys(secrets));
  assert.ok(!JSON.stringify(records).includes('hunter2'));
});

test('spans are debug lines below their parents; an unsampled trace is left alone', () => {
  const { log, records } = openLog('debug');
  const tracer = new SpanLog(log);
  const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const above = tracer.startSpan('above', 'server', parent, { job_id: 'job_1' });
  const below = tracer.startSpan('below', 'internal', above.traceparent);
  below.end(new QfsError('STORAGE_FULL', 'Full.'));
  above.add({ size: 3 });
  above.end();
  above.end();
  tracer.startSpan('nobody looks', 'server', parent.replace(/01$/, '00')).end();
  const seen = records.map(({ timestamp: _, service: __, duration_seconds: ___, ...record }) => record);
  const trace_id = 'a'.repeat(32);
  assert.deepEqual(seen, [
    {
      level: 'debug',
      trace_id,
      span_id: below.traceparent.slice(36, 52),
      reason: 'STORAGE_FULL',
      message: 'span below',
    },
    {
      level: 'debug',
      trace_id,
      span_id: above.traceparent.slice(36, 52),
      job_id: 'job_1',
      size: 3,
      message: 'span above',
    },
  ]);
  assert.match(
    tracer.startSpan('first', 'server', undefined).traceparent,
    /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/,
  );
});
