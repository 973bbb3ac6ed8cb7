import { BlockList, isIPv6 } from 'node:net';
import { QfsError } from '@qfs/core';

/** From where a request comes: the other end of its connection, or whom a trusted proxy names. */
export type ClientAddress = (peer: string, forwardedFor: string | undefined) => string;

const PLAIN_V4 = /^::ffff:(?=\d+\.)/i;
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv6(address) ? 'ipv6' : 'ipv4');

/**
 * Believes `X-Forwarded-For` as far as trusted proxies wrote it: from its end, each address is the client's
 * unless it is a trusted proxy itself. Proxies are addresses or networks such as `10.0.0.0/8`.
 *
 * @throws QfsError REQUEST_INVALID for what is no address.
 */
export function clientAddressBehind(proxies: readonly string[]): ClientAddress {
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    try {
      if (prefix === undefined) trusted.addAddress(address, familyOf(address));
      else trusted.addSubnet(address, Number(prefix), familyOf(address));
    } catch (cause) {
      const message = `QFS_TRUST_PROXY names '${proxy}', which is no address or network such as 10.0.0.0/8.`;
      throw new QfsError('REQUEST_INVALID', message, { cause });
    }
  }
  const isTrusted = (address: string): boolean => trusted.check(address, familyOf(address));
  return (peer, forwardedFor = '') => {
    let client = peer.replace(PLAIN_V4, '');
    const named = forwardedFor.split(',').map((address) => address.trim());
    for (let next = named.pop(); next !== undefined && next !== '' && isTrusted(client); next = named.pop()) {
      client = next.replace(PLAIN_V4, '');
    }
    return client;
  };
}
