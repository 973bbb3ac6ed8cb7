import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createCompilationService } from '@qfs/compiler/service';
import {
  IDEMPOTENCY_KEY_CHARS_MAX,
  JOB_ITEMS_MAX,
  JOB_NAME_CHARS_MAX,
  JOBS_PAGE_MAX,
  OBSERVABLES_MAX,
  PARAMETER_SETS_MAX,
  PRIORITY_MAX,
  PRIORITY_MIN,
  QASM_SOURCE_BYTES_MAX,
  REQUEST_BODY_BYTES_MAX,
  SEED_MAX,
  SHOTS_MAX,
  SHOTS_MIN,
  TAG_CHARS_MAX,
  TAGS_MAX,
} from '@qfs/core';
import { CompilationService, directClient } from '@qfs/rpc';
import { createRestDoor } from './rest/rest-door.ts';
import { doorDependencies, MemoryRooms } from './testing/rooms.ts';

/** A door whose compiler finds every program good: the bounds are the door's alone. */
async function openDoor(t: TestContext) {
  const compiler = directClient(CompilationService, {
    ...createCompilationService(),
    validateCircuit: () => ({ valid: true, executable: true }),
  });
  const dependencies = doorDependencies(new MemoryRooms(), { compiler });
  const app = await createRestDoor({ ...dependencies, page: [] });
  t.after(() => app.close());
  return app;
}

const job = (change: object) => ({ language: 'openqasm3', program: 'qubit q;', ...change });
const items = (count: number) => ({ items: Array.from({ length: count }, () => job({})) });

/** Each bound of a submission: a body that stands on it, and one a step beyond with the status it gets. */
const BOUNDS: readonly (readonly [name: string, inside: object, beyond: object, status: number])[] = [
  ['shots, least', job({ shots: SHOTS_MIN }), job({ shots: SHOTS_MIN - 1 }), 422],
  ['shots, most', job({ shots: SHOTS_MAX }), job({ shots: SHOTS_MAX + 1 }), 422],
  ['seed, least', job({ seed: 0 }), job({ seed: -1 }), 422],
  ['seed, most', job({ seed: SEED_MAX }), job({ seed: SEED_MAX + 1 }), 422],
  ['priority, least', job({ priority: PRIORITY_MIN }), job({ priority: PRIORITY_MIN - 1 }), 422],
  ['priority, most', job({ priority: PRIORITY_MAX }), job({ priority: PRIORITY_MAX + 1 }), 422],
  [
    'name',
    job({ name: 'n'.repeat(JOB_NAME_CHARS_MAX) }),
    job({ name: 'n'.repeat(JOB_NAME_CHARS_MAX + 1) }),
    422,
  ],
  ['tags', job({ tags: Array(TAGS_MAX).fill('t') }), job({ tags: Array(TAGS_MAX + 1).fill('t') }), 422],
  ['tag', job({ tags: ['t'.repeat(TAG_CHARS_MAX)] }), job({ tags: ['t'.repeat(TAG_CHARS_MAX + 1)] }), 422],
  ['items', items(JOB_ITEMS_MAX), items(JOB_ITEMS_MAX + 1), 422],
  ['no items', items(1), items(0), 422],
  [
    'parameter sets',
    job({ parameters: Array(PARAMETER_SETS_MAX).fill({ a: 1 }) }),
    job({ parameters: Array(PARAMETER_SETS_MAX + 1).fill({ a: 1 }) }),
    422,
  ],
  [
    'observables',
    job({ observables: Array(OBSERVABLES_MAX).fill({ terms: [{ coefficient: 1, paulis: 'Z' }] }) }),
    job({ observables: Array(OBSERVABLES_MAX + 1).fill({ terms: [{ coefficient: 1, paulis: 'Z' }] }) }),
    422,
  ],
  [
    'program',
    job({ program: ' '.repeat(QASM_SOURCE_BYTES_MAX) }),
    job({ program: ' '.repeat(QASM_SOURCE_BYTES_MAX + 1) }),
    413,
  ],
];

test('DOOR-3: every bound of a submission is kept on both sides', async (t) => {
  const app = await openDoor(t);
  for (const [name, inside, beyond, status] of BOUNDS) {
    const send = (payload: object) => app.inject({ method: 'POST', url: '/api/v1/jobs', payload });
    const accepted = await send(inside);
    assert.equal(accepted.statusCode, 202, `${name}: ${accepted.body.slice(0, 300)}`);
    assert.equal((await send(beyond)).statusCode, status, name);
  }
});

test('DOOR-3: the largest body is read and one byte more is not', async (t) => {
  const app = await openDoor(t);
  const send = (bytes: number) => {
    const frame = JSON.stringify({ qc: 'qubit q;', rest: '' });
    const payload = frame.replace('""', `"${'x'.repeat(bytes - frame.length)}"`);
    assert.equal(payload.length, bytes);
    return app.inject({
      method: 'POST',
      url: '/tasks',
      headers: { 'content-type': 'application/json' },
      payload,
    });
  };
  assert.equal((await send(REQUEST_BODY_BYTES_MAX)).statusCode, 200);
  assert.equal((await send(REQUEST_BODY_BYTES_MAX + 1)).statusCode, 413);
});

test('DOOR-6, DOOR-14: idempotency keys and pages are bounded on both sides', async (t) => {
  const app = await openDoor(t);
  const submit = (length: number) =>
    app.inject({
      method: 'POST',
      url: '/tasks',
      headers: { 'idempotency-key': 'k'.repeat(length) },
      payload: { qc: 'qubit q;' },
    });
  assert.equal((await submit(IDEMPOTENCY_KEY_CHARS_MAX)).statusCode, 200);
  assert.equal((await submit(IDEMPOTENCY_KEY_CHARS_MAX + 1)).statusCode, 400);
  const page = (limit: number) => app.inject({ method: 'GET', url: `/api/v1/jobs?limit=${limit}` });
  assert.equal((await page(JOBS_PAGE_MAX)).statusCode, 200);
  assert.equal((await page(JOBS_PAGE_MAX + 1)).statusCode, 400);
});
