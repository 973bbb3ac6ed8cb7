import { IONQ_SESSIONS_MAX, QfsError, type Randomness } from '@qfs/core';
import { hex } from '@qfs/core/exact';
import type { Identity } from '@qfs/rpc';

interface Session {
  readonly id: string;
  readonly owner: string;
  readonly createdMs: number;
  readonly backend: string;
  readonly settings: object;
  readonly creator: string;
  endedMs: number | null;
}

const ownerOf = ({ tenantId, projectId }: Identity): string => JSON.stringify([tenantId, projectId]);

/**
 * Sessions of IonQ's API. Here they group jobs by the id that each job keeps; they reserve nothing, so that a session
 * which is forgotten, with the process or to make room, costs its jobs nothing.
 */
export class Sessions {
  readonly #sessions = new Map<string, Session>();
  readonly #randomness: Randomness;

  constructor(randomness: Randomness) {
    this.#randomness = randomness;
  }

  create(identity: Identity, backend: string, settings: object, nowMs: number) {
    const id = `session_${hex(this.#randomness.bytes(12))}`;
    const owned = { owner: ownerOf(identity), creator: identity.subject };
    const session: Session = { id, ...owned, createdMs: nowMs, backend, settings, endedMs: null };
    this.#sessions.set(id, session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= IONQ_SESSIONS_MAX) break;
      this.#sessions.delete(oldest);
    }
    return view(session, identity);
  }

  get(identity: Identity, id: string) {
    return view(this.#find(identity, id), identity);
  }

  /** Safe to repeat. */
  end(identity: Identity, id: string, nowMs: number) {
    const session = this.#find(identity, id);
    session.endedMs ??= nowMs;
    return view(session, identity);
  }

  /** Jobs of a session that has ended are refused; of one that is not known here they are taken. */
  refuseEnded(identity: Identity, id: string): void {
    const session = this.#sessions.get(id);
    if (session === undefined || session.owner !== ownerOf(identity) || session.endedMs === null) return;
    throw new QfsError('JOB_SPEC_INVALID', 'session_id names a session that has ended; create another.', {
      violations: [{ field: 'session_id', description: 'names a session that has ended' }],
    });
  }

  #find(identity: Identity, id: string): Session {
    const session = this.#sessions.get(id);
    if (session !== undefined && session.owner === ownerOf(identity)) return session;
    throw new QfsError(
      'ROUTE_NOT_FOUND',
      `There is no session '${id.slice(0, 100)}'; this process may have forgotten it.`,
    );
  }
}

const time = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

const view = ({ id, createdMs, backend, settings, creator, endedMs }: Session, identity: Identity) => ({
  id,
  created_at: time(createdMs),
  started_at: time(createdMs),
  ended_at: time(endedMs),
  organization_id: identity.tenantId,
  project_id: identity.projectId,
  creator_id: creator,
  ender_id: endedMs === null ? null : creator,
  backend,
  active: endedMs === null,
  status: endedMs === null ? 'started' : 'ended',
  state: endedMs === null ? 'started' : 'ended',
  settings,
});
