import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { VALIDATE_INLINE_BYTES_MAX } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { CompilationService, callOptions, directClient } from '@qfs/rpc';
import { createCompileRole } from './compile-role.ts';

const CONTEXT = {
  identity: { tenantId: '', projectId: '', subject: '', account: '', roles: [] },
  traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  requestId: 'req_test',
};

/** A program of this many bytes. */
const programOf = (bytes: number): Uint8Array => utf8('qubit q; reset q;'.padEnd(bytes, ' '));

function openRole(t: TestContext) {
  const role = createCompileRole(1);
  t.after(() => role.close());
  return { role, client: directClient(CompilationService, role.handlers) };
}

test('DOOR-2: a program up to VALIDATE_INLINE_BYTES_MAX is checked at once, a larger one in a thread', (t) => {
  const { role } = openRole(t);
  const { signal } = new AbortController();
  const check = (bytes: number): unknown => {
    const request = { language: 'openqasm3', source: programOf(bytes), level: 'semantic' };
    return role.handlers.validateCircuit(request as never, { signal } as never);
  };
  const inline = check(VALIDATE_INLINE_BYTES_MAX) as { valid: boolean };
  assert.equal(inline.valid, true);
  const pooled = check(VALIDATE_INLINE_BYTES_MAX + 1);
  assert.ok(pooled instanceof Promise);
  return pooled.then((verdict) => assert.equal(verdict.valid, true));
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
