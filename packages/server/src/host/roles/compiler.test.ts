import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { VALIDATE_INLINE_BYTES_MAX, VALIDATE_INLINE_STEPS_MAX } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { CompilationService, callOptions, directClient } from '@qfs/rpc';
import { createMetrics } from '../../observe/metrics.ts';
import { createCompileRole } from './compiler.ts';

const CONTEXT = {
  identity: { tenantId: '', projectId: '', subject: '', roles: [] },
  traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  requestId: 'req_test',
};

/** A program of this many bytes. */
const programOf = (bytes: number): Uint8Array => utf8('qubit q; reset q;'.padEnd(bytes, ' '));

function openRole(t: TestContext) {
  const role = createCompileRole({ threads: 1, metrics: createMetrics() });
  t.after(() => role.close());
  return { role, client: directClient(CompilationService, role.handlers) };
}

/** What a request leaves open, as messages have it. */
const NOTHING_ELSE = { entrypoint: '', options: {} };

test('DOOR-2: a program up to VALIDATE_INLINE_BYTES_MAX is checked at once, a larger one in a thread', (t) => {
  const { role } = openRole(t);
  const { signal } = new AbortController();
  const check = (bytes: number): unknown => {
    const request = { ...NOTHING_ELSE, language: 'openqasm3', source: programOf(bytes), level: 'semantic' };
    return role.handlers.validateCircuit(request as never, { signal } as never);
  };
  const inline = check(VALIDATE_INLINE_BYTES_MAX) as { valid: boolean };
  assert.equal(inline.valid, true);
  const pooled = check(VALIDATE_INLINE_BYTES_MAX + 1);
  assert.ok(pooled instanceof Promise);
  return pooled.then((verdict) => assert.equal(verdict.valid, true));
});

/** Few bytes that mean a lot of work. */
const HOSTILE = {
  'a loop': 'qubit q; for int i in [0:1900000] { reset q; }',
  'empty rounds in empty rounds': 'qubit q; for int i in [1:1000] { for int j in [1:1000] { } }',
  'gates that double': `gate g0 a { U(0, 0, 0) a; } ${Array.from(
    { length: 17 },
    (_, at) => `gate g${at + 1} a { g${at} a; g${at} a; }`,
  ).join(' ')} qubit q; g17 q;`,
  'a gate per qubit of a large register': `qubit[4000] q; ${'reset q;'.repeat(450)}`,
  'controls on a repeated gate': 'qubit[3] q; ctrl(2) @ pow(1000000) @ U(1, 2, 3) q[0], q[1], q[2];',
} as const;

test('DOOR-2: a program that takes more than VALIDATE_INLINE_STEPS_MAX is checked in a thread', async (t) => {
  const { role } = openRole(t);
  const stopped = new AbortController();
  const check = (text: string): unknown => {
    const request = { ...NOTHING_ELSE, language: 'openqasm3', source: utf8(text), level: 'semantic' };
    return role.handlers.validateCircuit(request as never, { signal: stopped.signal } as never);
  };
  // A round is one step, and so is what stands around the loop, a few times.
  const rounds = (count: number): unknown => check(`qubit q; for int i in [1:${count}] { }`);
  assert.ok(!(rounds(VALIDATE_INLINE_STEPS_MAX - 100) instanceof Promise));
  const pooled = [
    rounds(VALIDATE_INLINE_STEPS_MAX),
    ...Object.values(HOSTILE).map(check),
  ] as Promise<unknown>[];
  stopped.abort();
  for (const [at, verdict] of pooled.entries()) {
    assert.ok(verdict instanceof Promise, Object.keys(HOSTILE)[at - 1]);
    await assert.rejects(verdict, { name: 'AbortError' });
  }
});

test('a thread says what is wrong with a program as the compiler itself does', async (t) => {
  const { client } = openRole(t);
  const source = utf8(`qubit q; h q;${' '.repeat(VALIDATE_INLINE_BYTES_MAX)}`);
  await assert.rejects(client.compileCircuit({ language: 'openqasm3', source }), (error) => {
    const { code, diagnostics } = error as { code: string; diagnostics: { code: string }[] };
    assert.deepEqual([code, diagnostics[0]?.code], ['QASM_SEMANTIC', 'QASM_UNDECLARED']);
    return true;
  });
});

test('DOOR-2: a thread whose caller stops waiting is ended, and the next program gets another', async (t) => {
  const { client } = openRole(t);
  const request = { language: 'openqasm3', source: programOf(VALIDATE_INLINE_BYTES_MAX + 1) };
  const deadlineMs = performance.now() + 1;
  const late = client.validateCircuit(
    { ...request, source: utf8('qubit q;'.repeat(100_000)) },
    callOptions({ ...CONTEXT, deadlineMs }),
  );
  await assert.rejects(late, { code: 'DEADLINE_EXCEEDED' });
  assert.equal((await client.validateCircuit(request)).valid, true);
});
