import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** An authority in a directory: `ca.pem` and `ca.key`. */
export function makeAuthority(directory: string): void {
  openssl([
    ...['req', '-x509', ...NEW_KEY, '-subj', '/CN=QFS test authority', '-days', '2'],
    ...['-keyout', join(directory, 'ca.key'), '-out', join(directory, 'ca.pem')],
  ]);
}

/** `<name>.pem` and `<name>.key`: a certificate of the authority for roles; of -1 days it has expired. */
export function makeCertificate(directory: string, name: string, roles: readonly string[], days = 2): void {
  const alternatives = ['IP:127.0.0.1', ...roles.map((role) => `URI:qfs:role:${role}`)].join(',');
  const file = (extension: string): string => join(directory, `${name}.${extension}`);
  openssl([
    ...['req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', file('key'), '-out', file('csr')],
    ...['-addext', `subjectAltName=${alternatives}`, '-addext', 'basicConstraints=critical,CA:FALSE'],
  ]);
  openssl([
    ...['x509', '-req', '-in', file('csr'), '-out', file('pem'), '-days', `${days}`],
    ...['-CA', join(directory, 'ca.pem'), '-CAkey', join(directory, 'ca.key'), '-copy_extensions', 'copy'],
  ]);
}

/** Settings by which a process shows a certificate. */
export const certificateSettings = (directory: string, name: string): Record<string, string> => ({
  QFS_EDGE_CA: join(directory, 'ca.pem'),
  QFS_EDGE_CERT: join(directory, `${name}.pem`),
  QFS_EDGE_KEY: join(directory, `${name}.key`),
});

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const openssl = (args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
};
