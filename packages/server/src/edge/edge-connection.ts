import type { ClientHttp2Stream, ClientSessionOptions, SecureClientSessionOptions } from 'node:http2';
import { constants } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { Http2SessionManager } from '@connectrpc/connect-node';

/** Many large messages may be under way at once; how many there are is bounded at the doors and in the kernel. */
export const SESSION_OPTIONS = {
  maxSessionMemory: 4_096,
  settings: { initialWindowSize: 1024 * 1024 },
} as const;

const PING_MS = 10_000;
const PING_ANSWER_MS = 5_000;
/** The machines of one platform are near each other. */
const CONNECT_MS_MAX = 5_000;

/** Calls that never left this process: whom they were for cannot have done anything. */
const unsent = new WeakSet<object>();

export const wasUnsent = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && unsent.has(error);

/** A connection to a process of the platform, which is made again when it is needed. */
export class EdgeConnection extends Http2SessionManager {
  constructor(url: string, options: ClientSessionOptions | SecureClientSessionOptions) {
    super(
      url,
      { pingIntervalMs: PING_MS, pingTimeoutMs: PING_ANSWER_MS },
      {
        ...SESSION_OPTIONS,
        ...options,
      },
    );
  }

  override async request(...request: Parameters<Http2SessionManager['request']>): Promise<ClientHttp2Stream> {
    const opened = super.request(...request);
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error('no connection in time')), CONNECT_MS_MAX);
    try {
      return await Promise.race([opened, late.promise]);
    } catch (thrown) {
      // A connection that comes after all finds nobody who waits for it.
      opened.then((stream) => stream.close(constants.NGHTTP2_CANCEL)).catch(() => undefined);
      const error = new ConnectError((thrown as Error).message, Code.Unavailable);
      error.cause = thrown;
      unsent.add(error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}
