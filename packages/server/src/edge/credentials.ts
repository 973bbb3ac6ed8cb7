import { randomBytes, timingSafeEqual } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PeerCertificate } from 'node:tls';
import { QfsError } from '@qfs/core';
import { isRole, type Role } from './role-table.ts';

/**
 * How roles of different processes know each other. `tls`: each side shows a certificate of one authority
 * that names its roles. `secret`: processes of one machine share a file of the data directory that their user
 * alone can read; it never leaves loopback.
 */
export type EdgeCredentials =
  | { readonly kind: 'tls'; readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer }
  | { readonly kind: 'secret'; readonly secret: string };

export interface EdgeFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Reads the certificate, or the secret of the data directory, which the first process makes. */
export function edgeCredentials(files: EdgeFiles | undefined, dataDir: string): EdgeCredentials {
  if (files === undefined) return { kind: 'secret', secret: sharedSecret(dataDir) };
  return {
    kind: 'tls',
    ca: readCredential('QFS_EDGE_CA', files.ca),
    cert: readCredential('QFS_EDGE_CERT', files.cert),
    key: readCredential('QFS_EDGE_KEY', files.key),
  };
}

function readCredential(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = `${setting} names ${path}, which cannot be read: ${(error as Error).message}.`;
    throw new QfsError('REQUEST_INVALID', message, { cause: error });
  }
}

const SECRET_BYTES = 32;
const SECRET = /^[0-9a-f]{64}$/;

function sharedSecret(dataDir: string): string {
  const path = join(dataDir, 'edge-secret');
  mkdirSync(dataDir, { recursive: true });
  const drawn = join(dataDir, `edge-secret.${process.pid}`);
  writeFileSync(drawn, randomBytes(SECRET_BYTES).toString('hex'), { mode: 0o600 });
  try {
    // Of processes that start together one gives the name, whole; the others read what it wrote.
    linkSync(drawn, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(drawn, { force: true });
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (SECRET.test(secret)) return secret;
  const message = `${path} holds no secret; remove it, and start all role processes again.`;
  throw new QfsError('REQUEST_INVALID', message);
}

const SCHEME = 'Edge ';

export const edgeAuthorization = (secret: string): string => SCHEME + secret;

/** Compared in constant time: lengths are public, contents are not. */
export function holdsSecret(authorization: string | null, secret: string): boolean {
  if (authorization === null) return false;
  const [given, expected] = [Buffer.from(authorization), Buffer.from(edgeAuthorization(secret))];
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}

const ROLE_NAME = /URI:qfs:role:([a-z-]+)/g;

/** The roles that a certificate names, as `URI:qfs:role:<role>` among its alternative names. */
export function rolesOfCertificate({ subjectaltname }: Pick<PeerCertificate, 'subjectaltname'>): Role[] {
  return [...(subjectaltname ?? '').matchAll(ROLE_NAME)].map(([, role]) => role!).filter(isRole);
}
