import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeAuthority, makeCertificate } from '../../edge/testing/certificates.ts';
import { readTlsKeys } from './tls-files.ts';

test('SEC-17: certificate and key are taken together, and only if they fit', (t) => {
  const path = mkdtempSync(join(tmpdir(), 'qfs-tls-'));
  t.after(() => rmSync(path, { recursive: true }));
  makeAuthority(path);
  for (const name of ['one', 'other']) makeCertificate(path, name, []);
  writeFileSync(join(path, 'empty.pem'), '');
  const read = (cert: string | null, key: string | null) => () =>
    readTlsKeys({
      tls_cert: cert === null ? null : join(path, cert),
      tls_key: key === null ? null : join(path, key),
    });
  assert.equal(read(null, null)(), undefined);
  assert.match(read('one.pem', 'one.key')()?.cert ?? '', /BEGIN CERTIFICATE/);
  for (const [cert, key, message] of [
    ['one.pem', null, /QFS_TLS_KEY is not set/],
    [null, 'one.key', /QFS_TLS_CERT is not set/],
    ['one.pem', 'other.key', /cannot be used/],
    ['empty.pem', 'one.key', /cannot be used/],
    ['one.key', 'one.key', /cannot be used/],
    ['none.pem', 'one.key', /QFS_TLS_CERT names .*none\.pem, which cannot be read/],
  ] as const) {
    assert.throws(read(cert, key), { code: 'REQUEST_INVALID', message }, `${cert} ${key}`);
  }
});
