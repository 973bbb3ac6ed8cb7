import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QfsError } from '@qfs/core';
import { CompilationService, directClient } from '@qfs/rpc';
import { CircuitFormat } from '@qfs/rpc/internal';
import { createCompilationService, NeedsMore } from './index.ts';

const client = directClient(CompilationService, createCompilationService());
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const BELL = utf8('include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;');

test('a circuit becomes AQO and OpenQASM with its digest and metrics', async () => {
  const { circuit, qasm, aqoDigest, metrics } = await client.compileCircuit({
    language: 'openqasm3',
    source: BELL,
  });
  assert.equal(circuit?.format, CircuitFormat.AQO_JSON);
  assert.match(aqoDigest, /^sha256:[0-9a-f]{64}$/);
  assert.match(new TextDecoder().decode(qasm), /^OPENQASM 3\.0;/);
  assert.deepEqual({ ...metrics?.gates }, { cx: 1, h: 1 });
  assert.equal(metrics?.measurements, 2);
  const again = await client.compileCircuit({ language: 'aqo', source: circuit!.data });
  assert.equal(again.aqoDigest, aqoDigest);
});

test('a program that does not compile fails with its reason and its findings', async () => {
  await assert.rejects(
    client.compileCircuit({ language: 'openqasm3', source: utf8('qubit q; h q;') }),
    (error) => {
      const { code, diagnostics } = QfsError.from(error);
      assert.equal(code, 'QASM_SEMANTIC');
      assert.equal(diagnostics[0]?.code, 'QASM_UNDECLARED');
      return true;
    },
  );
});

test('in a batch only the wrong item fails', async () => {
  const { items } = await client.compileBatch({
    items: [
      { language: 'openqasm3', source: BELL },
      { language: 'openqasm3', source: utf8('qubit q') },
    ],
  });
  assert.deepEqual(
    items.map(({ reason }) => reason),
    ['', 'QASM_SYNTAX'],
  );
  assert.deepEqual(
    items.map(({ circuit }) => circuit !== undefined),
    [true, false],
  );
  assert.equal(items[1]!.diagnostics[0]!.line, 1);
});

test('validation, drawing and what does not exist', async () => {
  const verdict = await client.validateCircuit({ language: 'openqasm3', source: BELL });
  assert.deepEqual([verdict.valid, verdict.executable, verdict.reason], [true, true, '']);
  const text = await client.drawCircuit({ language: 'openqasm3', source: BELL });
  assert.match(text.drawing, /H/);
  const svg = await client.drawCircuit({ language: 'openqasm3', source: BELL, format: 'svg' });
  assert.equal(svg.contentType, 'image/svg+xml');
  const code = async (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => '',
      (error) => QfsError.from(error).code,
    );
  assert.equal(
    await code(client.validateCircuit({ language: 'openqasm3', source: BELL, level: 'deep' })),
    'REQUEST_INVALID',
  );
  assert.equal(
    await code(client.drawCircuit({ language: 'openqasm3', source: BELL, format: 'gif' })),
    'REQUEST_INVALID',
  );
  assert.equal(await code(client.optimizeCircuit({})), 'NOT_IMPLEMENTED');
});

test('a call within bounds is answered; one that takes more bytes or steps, all items together, is not', () => {
  const RESET = utf8('qubit q; reset q;');
  const item = { language: 'openqasm3', source: RESET };
  const batch = (bounds: { sourceBytes: number; steps: number }, sources = [RESET, RESET]) =>
    createCompilationService(bounds).compileBatch(
      { items: sources.map((source) => ({ ...item, source })) } as never,
      {} as never,
    );
  const enough = { sourceBytes: 2 * RESET.length, steps: 1_000 };
  const other = utf8('qubit r; reset r;');
  assert.doesNotThrow(() => batch(enough));
  assert.throws(() => batch({ ...enough, sourceBytes: enough.sourceBytes - 1 }), NeedsMore);
  assert.doesNotThrow(() => batch({ ...enough, steps: 6 }, [RESET, other]));
  assert.throws(() => batch({ ...enough, steps: 5 }, [RESET, other]), NeedsMore);
});

test('what took more than a budget is not tried again; what is known needs none', () => {
  const service = createCompilationService({ sourceBytes: 100, steps: 10 });
  const check = (text: string) =>
    service.validateCircuit({ language: 'openqasm3', source: utf8(text), level: '' } as never, {} as never);
  for (let time = 0; time < 2; time++) {
    assert.throws(() => check('qubit q; for int i in [1:100] { reset q; }'), NeedsMore);
    assert.doesNotThrow(() => check('qubit q; reset q; reset q; reset q;'));
  }
});
