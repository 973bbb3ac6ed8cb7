import { QfsError } from '@qfs/core';
import type { DoorDependencies } from '../door.ts';
import { createRestDoor } from './rest-door.ts';

/** The OpenAPI 3.1 document of the REST door, as it is committed and served; no room needs to run for it. */
export async function openApiDocument(): Promise<string> {
  const absent = new Proxy(
    {},
    {
      get: () => () => {
        throw new QfsError('SHUTTING_DOWN', 'Only the documentation is here.');
      },
    },
  );
  const rooms = {
    kernel: absent,
    qfs: absent,
    compiler: absent,
    authenticator: absent,
    logger: absent,
    metrics: { count: () => undefined, observe: () => undefined, gauge: () => undefined },
    randomness: absent,
    readiness: () => [],
  } as unknown as DoorDependencies;
  const app = await createRestDoor({ ...rooms, page: [] });
  const document = `${JSON.stringify(app.swagger(), null, 2)}\n`;
  await app.close();
  return document;
}
