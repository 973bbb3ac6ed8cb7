import { type Client, createClient, ENDPOINT_DEFAULT } from '@qfs/client';
import { QfsError } from '@qfs/core';
import type { Invocation, OptionRow } from './command.ts';
import type { Terminal } from './terminal.ts';

export interface ServerOptions {
  readonly endpoint?: string;
}

export const ENDPOINT_OPTION: OptionRow = {
  flags: '--endpoint <address>',
  help: `the server's gRPC address (default: EIGEN_ENDPOINT, else ${ENDPOINT_DEFAULT})`,
};

/** Calls a server; a server that cannot be reached is explained together with how to start one. */
export async function withServer<T>(
  { options, terminal }: Invocation<ServerOptions>,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const endpoint = endpointOf(options, terminal);
  const token = terminal.env.EIGEN_TOKEN;
  const client = createClient({ endpoint, ...(token === undefined ? {} : { token }) });
  try {
    return await use(client);
  } catch (thrown) {
    const error = QfsError.from(thrown);
    if (!isUnreachable(error)) throw error;
    throw new QfsError(
      'BACKEND_UNAVAILABLE',
      `No QFS server answers at ${endpoint}. Start one with "npm start", or name another with --endpoint or ` +
        'EIGEN_ENDPOINT.',
      { cause: error },
    );
  } finally {
    // An open connection would keep the process from ending.
    client.close();
  }
}

function endpointOf({ endpoint }: ServerOptions, terminal: Terminal): string {
  const given = endpoint ?? terminal.env.EIGEN_ENDPOINT ?? ENDPOINT_DEFAULT;
  const address = given.includes('://') ? given : `http://${given}`;
  const { hostname, protocol } = URL.parse(address) ?? {};
  if (hostname && (protocol === 'http:' || protocol === 'https:')) return address.replace(/\/+$/, '');
  throw new QfsError('REQUEST_INVALID', `The endpoint "${given}" is no address; write http://HOST:PORT.`);
}

/** Reasons of the system for a connection that never came about. */
const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);

function isUnreachable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (CONNECTION_ERRORS.has((at as NodeJS.ErrnoException).code ?? '')) return true;
  }
  return false;
}
