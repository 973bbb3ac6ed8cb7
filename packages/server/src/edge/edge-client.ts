import type { SecureClientSessionOptions } from 'node:http2';
import type { DescService } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { type Client, type Tracer, wireClient } from '@qfs/rpc';
import { Health, HealthCheckResponse_ServingStatus as ServingStatus } from '@qfs/rpc/grpc';
import { type EdgeCredentials, edgeAuthorization, rolesOfCertificate } from './credentials.ts';
import { EdgeTransport } from './edge-transport.ts';
import { roleUnavailable } from './losses.ts';
import type { Role } from './role-table.ts';

/** A role in another process. */
export interface RemoteRole {
  readonly role: Role;
  readonly url: string;
  client<Service extends DescService>(service: Service): Client<Service>;
  /** Whether it answers and says that it is ready. Never rejects. */
  isReady(): Promise<boolean>;
  close(): void;
}

const HEALTH_MS_MAX = 2_000;

/** The way to one process that has a role. It connects when it is called, and again after each loss. */
export function connectRole(
  role: Role,
  url: string,
  credentials: EdgeCredentials,
  tracer?: Tracer,
): RemoteRole {
  const transport = new EdgeTransport({
    url,
    session: credentials.kind === 'tls' ? tlsOptions(role, credentials) : {},
    authorization: credentials.kind === 'secret' ? edgeAuthorization(credentials.secret) : undefined,
    lost: (cause, sent) => roleUnavailable(role, url, cause, sent),
  });
  const health = createClient(Health, transport);
  return {
    role,
    url,
    client: (service) => wireClient(service, transport, tracer),
    isReady: async () => {
      try {
        const { status } = await health.check({}, { timeoutMs: HEALTH_MS_MAX });
        return status === ServingStatus.SERVING;
      } catch {
        return false;
      }
    },
    close: () => transport.close(),
  };
}

/** The certificate must name the role; under which host name it is reached is the network's business. */
const tlsOptions = (
  role: Role,
  { ca, cert, key }: Extract<EdgeCredentials, { kind: 'tls' }>,
): SecureClientSessionOptions => ({
  ...{ ca, cert, key, minVersion: 'TLSv1.3' },
  checkServerIdentity: (_host, certificate) =>
    rolesOfCertificate(certificate).includes(role)
      ? undefined
      : new Error(`the certificate does not name the role ${role}`),
});
