import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { AuditEvent } from '@qfs/api';
import { AuditFile } from './audit-file.ts';

const EVENT: AuditEvent = {
  ...{ subject: 'ana', tenant: 'acme', project: 'alpha', action: 'jobs:cancel', resource: 'job_1' },
  ...{ outcome: 'denied', reason: 'AUTH_DENIED', requestId: 'r-1', traceId: 'ab', remote: '127.0.0.1' },
};

function auditIn(t: TestContext, fileBytesMax: number) {
  const path = join(mkdtempSync(join(tmpdir(), 'qfs-audit-')), 'audit');
  t.after(() => rmSync(join(path, '..'), { recursive: true }));
  const outcomes: boolean[] = [];
  const errors: unknown[] = [];
  const clock = { nowMs: () => 1_790_000_000_000, monotonicMs: () => 0 };
  const onEvent = (written: boolean) => void outcomes.push(written);
  const audit = new AuditFile({
    path,
    clock,
    onEvent,
    onError: (error) => void errors.push(error),
    fileBytesMax,
  });
  const files = () => readdirSync(path).map((name) => join(path, name));
  return { path, audit, outcomes, errors, files };
}

test('SEC-15: events are JSON lines in the order they came, all of them once it is closed', async (t) => {
  const { audit, outcomes, files } = auditIn(t, 1_000_000);
  for (let count = 0; count < 500; count += 1) audit.record({ ...EVENT, resource: `job_${count}` });
  await audit.close();
  const [file, ...others] = files();
  assert.deepEqual(others, []);
  const lines = readFileSync(file!, 'utf8').trimEnd().split('\n');
  assert.deepEqual(JSON.parse(lines[0]!), {
    ...{ timestamp: '2026-09-21T14:13:20.000Z', subject: 'ana', tenant: 'acme', project: 'alpha' },
    ...{ action: 'jobs:cancel', resource: 'job_0', outcome: 'denied', reason: 'AUTH_DENIED' },
    ...{ request_id: 'r-1', trace_id: 'ab', remote: '127.0.0.1' },
  });
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).resource),
    Array.from({ length: 500 }, (_, at) => `job_${at}`),
  );
  assert.equal(outcomes.filter((written) => written).length, 500);
  assert.equal(statSync(file!).mode & 0o777, 0o600);
});

test('SEC-15: a file that is full is followed by another, and names are in the order of time', async (t) => {
  const { audit, files } = auditIn(t, 600);
  for (let count = 0; count < 6; count += 1) {
    audit.record({ ...EVENT, resource: `job_${count}` });
    await new Promise((resolve) => setTimeout(resolve, 70));
  }
  await audit.close();
  const texts = files()
    .sort()
    .map((file) => readFileSync(file, 'utf8'));
  assert(texts.length >= 2, `${texts.length} files`);
  const resources = texts
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).resource);
  assert.deepEqual(
    resources,
    Array.from({ length: 6 }, (_, at) => `job_${at}`),
  );
});

test('SEC-15: while the folder cannot be written events are counted as lost, and nothing else happens', async (t) => {
  const { audit, outcomes, errors, path } = auditIn(t, 1_000_000);
  rmSync(path, { recursive: true });
  audit.record(EVENT);
  await audit.close();
  assert.deepEqual([outcomes, errors.length], [[false], 1]);
});
