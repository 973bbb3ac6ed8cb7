import type { App, RestRooms } from '../app.ts';
import { ionqBackendRoutes } from './backend-routes.ts';
import { ionqJobRoutes } from './job-routes.ts';
import { ionqResultRoutes } from './result-routes.ts';
import { ionqSessionRoutes } from './session-routes.ts';
import { Sessions } from './sessions.ts';

/** IonQ's API, version 0.4, as far as its clients use it: `docs/internals/ionq.md`. */
export function ionqRoutes(app: App, rooms: RestRooms): void {
  const sessions = new Sessions(rooms.randomness);
  ionqBackendRoutes(app, rooms);
  ionqJobRoutes(app, rooms, sessions);
  ionqResultRoutes(app, rooms);
  ionqSessionRoutes(app, rooms, sessions);
}
