import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { QfsError } from '@qfs/core';
import { ERROR_DOMAIN, toConnectError } from '@qfs/rpc';
import { ErrorInfoSchema } from '@qfs/rpc/grpc';
import { wasUnsent } from './edge-connection.ts';
import type { Role } from './role-table.ts';

const RETRY_AFTER_MS = 500;

/** What a connection says when it fails, or when the process at its other end dies. */
const LOSSES: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Aborted,
  Code.Canceled,
  Code.Internal,
  Code.Unknown,
  Code.DataLoss,
]);

/** Whether the call is certain to have had no effect: it was not sent, or was refused before it began. */
export const hadNoEffect = ({ code, metadata }: QfsError): boolean =>
  code === 'SHUTTING_DOWN' || (code === 'ROLE_UNAVAILABLE' && metadata.reached === 'no');

/** Gives everything that the role itself did not say the reason ROLE_UNAVAILABLE. */
export function namingLosses(role: Role, url: string): Interceptor {
  const named = (thrown: unknown, signal: AbortSignal): unknown => {
    // Who stopped waiting knows why.
    if (signal.aborted) return thrown;
    if (thrown instanceof ConnectError) {
      if (!LOSSES.has(thrown.code)) return thrown;
      if (thrown.findDetails(ErrorInfoSchema).some(({ domain }) => domain === ERROR_DOMAIN)) return thrown;
    }
    return toConnectError(
      // Where it is and how it failed is for our logs: the sentence goes to whoever called a public door.
      new QfsError('ROLE_UNAVAILABLE', `The ${role} of this platform does not answer.`, {
        cause: new Error(`${url}: ${(thrown as Error).message}`, { cause: thrown }),
        metadata: { role, ...(wasUnsent(thrown) ? { reached: 'no' } : {}) },
        retryAfterMs: RETRY_AFTER_MS,
      }),
    );
  };
  return (next) => async (request) => {
    try {
      const response = await next(request);
      if (!response.stream) return response;
      const message = rethrowing(response.message, (thrown) => named(thrown, request.signal));
      return { ...response, message };
    } catch (thrown) {
      throw named(thrown, request.signal);
    }
  };
}

async function* rethrowing<T>(
  messages: AsyncIterable<T>,
  named: (thrown: unknown) => unknown,
): AsyncGenerator<T> {
  try {
    yield* messages;
  } catch (thrown) {
    throw named(thrown);
  }
}
