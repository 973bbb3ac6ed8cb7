import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressKey } from './authenticator.ts';
import { clientAddressBehind } from './client-address.ts';

test('SEC-18: X-Forwarded-For is believed from its end as far as trusted proxies wrote it', () => {
  const behind = clientAddressBehind(['10.0.0.0/8', '192.168.1.1', 'fd00::/8']);
  const cases: readonly (readonly [peer: string, header: string | undefined, client: string])[] = [
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['10.1.2.3', undefined, '10.1.2.3'],
    ['10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '198.51.100.1, 192.168.1.1', '198.51.100.1'],
    ['::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['fd12::1', '2001:db8::7', '2001:db8::7'],
    ['10.1.2.3', '', '10.1.2.3'],
    ['192.168.1.2', '198.51.100.1', '192.168.1.2'],
  ];
  for (const [peer, header, client] of cases) assert.equal(behind(peer, header), client, `${peer} ${header}`);
  assert.equal(clientAddressBehind([])('127.0.0.1', '198.51.100.1'), '127.0.0.1');
  for (const wrong of ['proxy', '10.0.0.0/33', '10.0.0', '']) {
    assert.throws(() => clientAddressBehind([wrong]), {
      code: 'REQUEST_INVALID',
      message: /QFS_TRUST_PROXY/,
    });
  }
});

test('SEC-13: the addresses of one IPv6 network count as one', () => {
  assert.equal(addressKey('::ffff:203.0.113.9'), '203.0.113.9');
  assert.equal(addressKey('2001:db8:1:2:aaaa::1'), addressKey('2001:db8:1:2:bbbb:1:2:3'));
  assert.notEqual(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'));
  assert.equal(addressKey('::1'), '0:0:0:0::/64');
});
