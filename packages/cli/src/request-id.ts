import { randomUUID } from 'node:crypto';
import type { QfsError } from '@qfs/core';

/** Prefix of the ids that this program gives to its calls. */
const PREFIX = 'cli_';
const requests = new WeakMap<QfsError, string>();

export const drawRequestId = (): string => `${PREFIX}${randomUUID()}`;

/** Remembers in which request an error was met; the error itself stays as the server gave it. */
export const rememberRequest = (error: QfsError, requestId: string): void =>
  void requests.set(error, requestId);

export const requestIdOf = (error: QfsError): string | undefined => requests.get(error);
