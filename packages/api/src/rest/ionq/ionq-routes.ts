import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { App, RestRooms } from '../app.ts';
import { ionqBackendRoutes } from './backend-routes.ts';
import { ionqJobRoutes } from './job-routes.ts';
import { ionqResultRoutes } from './result-routes.ts';
import { ionqSessionRoutes } from './session-routes.ts';
import { Sessions } from './sessions.ts';

/** IonQ's API, version 0.4, as far as its clients use it: `docs/internals/ionq.md`. */
export function ionqRoutes(app: App, rooms: RestRooms): void {
  const sessions = new Sessions(rooms.randomness);
  app.register(async (scope) => {
    const room = scope.withTypeProvider<TypeBoxTypeProvider>();
    room.addHook('onRequest', async ({ headers }) => {
      // Clients announce JSON with every request, also with those that have no body.
      const empty =
        Number(headers['content-length'] ?? 0) === 0 && headers['transfer-encoding'] === undefined;
      if (empty) delete headers['content-type'];
    });
    ionqBackendRoutes(room, rooms);
    ionqJobRoutes(room, rooms, sessions);
    ionqResultRoutes(room, rooms);
    ionqSessionRoutes(room, rooms, sessions);
  });
}
