import type { Identity } from '@qfs/rpc';
import { bearerOf, refused } from './bearer.ts';
import type { Authenticator, Caller, Credentials } from './caller.ts';
import { permissionsOf } from './permissions.ts';
import { isApiToken } from './token-authenticator.ts';

export interface AuthenticatorOptions {
  /** Everybody who shows nothing is this user while `isOpen()` says so. */
  readonly localUser: Identity;
  readonly isOpen: () => boolean;
  /**
   * Whether an open server is meant for this machine alone: then it answers to the names of this machine
   * alone.
   */
  readonly isLocal: boolean;
  readonly token?: (text: string) => Caller;
  readonly jwt?: (text: string) => Promise<Caller>;
}

/** The ways of proving who calls that this server knows, behind one door. */
export function createAuthenticator({
  localUser,
  isOpen,
  isLocal,
  token,
  jwt,
}: AuthenticatorOptions): Authenticator {
  const permissions = permissionsOf(localUser.roles);
  const known = [...(token === undefined ? [] : ['API tokens']), ...(jwt === undefined ? [] : ['JWTs'])];
  return {
    authenticate({ authorization, remoteAddress, host }: Credentials) {
      if (isOpen()) {
        if (isLocal && host !== undefined) requireLocalName(host);
        return {
          identity: localUser,
          permissions,
          method: 'open',
          key: `address ${addressKey(remoteAddress)}`,
        };
      }
      const text = bearerOf(authorization);
      if (isApiToken(text) && token !== undefined) return token(text);
      if (!isApiToken(text) && jwt !== undefined) return jwt(text);
      throw refused(
        'malformed',
        `These credentials are of a kind that is not taken here; send ${known.join(' or ')}.`,
      );
    },
  };
}

const LOCAL_NAME = /^(?:localhost|[\w-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Any site can have its own name point to this machine, and a browser then takes our answers for the site's
 * (DNS rebinding). What it cannot have is a name of the machine itself in the `Host` header.
 */
function requireLocalName(host: string): void {
  if (LOCAL_NAME.test(host)) return;
  throw refused(
    'host',
    `This server is open to programs of this machine, and was asked for as '${host}'. Ask for it as localhost, ` +
      'or make a token with "npm start -- token create --role admin".',
  );
}

/** One network counts as one address: an IPv6 site has 2^64 of them. */
export function addressKey(address: string): string {
  const plain = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return `${[...groups, ...zeros, ...rest].slice(0, 4).join(':')}::/64`;
}
