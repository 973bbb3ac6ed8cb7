import { QfsError } from '@qfs/core';
import type { IonqDriverOptions } from './ionq-driver.ts';

/** The version of the API, where the address leaves it out. */
const VERSION_PATH = '/v0.4';
const PREFIX = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * Settings of the driver as an operator writes them.
 * @throws QfsError REQUEST_INVALID naming the setting
 */
export function remoteOptions(given: {
  readonly url: string | undefined;
  readonly apiKey: string | undefined;
  readonly prefix: string;
}): Omit<IonqDriverOptions, 'timers'> {
  const { apiKey = '', prefix, url = '' } = given;
  if (!PREFIX.test(prefix)) {
    throw new QfsError(
      'REQUEST_INVALID',
      `QFS_REMOTE_PREFIX is "${prefix}"; write a word of a-z, 0-9 and -.`,
    );
  }
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address === undefined || !/^https?:$/.test(address.protocol) || address.username !== '') {
    throw new QfsError(
      'REQUEST_INVALID',
      `QFS_REMOTE_URL is "${withoutPassword(url)}"; the driver \`remote\` needs an address such as http://host:8000/v0.4.`,
    );
  }
  const path = address.pathname === '/' ? VERSION_PATH : address.pathname;
  return { url: `${address.origin}${path}`, apiKey, prefix };
}

const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//…@');
