import { QfsError } from '@qfs/core';
import type { Failure } from './protocol.ts';

/**
 * What is sent of an error. Whatever is not a QfsError is a bug of ours: it is logged here, and sent as
 * INTERNAL.
 */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof RangeError && /allocation failed/i.test(thrown.message)) {
    return {
      code: 'CIRCUIT_TOO_LARGE',
      message: 'The machine has not enough free memory for the state vector of this circuit.',
      metadata: {},
    };
  }
  if (!(thrown instanceof QfsError)) {
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  }
  const { code, message, metadata } = QfsError.from(thrown);
  return { code, message, metadata };
}

export const errorOf = ({ code, message, metadata }: Failure): QfsError =>
  new QfsError(code, message, { metadata });
