import { QfsError } from '@qfs/core';

/** A statement of the program that cannot be executed with the values it met: ends the item. */
export function fault(message: string): QfsError {
  return new QfsError('PROGRAM_FAULT', message);
}

/** The circuit document says something that no compiler of ours writes. */
export function malformed(message: string): QfsError {
  return new QfsError('AQO_INVALID', message);
}
