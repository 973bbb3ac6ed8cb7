import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Code, ConnectError } from '@connectrpc/connect';
import { type Diagnostic, ERRORS, type ErrorCode, QfsError } from '@qfs/core';
import { ErrorInfoSchema, Code as RpcCode } from './entries/grpc.ts';
import { DIAGNOSTICS_BYTES_MAX, ERROR_DOMAIN, fromConnectError, toConnectError } from './errors.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[];

/** What arrives is bytes: the cause stays behind. */
const sent = (error: QfsError): ConnectError => {
  const { code, details, rawMessage } = toConnectError(error);
  return new ConnectError(
    rawMessage,
    code,
    undefined,
    details as ConstructorParameters<typeof ConnectError>[3],
  );
};

test('DOOR-20: every reason keeps its status, its retryability and itself on the way', () => {
  for (const code of CODES) {
    const { grpc, retryable } = ERRORS[code];
    const error = sent(new QfsError(code, 'told', { metadata: { job_id: 'job_1' } }));
    assert.equal(error.code as number, RpcCode[grpc], code);
    const [info] = error.findDetails(ErrorInfoSchema);
    assert.deepEqual([info?.reason, info?.domain], [code, ERROR_DOMAIN]);
    assert.equal(info?.metadata.retryable, String(retryable), code);
    const back = fromConnectError(error);
    assert.deepEqual([back.code, back.message, back.metadata], [code, 'told', { job_id: 'job_1' }]);
  }
});

test('DOOR-20: of many diagnostics those are sent that fit, and their number is told', () => {
  const diagnostic = (line: number): Diagnostic => ({
    code: 'QASM_UNDECLARED',
    severity: 'error',
    message: `\`q${line}\` is not declared.`,
    line,
    column: 1,
    end_line: line,
    end_column: 3,
  });
  const all = Array.from({ length: 1000 }, (_, line) => diagnostic(line + 1));
  const error = sent(new QfsError('QASM_SEMANTIC', 'no', { diagnostics: all }));
  const [info] = error.findDetails(ErrorInfoSchema);
  assert.equal(info?.metadata.diagnostics_total, '1000');
  assert(Buffer.byteLength(info?.metadata.diagnostics_json ?? '') <= DIAGNOSTICS_BYTES_MAX);
  const { diagnostics } = fromConnectError(error);
  assert(diagnostics.length > 5 && diagnostics.length < 1000);
  assert.deepEqual(diagnostics, all.slice(0, diagnostics.length));
});

test('an error of a peer that is not ours keeps its meaning as far as the table has it', () => {
  const codeOf = (code: Code) => fromConnectError(new ConnectError('x', code)).code;
  assert.equal(codeOf(Code.Unavailable), 'BACKEND_UNAVAILABLE');
  assert.equal(codeOf(Code.ResourceExhausted), 'PAYLOAD_TOO_LARGE');
  assert.equal(codeOf(Code.DataLoss), 'INTERNAL');
  assert.equal(fromConnectError(new TypeError('secret')).code, 'INTERNAL');
});
