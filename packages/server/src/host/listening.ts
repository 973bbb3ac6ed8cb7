import type { AddressInfo } from 'node:net';
import { QfsError } from '@qfs/core';

export const urlOf = (host: string, { port }: AddressInfo, scheme = 'http'): string =>
  `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Says which setting names a port that cannot be had. */
export async function attempt<T>(setting: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? 'is taken by another process'
        : code === 'EACCES'
          ? 'may not be used by this user'
          : `cannot be listened on (${code ?? String(thrown)})`;
    const message = `Port ${port} ${why}. Choose another with ${setting}, or 0 for any free one.`;
    throw new QfsError('REQUEST_INVALID', message, { cause: thrown });
  }
}
