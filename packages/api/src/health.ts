import type { JsonInput } from '@qfs/core/json';
import type { DoorDependencies } from './door.ts';

export interface HealthAnswer {
  readonly status: number;
  readonly body: Record<string, JsonInput>;
}

/** The process answers. */
export const healthy = (): HealthAnswer => ({ status: 200, body: { status: 'ok' } });

/** Everything that is depended on, each by name; 503 as long as one of them is not ready. */
export async function readiness(rooms: Pick<DoorDependencies, 'readiness'>): Promise<HealthAnswer> {
  const parts = await rooms.readiness();
  const ready = parts.every((part) => part.ready);
  const checks = parts.map(
    ({ name, ready: up, detail }) =>
      [name, `${up ? 'ok' : 'not ready'}${detail ? `: ${detail}` : ''}`] as const,
  );
  return {
    status: ready ? 200 : 503,
    body: { status: ready ? 'ready' : 'not ready', checks: new Map(checks) },
  };
}
