import { assert } from '@qfs/core';
import type { ManifestEntry } from './rows.ts';

/**
 * Reads the decoded body of an entry. The apply loop has checked its schema, so a mismatch is a bug of ours.
 */
export class EntryBody {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(body: unknown) {
    assert(body instanceof Map, 'the body of an entry is a map');
    this.#fields = body as ReadonlyMap<string, unknown>;
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    assert(typeof value === 'string', () => `${name} is text`);
    return value;
  }

  optionalText(name: string): string | null {
    return this.#fields.has(name) ? this.text(name) : null;
  }

  integer(name: string): number {
    const value = this.#fields.get(name);
    assert(typeof value === 'number', () => `${name} is a safe integer`);
    return value;
  }

  /** 0 where the entry says nothing. */
  optionalInteger(name: string): number {
    return this.#fields.has(name) ? this.integer(name) : 0;
  }

  manifest(): readonly ManifestEntry[] {
    const list = this.#fields.get('manifest');
    assert(Array.isArray(list), 'manifest is an array');
    return list.map((item: unknown) => {
      const entry = new EntryBody(item);
      const sha256 = entry.#fields.get('sha256');
      assert(sha256 instanceof Uint8Array, 'sha256 is bytes');
      return { name: entry.text('name'), sha256, size: entry.integer('size'), type: entry.text('type') };
    });
  }
}
