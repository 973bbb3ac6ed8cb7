import type { TestContext } from 'node:test';
import type { DoorDependencies } from '../door.ts';
import { createRestDoor, type RestDoorOptions } from '../rest/rest-door.ts';
import { doorDependencies, MemoryRooms } from './rooms.ts';

export const BELL = `OPENQASM 3.0;
include "stdgates.inc";
bit[2] c;
qubit[2] q;
h q[0];
cx q[0], q[1];
c[0] = measure q[0];
c[1] = measure q[1];
`;

/** The id of the first job that `MemoryRooms` makes. */
export const FIRST = 'job_0199e1a2b3c470008000000000000001';

/** A REST door with rooms in memory and no rate limit, closed after the test. */
export async function openRestDoor(
  t: TestContext,
  change: Partial<DoorDependencies> = {},
  options: Partial<RestDoorOptions> = {},
): Promise<{ app: Awaited<ReturnType<typeof createRestDoor>>; rooms: MemoryRooms }> {
  const rooms = new MemoryRooms();
  const dependencies = doorDependencies(rooms, change);
  const page = [{ path: '/', contentType: 'text/html; charset=utf-8', body: '<!doctype html>' }];
  const app = await createRestDoor({ ...dependencies, page, ...options });
  t.after(() => app.close());
  return { app, rooms };
}
