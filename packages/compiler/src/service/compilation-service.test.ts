import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompileTarget, readAqo, writeTarget } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import { CompilationService, directClient } from '@qfs/rpc';
import { CircuitFormat } from '@qfs/rpc/internal';
import { type Compiled, compileSource } from '../compile.ts';
import { createCompilationService, NeedsMore } from './index.ts';

const client = directClient(CompilationService, createCompilationService());
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const NONE = new Uint8Array();
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

test('validation and drawing, and levels and formats that do not exist', async () => {
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
});

const VQE = utf8(`from eigen_lang import (
    ExpectationValue, Observable, Param, cnot, hybrid_program, minimize, ry,
)

@hybrid_program(shots=100, seed=7, optimization_level=2, noise_model="depolarizing:0.01", metadata={"a": [1]})
def vqe():
    ry(0, Param("theta"))
    cnot(0, 1)
    optimum = minimize(ExpectationValue(Observable(Z=[0, 1])), method="spsa")
    return {"energy": optimum.fun}
`);

test('an Eigen-Lang program becomes a circuit and a plan; its verdict says what it asks for', async () => {
  const request = { language: 'eigen-lang', source: VQE, entrypoint: 'vqe' };
  const { circuit, plan, metrics, report, finalLayout } = await client.compileCircuit(request);
  assert.deepEqual([...metrics!.parameters], ['theta']);
  assert.equal(
    new TextDecoder().decode(plan),
    '{"entrypoint":"vqe","minimisation":{"method":"SPSA","start":[0]},"observable":{"terms":[{"coefficient":1,' +
      '"paulis":"ZZ"}]},"outputs":{"energy":{"$optimum":"fun"}},"parameters":[{"name":"theta"}],"version":"1.0"}',
  );
  assert.equal(JSON.parse(new TextDecoder().decode(report)).optimization_level, 2, 'as the decorator has it');
  assert.deepEqual(finalLayout, []);
  const { value } = compileSource({ language: 'eigen-lang', source: VQE }) as { value: Compiled };
  assert.deepEqual([circuit!.data, plan], [value.aqo, value.plan], 'as it is compiled without a service');
  const asWritten = await client.compileCircuit({ ...request, options: { optimization_level: '0' } });
  assert.equal(asWritten.report.length, 0, 'the request is stronger');
  const verdict = await client.validateCircuit({ ...request, level: 'semantic' });
  assert.deepEqual(verdict.valued, ['theta']);
  assert.deepEqual(verdict.defaults, {
    shots: '100',
    seed: '7',
    optimization_level: '2',
    noise_model: 'depolarizing:0.01',
    'metadata.a': '[1]',
  });
  const { items } = await client.compileBatch({ items: [{ ...request, entrypoint: 'main' }] });
  assert.equal(items[0]!.reason, 'EIGEN_MEANING');
  assert.match(items[0]!.message, /^Line 6, column 5: The entry is vqe, and main is asked for/);
});

const LINE: CompileTarget = {
  name: 'emulator:line',
  qubits: 4,
  coupling: [
    [0, 1],
    [1, 2],
    [2, 3],
  ],
  directed: false,
  basisGates: ['rz', 'sx', 'x', 'cx'],
};

test('options and a target decide how a program is compiled; each outcome is kept by itself', async () => {
  const source = utf8(
    'include "stdgates.inc"; qubit[3] q; bit[3] c; h q[0]; h q[0]; cx q[0], q[2]; c = measure q;',
  );
  const compile = async (options: Record<string, string>, target: Uint8Array = NONE) => {
    const { metrics, report, aqoDigest } = await client.compileCircuit({
      ...{ language: 'openqasm3', source, options, target },
    });
    const { passes = [], ...said } = report.length === 0 ? {} : JSON.parse(new TextDecoder().decode(report));
    return { gates: metrics!.gateCount, passes: passes.length > 0, said, aqoDigest };
  };
  const target = writeTarget(LINE);
  const written = await compile({});
  assert.deepEqual([written.gates, written.passes, written.said], [3, false, {}]);
  assert.deepEqual(await compile({ optimization_level: '0' }), written);
  assert.deepEqual(await compile({ target: 'none' }, target), written);
  const placed = await compile({}, target);
  assert.deepEqual(placed, await compile({ optimization_level: '1' }, target));
  assert.deepEqual(
    [placed.passes, placed.said.optimization_level, placed.said.target, placed.said.layout.final.length],
    [true, 1, 'emulator:line', 3],
  );
  assert.notEqual(placed.aqoDigest, written.aqoDigest);
  assert.equal((await compile({ optimization_level: '2', target: 'none' }, target)).said.target, undefined);
  const { items } = await client.compileBatch({
    items: [
      { language: 'openqasm3', source, options: { optimisation_level: '1' } },
      { language: 'openqasm3', source, options: { optimization_level: '4' } },
      { language: 'openqasm3', source, target: utf8('{}') },
    ],
  });
  assert.deepEqual(
    items.map(({ reason, message }) => `${reason}: ${message}`),
    [
      "JOB_SPEC_INVALID: There is no compiler option 'optimisation_level'. There are: optimization_level, target.",
      "JOB_SPEC_INVALID: The compiler option optimization_level is '4'; it may be: 0, 1, 2, 3.",
      items[2]!.reason === 'TARGET_INVALID' ? `${items[2]!.reason}: ${items[2]!.message}` : 'TARGET_INVALID',
    ],
  );
});

test('a circuit is made shorter by itself, with its size before and after', async () => {
  const { circuit } = await client.compileCircuit({ language: 'openqasm3', source: BELL });
  const { circuit: made, metrics } = await client.optimizeCircuit({
    circuit: circuit!,
    options: { optimization_level: '1' },
  });
  assert.deepEqual([metrics.two_qubit_gates_before, metrics.two_qubit_gates_after], ['1', '1']);
  assert.deepEqual([metrics.gates_before, metrics.depth_before], ['2', '3']);
  assert.ok(readAqo(made!.data).ok);
  await assert.rejects(client.optimizeCircuit({}), /AQO document/);
});

test('a call within bounds is answered; one that takes more bytes or steps, all items together, is not', () => {
  const RESET = utf8('qubit q; reset q;');
  const item = { language: 'openqasm3', source: RESET, entrypoint: '', options: {}, target: NONE };
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

test('passes and programs of Eigen-Lang take from the budget as lowering does', () => {
  const service = createCompilationService({ sourceBytes: 1_000, steps: 500 });
  const compile = (language: string, text: string, options: object = {}) =>
    service.compileCircuit(
      { language, source: utf8(text), entrypoint: '', options, target: NONE } as never,
      {} as never,
    );
  const circuit = (gates: number) => `qubit q; ${'U(1, 2, 3) q; '.repeat(gates)}`;
  const level = { optimization_level: '1' };
  assert.doesNotThrow(() => compile('openqasm3', circuit(20)));
  assert.throws(() => compile('openqasm3', circuit(20), level), NeedsMore);
  assert.doesNotThrow(() => compile('openqasm3', circuit(5), level));
  const loop = (turns: number) =>
    `from eigen_lang import hybrid_program, x\n@hybrid_program\ndef f():\n  for k in range(${turns}): x(0)\n`;
  assert.doesNotThrow(() => compile('eigen-lang', loop(10)));
  assert.throws(() => compile('eigen-lang', loop(200)), NeedsMore);
});

test('what took more than a budget is not tried again; what is known needs none', () => {
  const service = createCompilationService({ sourceBytes: 100, steps: 10 });
  const check = (text: string) =>
    service.validateCircuit(
      { language: 'openqasm3', source: utf8(text), entrypoint: '', options: {}, level: '' } as never,
      {} as never,
    );
  for (let time = 0; time < 2; time++) {
    assert.throws(() => check('qubit q; for int i in [1:100] { reset q; }'), NeedsMore);
    assert.doesNotThrow(() => check('qubit q; reset q; reset q; reset q;'));
  }
});
