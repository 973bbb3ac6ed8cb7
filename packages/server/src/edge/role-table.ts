import type { DescService } from '@bufbuild/protobuf';
import {
  CompilationService,
  DriverManagerService,
  KernelGatewayService,
  LogService,
  QfsService,
  StoreService,
} from '@qfs/rpc';

/** The roles of Q7, in the order in which they start. */
export const ROLES = ['qfs', 'compiler', 'driver-manager', 'kernel', 'system-api'] as const;
export type Role = (typeof ROLES)[number];

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** Older names that are still understood. */
export const ROLE_ALIASES: Readonly<Record<string, Role>> = { worker: 'driver-manager' };

export interface RoleRow {
  /** Where the role listens for others unless it is told. */
  readonly port: number | undefined;
  /** Its services, and who may call each. */
  readonly services: readonly { readonly service: DescService; readonly callers: readonly Role[] }[];
}

/** What the roles of different processes serve each other. `system-api` alone is reached from outside. */
export const ROLE_TABLE: Readonly<Record<Role, RoleRow>> = {
  qfs: {
    port: 50_091,
    services: [{ service: QfsService, callers: ['kernel', 'system-api'] }],
  },
  compiler: {
    port: 50_071,
    services: [{ service: CompilationService, callers: ['kernel', 'system-api'] }],
  },
  'driver-manager': {
    port: 50_061,
    services: [{ service: DriverManagerService, callers: ['kernel'] }],
  },
  kernel: {
    port: 50_052,
    services: [
      { service: KernelGatewayService, callers: ['system-api'] },
      { service: LogService, callers: ['system-api'] },
      { service: StoreService, callers: ['qfs'] },
    ],
  },
  'system-api': { port: undefined, services: [] },
};

/** Who may call a service, by its name. */
export const CALLERS: ReadonlyMap<string, readonly Role[]> = new Map(
  ROLES.flatMap((role) =>
    ROLE_TABLE[role].services.map(({ service, callers }) => [service.typeName, callers]),
  ),
);
