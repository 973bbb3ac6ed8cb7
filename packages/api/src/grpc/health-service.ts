import { setTimeout as sleep } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import {
  DeviceService,
  JobService,
  LogService,
  type ServiceImpl,
  TokenService,
  VERSION_HEADER,
} from '@qfs/rpc';
import { type Health, HealthCheckResponse_ServingStatus as ServingStatus } from '@qfs/rpc/grpc';
import manifest from '../../package.json' with { type: 'json' };
import type { DoorDependencies } from '../door.ts';

/** How often a watcher's answer is looked at again. */
const WATCH_MS = 1000;

/** The empty name is the whole server, as the protocol says. */
const KNOWN: ReadonlySet<string> = new Set([
  '',
  ...[JobService, DeviceService, LogService, TokenService].map(({ typeName }) => typeName),
]);

/** `grpc.health.v1`: SERVING while everything that readiness names is ready. */
export function healthService({
  readiness,
}: Pick<DoorDependencies, 'readiness'>): ServiceImpl<typeof Health> {
  const statusOf = async (service: string): Promise<ServingStatus> => {
    if (!KNOWN.has(service)) return ServingStatus.SERVICE_UNKNOWN;
    const parts = await readiness();
    return parts.every(({ ready }) => ready) ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  };
  return {
    async check({ service }, { responseHeader }) {
      const status = await statusOf(service);
      if (status === ServingStatus.SERVICE_UNKNOWN) {
        throw new ConnectError(`There is no service '${service}' here.`, Code.NotFound);
      }
      responseHeader.set(VERSION_HEADER, manifest.version);
      return { status };
    },
    async *watch({ service }, { signal }) {
      let shown: ServingStatus | undefined;
      while (!signal.aborted) {
        const status = await statusOf(service);
        if (status !== shown) yield { status };
        shown = status;
        await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}
