import type { Readiness } from '@qfs/api';
import { readIdentity } from '@qfs/consensus/local';
import type { QfsError } from '@qfs/core';
import { callOptions } from '@qfs/rpc';
import type { RemoteRole } from '../edge/edge-client.ts';
import type { Role } from '../edge/role-table.ts';
import type { Roles } from './roles.ts';
import type { Store } from './store.ts';

export interface ReadinessRooms {
  readonly held: ReadonlySet<Role>;
  readonly store: Store | undefined;
  readonly failure: () => QfsError | undefined;
  readonly roles: Roles;
  readonly peers: readonly RemoteRole[];
}

/** What of this process itself can be out of order. Other processes ask this, so it asks none of them. */
export async function ownReadiness(rooms: ReadinessRooms): Promise<Readiness[]> {
  const { held, store, roles } = rooms;
  const failure = rooms.failure();
  const parts: Readiness[] = [];
  if (store !== undefined) {
    const detail = failure === undefined ? {} : { detail: failure.message };
    parts.push({ name: 'store', ready: failure === undefined, ...detail });
    parts.push({
      name: 'log',
      ready: failure === undefined && readIdentity(store.reader).nodeId !== '',
    });
  }
  if (held.has('driver-manager')) {
    const { devices } = await roles.drivers.listDevices({}, READINESS);
    parts.push({ name: 'drivers', ready: devices.length > 0 });
  }
  return parts;
}

/**
 * What this process depends on, itself included, each by name. Several processes of a role are one: one is
 * enough.
 */
export async function readinessOf(rooms: ReadinessRooms): Promise<Readiness[]> {
  const answers = await Promise.all(rooms.peers.map(async (peer) => ({ peer, ready: await peer.isReady() })));
  const roles = [...new Set(rooms.peers.map(({ role }) => role))];
  const remote = roles.map((role): Readiness => {
    const ofRole = answers.filter(({ peer }) => peer.role === role);
    const away = ofRole.filter(({ ready }) => !ready).length;
    const detail = away === 0 ? {} : { detail: `${away} of ${ofRole.length} do not answer or are not ready` };
    return { name: role, ready: away < ofRole.length, ...detail };
  });
  return [...(await ownReadiness(rooms)), ...remote];
}

const READINESS = callOptions({
  identity: { tenantId: '', projectId: '', subject: '', roles: [] },
  traceparent: `00-${'0'.repeat(31)}1-${'0'.repeat(15)}1-00`,
  requestId: 'readiness',
});
