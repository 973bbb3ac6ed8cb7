import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERRORS, type ErrorCode, QfsError } from '@qfs/core';
import { EXIT, exitCodeOf } from './exit-code.ts';

const EXAMPLES: Partial<Record<ErrorCode, number>> = {
  QASM_SYNTAX: EXIT.user,
  CIRCUIT_TOO_LARGE: EXIT.user,
  JOB_NOT_FOUND: EXIT.user,
  JOB_TERMINAL: EXIT.user,
  AUTH_MISSING: EXIT.user,
  BACKEND_UNAVAILABLE: EXIT.network,
  DEADLINE_EXCEEDED: EXIT.network,
  JOB_NOT_TERMINAL: EXIT.server,
  STORAGE_FULL: EXIT.server,
  CANCELLED: EXIT.server,
  INTERNAL: EXIT.server,
};

test("DOOR-25: an error that stays until the request is changed is the user's; others are the network's or the server's", () => {
  for (const [code, expected] of Object.entries(EXAMPLES)) {
    assert.equal(exitCodeOf(new QfsError(code as ErrorCode, '')), expected, code);
  }
});

test('no error exits with 0', () => {
  for (const code of Object.keys(ERRORS))
    assert.notEqual(exitCodeOf(new QfsError(code as ErrorCode, '')), EXIT.ok);
});
