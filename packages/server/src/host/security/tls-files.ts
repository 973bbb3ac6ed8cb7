import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { TlsKeys } from '@qfs/api';
import { QfsError } from '@qfs/core';
import type { Configuration } from '../../config/index.ts';

/**
 * What `QFS_TLS_CERT` and `QFS_TLS_KEY` name, read now; undefined when neither is set.
 *
 * @throws QfsError REQUEST_INVALID when one is missing, cannot be read, or they do not belong together.
 */
export function readTlsKeys(config: Pick<Configuration, 'tls_cert' | 'tls_key'>): TlsKeys | undefined {
  const { tls_cert: certPath, tls_key: keyPath } = config;
  if (certPath === null && keyPath === null) return undefined;
  if (certPath === null || keyPath === null) {
    const missing = certPath === null ? 'QFS_TLS_CERT' : 'QFS_TLS_KEY';
    throw new QfsError('REQUEST_INVALID', `TLS needs a certificate and its key; ${missing} is not set.`);
  }
  const cert = readPem('QFS_TLS_CERT', certPath);
  const key = readPem('QFS_TLS_KEY', keyPath);
  try {
    // An empty file is a secure context too, and one without a certificate.
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      throw new Error('they are no pair');
    createSecureContext({ cert, key });
  } catch (cause) {
    const message =
      `The certificate ${certPath} (QFS_TLS_CERT) and the key ${keyPath} (QFS_TLS_KEY) cannot be used: ` +
      `${(cause as Error).message}.`;
    throw new QfsError('REQUEST_INVALID', message, { cause });
  }
  return { cert, key };
}

function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `${setting} names ${path}, which cannot be read: ${(cause as Error).message}.`;
    throw new QfsError('REQUEST_INVALID', message, { cause });
  }
}
