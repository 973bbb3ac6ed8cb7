import type { DoorDependencies } from '../door.ts';
import type { Submit } from '../submission.ts';

/** What the handlers are given. */
export interface GrpcRooms extends DoorDependencies {
  readonly submit: Submit;
}
