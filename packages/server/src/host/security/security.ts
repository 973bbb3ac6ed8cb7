import {
  type AuditLog,
  clientAddressBehind,
  createAuthenticator,
  type DoorDependencies,
  jwtAuthenticator,
  KeySet,
  RateLimiter,
  type TlsKeys,
  TokenAdmin,
  tokenAuthenticator,
} from '@qfs/api';
import { LOCAL_PRINCIPAL } from '@qfs/consensus/local';
import type { Identity } from '@qfs/rpc';
import { systemClock as clock, systemRandomness as randomness } from '@qfs/storage';
import type { Configuration } from '../../config/index.ts';
import { AuditFile, auditPath } from './audit-file.ts';
import { type AuthPlan, isLoopback, planAuth } from './auth-plan.ts';
import { openAuthStore } from './auth-store.ts';
import { jwtSettingsOf } from './jwt-settings.ts';
import { readTlsKeys } from './tls-files.ts';

type Ports = Pick<DoorDependencies, 'logger' | 'metrics'>;

/** What the doors need to know who calls, what that allows, and where it is written down. */
export interface Security {
  readonly doors: Pick<
    DoorDependencies,
    | 'authenticator'
    | 'limitsOf'
    | 'rates'
    | 'keyRequestsPerSecond'
    | 'audit'
    | 'clock'
    | 'tokens'
    | 'clientAddress'
  >;
  /** Certificate and key of the doors, as they were at the start; undefined: they speak in the clear. */
  readonly tls: TlsKeys | undefined;
  /** Whether everybody is the local user. */
  isOpen(): boolean;
  /** Says it, once the doors are open. */
  announce(): void;
  /** Reads the keys of the identity provider again. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** Where everybody is the local user, that is who. */
const LOCAL_USER: Identity = {
  tenantId: LOCAL_PRINCIPAL.tenant_id,
  projectId: LOCAL_PRINCIPAL.project_id,
  subject: LOCAL_PRINCIPAL.subject,
  roles: ['admin'],
};

/** Requests per second of one key where other machines reach the doors. */
const KEY_REQUESTS_PER_SECOND = 100;

/** @throws QfsError REQUEST_INVALID when the settings would let in whom nobody meant to. */
export async function openSecurity(config: Configuration, { logger, metrics }: Ports): Promise<Security> {
  const clientAddress = clientAddressBehind(config.trust_proxy);
  const tls = readTlsKeys(config);
  const store = openAuthStore(config.data_dir, clock, (error) =>
    logger.warn({ err: error }, 'when tokens were last used could not be written'),
  );
  try {
    const plan = planAuth(config, store.isUsed());
    const jwt = plan.jwt
      ? jwtSettingsOf(config, {
          clock,
          onError: (error) => logger.warn({ err: error }, 'the keys of the identity provider cannot be read'),
        })
      : undefined;
    const audit = openAudit(config, { logger, metrics });
    const { limitsOf } = store;
    const isOpen = (): boolean =>
      plan.open === 'always' || (plan.open === 'until_first_token' && !store.isUsed());
    const authenticator = createAuthenticator({
      localUser: LOCAL_USER,
      isOpen,
      isLocal: plan.open === 'until_first_token',
      ...(plan.token ? { token: tokenAuthenticator(store, clock) } : {}),
      ...(jwt === undefined ? {} : { jwt: jwtAuthenticator(jwt) }),
    });
    return {
      doors: {
        ...{ authenticator, limitsOf, audit, clock, clientAddress, rates: new RateLimiter() },
        keyRequestsPerSecond:
          config.rate_limit ?? (isLoopback(config.api_host) ? 0 : KEY_REQUESTS_PER_SECOND),
        tokens: new TokenAdmin({ store, clock, randomness, limitsOf }),
      },
      tls,
      isOpen,
      announce: () => announce(plan, config, logger),
      reload: async () => (jwt?.key instanceof KeySet ? jwt.key.reload() : undefined),
      async close() {
        await audit.close();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The audit log that the settings name. */
function openAudit(
  config: Pick<Configuration, 'audit_path' | 'data_dir'>,
  { logger, metrics }: Ports,
): AuditLog & { close(): Promise<void> } {
  return new AuditFile({
    path: auditPath(config),
    clock,
    onEvent: (written) =>
      metrics.count('security_audit_events_total', { outcome: written ? 'written' : 'lost' }),
    onError: (error) => logger.error({ err: error }, 'the audit log cannot be written'),
  });
}

function announce({ open }: AuthPlan, { api_host: host }: Configuration, logger: Ports['logger']): void {
  if (open === 'never') return;
  if (isLoopback(host)) {
    logger.info({ auth: open }, 'open to everybody on this machine, with the role admin');
    return;
  }
  logger.warn(
    { auth: open, host },
    'OPEN TO EVERYBODY who reaches this address, with the role admin: QFS_AUTH is "open"',
  );
}
