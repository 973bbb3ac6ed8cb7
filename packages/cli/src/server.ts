import { type Client, createClient } from '@qfs/client';
import { QfsError } from '@qfs/core';
import type { Invocation } from './command.ts';
import { timeSpan } from './options.ts';
import { readFile } from './read-file.ts';
import { drawRequestId, rememberRequest } from './request-id.ts';
import { tokenOf } from './settings/credentials.ts';
import { loadSettings, type Settings } from './settings/load.ts';
import type { Terminal } from './terminal.ts';

/** Options of every command that calls a server, beside the flags of the settings. */
interface ServerOptions {
  readonly requestId?: string;
  readonly traceparent?: string;
}

const CA_BYTES_MAX = 1024 * 1024;
const LOOPBACK = /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/;

/** Calls a server; one that cannot be reached is explained together with how to start one. */
export async function withServer<T>(
  { options, terminal }: Invocation<object>,
  use: (client: Client, settings: Settings) => Promise<T>,
): Promise<T> {
  const settings = await loadSettings(options as Readonly<Record<string, unknown>>, terminal);
  const textOf = (key: 'endpoint' | 'tenant' | 'project' | 'ca_file' | 'call_timeout') =>
    settings.entries.get(key)?.value as string | undefined;
  const [endpoint, tenant, project, caFile] = (['endpoint', 'tenant', 'project', 'ca_file'] as const).map(
    textOf,
  );
  const token = await tokenOf(settings, terminal);
  if (token !== undefined) warnIfPlain(endpoint!, terminal);
  const { requestId = drawRequestId(), traceparent } = options as ServerOptions;
  const client = createClient({
    endpoint: endpoint!,
    timeoutMs: timeSpan('call_timeout')(textOf('call_timeout')!),
    requestId,
    ...(token !== undefined && { token }),
    ...(tenant !== undefined && { tenant }),
    ...(project !== undefined && { project }),
    ...(traceparent !== undefined && { traceparent }),
    ...(caFile !== undefined && { ca: await readCertificates(caFile, terminal) }),
    ...(options.debug === true && { onCall: debugLine(terminal) }),
  });
  try {
    return await use(client, settings);
  } catch (thrown) {
    const error = explained(QfsError.from(thrown), endpoint!);
    rememberRequest(error, requestId);
    throw error;
  } finally {
    // An open connection would keep the process from ending.
    client.close();
  }
}

const debugLine =
  (terminal: Terminal) =>
  ({
    durationMs,
    errorCode = 'OK',
    method,
  }: {
    durationMs: number;
    errorCode?: string;
    method: string;
  }): void =>
    terminal.talk(`debug: ${method} ${errorCode} ${durationMs.toFixed(1)} ms\n`);

function explained(error: QfsError, endpoint: string): QfsError {
  const { fault } = error.metadata;
  const remedies: Readonly<Record<string, string>> = {
    unreachable: `No QFS server answers at ${endpoint}. Start one with "npm start", or name another with --endpoint or EIGEN_ENDPOINT.`,
    untrusted: `${error.message.replace(/ as the CA file\.$/, '')} with --ca-file or EIGEN_CA_FILE.`,
  };
  const remedy = fault === undefined ? undefined : remedies[fault];
  if (remedy === undefined) {
    if (error.code !== 'AUTH_MISSING') return error;
    const message = `${error.message} Give a token with EIGEN_TOKEN, --token-file, or "eigen-cli config set token -".`;
    return new QfsError('AUTH_MISSING', message, { cause: error });
  }
  return new QfsError('BACKEND_UNAVAILABLE', remedy, { cause: error });
}

function warnIfPlain(endpoint: string, terminal: Terminal): void {
  const { hostname, protocol } = new URL(endpoint);
  if (protocol !== 'http:' || LOOPBACK.test(hostname)) return;
  terminal.talk(
    `eigen-cli: the token goes to ${endpoint} unencrypted; use https:// if the server speaks TLS\n`,
  );
}

async function readCertificates(path: string, terminal: Terminal): Promise<string> {
  const text = new TextDecoder().decode(
    await readFile(path, 'a file of certificates', CA_BYTES_MAX, terminal),
  );
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new QfsError('REQUEST_INVALID', `${path} holds no certificate in PEM form; give the CA file.`);
}
