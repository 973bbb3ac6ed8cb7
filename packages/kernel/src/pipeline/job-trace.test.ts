import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import type { SpanAttributes, Tracer } from '@qfs/rpc';
import type { JobRow } from '../store/rows.ts';
import { JobTrace, traceparentOf } from './job-trace.ts';

const SUBMITTER = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const JOB = {
  jobId: 'job_0199e1a2b3c470008000000000000001',
  target: 'sim:local',
  attempts: 0,
  traceparent: SUBMITTER,
} as JobRow;

/** Writes a line for every beginning and end; the nth span has the span id n. */
function drawing() {
  const lines: string[] = [];
  let spans = 0;
  const tracer: Tracer = {
    startSpan(name, _kind, parent = '', attributes: SpanAttributes = {}) {
      spans += 1;
      const spanId = String(spans).padStart(16, '0');
      lines.push(`${name} below ${parent.slice(36, 52).replace(/^0+/, '')} ${attributes.job_id}`);
      let isOpen = true;
      return {
        traceparent: `00-${parent.slice(3, 35)}-${spanId}-01`,
        add: () => undefined,
        end: (error) => {
          if (isOpen) lines.push(`end of ${name}${error instanceof QfsError ? `: ${error.code}` : ''}`);
          isOpen = false;
        },
      };
    },
  };
  return { lines, tracer };
}

test('a run is below the request of its submitter, and each stage is below the run', () => {
  const { lines, tracer } = drawing();
  const trace = new JobTrace(tracer, JOB);
  assert.equal(trace.fields.span_id, '1'.padStart(16, '0'));
  trace.enter('PENDING');
  trace.enter('COMPILING');
  assert.deepEqual(trace.fields, {
    job_id: JOB.jobId,
    device_id: 'sim:local',
    trace_id: 'a'.repeat(32),
    span_id: '3'.padStart(16, '0'),
  });
  trace.fail(new QfsError('QASM_SYNTAX', 'No program.'));
  trace.end();
  const id = JOB.jobId;
  assert.deepEqual(lines, [
    `job below ${'b'.repeat(16)} ${id}`,
    `stage pending below 1 ${id}`,
    'end of stage pending',
    `stage compiling below 1 ${id}`,
    'end of stage compiling: QASM_SYNTAX',
    'end of job: QASM_SYNTAX',
  ]);
});

test('without a tracer a run goes on under the traceparent of its submitter', () => {
  const trace = new JobTrace(undefined, JOB);
  trace.enter('RUNNING');
  assert.equal(trace.traceparent, SUBMITTER);
  trace.end();
});

test('a job whose submitter is not known has the trace that its id names', () => {
  const unknown = { ...JOB, traceparent: null };
  assert.equal(traceparentOf(unknown), `00-0199e1a2b3c470008000000000000001-${'1'.padStart(16, '0')}-01`);
});
