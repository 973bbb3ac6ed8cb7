import { BUILTIN_GATES } from './builtin.ts';
import { EXTENDED_GATES } from './extended.ts';
import type { Gate } from './gate.ts';
import { STANDARD_GATES } from './standard.ts';

/** Every gate that exists, in the order of the files that declare them. */
export const GATES: readonly Gate[] = [...BUILTIN_GATES, ...STANDARD_GATES, ...EXTENDED_GATES];

const BY_NAME: ReadonlyMap<string, Gate> = new Map(
  GATES.flatMap((gate) => [gate.name, ...gate.aliases].map((name) => [name, gate])),
);

/** The gate of this name or alias. Names are case-sensitive; `gate.name` is the one to put into the IR. */
export const gateByName = (name: string): Gate | undefined => BY_NAME.get(name);
