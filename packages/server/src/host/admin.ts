import type { AddressInfo } from 'node:net';
import { createAdminDoor, type DoorDependencies } from '@qfs/api';
import type { Configuration } from '../config/index.ts';
import type { Metrics } from '../observe/metrics.ts';
import { attempt, urlOf } from './listening.ts';

export interface AdminRooms extends Pick<DoorDependencies, 'readiness' | 'logger'> {
  readonly metrics: Metrics;
}

/** Health, readiness and metrics of this process. */
export async function openAdminDoor(
  { admin_host: host, admin_port: port }: Configuration,
  { readiness, metrics, logger }: AdminRooms,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const admin = createAdminDoor({ readiness, logger, metricsText: () => metrics.text() });
  await attempt(
    'QFS_ADMIN_PORT',
    port,
    () =>
      new Promise<void>((resolve, reject) => {
        admin.once('error', reject);
        admin.listen(port, host, () => resolve());
      }),
  );
  return {
    url: urlOf(host, admin.address() as AddressInfo),
    close: () => {
      admin.closeAllConnections();
      return new Promise((resolve) => admin.close(() => resolve()));
    },
  };
}
