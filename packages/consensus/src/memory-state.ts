import { type StateReader, type StateWrite, subsystemOf } from '@qfs/core/exact';

/**
 * A state in memory. Keys are kept by subsystem, so that those under a prefix are found without a look at
 * every job.
 */
export class MemoryState implements StateReader {
  readonly #subsystems = new Map<string, Map<string, Uint8Array>>();
  size = 0;

  constructor(keys: Iterable<readonly [string, Uint8Array]> = []) {
    for (const [key, value] of keys) this.write({ key, value });
  }

  get(key: string): Uint8Array | undefined {
    return this.#subsystems.get(subsystemOf(key))?.get(key);
  }

  /** @param prefix with its subsystem; none gives every key */
  *keys(prefix = ''): IterableIterator<string> {
    const subsystems = prefix === '' ? [...this.#subsystems.keys()] : [subsystemOf(prefix)];
    for (const name of subsystems) {
      for (const key of this.#subsystems.get(name)?.keys() ?? []) if (key.startsWith(prefix)) yield key;
    }
  }

  write({ key, value }: StateWrite): void {
    const name = subsystemOf(key);
    const keys = this.#subsystems.get(name) ?? new Map<string, Uint8Array>();
    this.#subsystems.set(name, keys);
    this.size -= keys.delete(key) ? 1 : 0;
    if (value === undefined) return;
    keys.set(key, value);
    this.size += 1;
  }
}
