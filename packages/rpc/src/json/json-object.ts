import type { JsonInput } from '@qfs/core/json';

export type JsonObject = Record<string, JsonInput>;

/** The members of a map in the order of their names, so that equal maps are equal bytes. */
export const byName = <T extends JsonInput>(map: Readonly<Record<string, T>>): Map<string, T> =>
  new Map(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
