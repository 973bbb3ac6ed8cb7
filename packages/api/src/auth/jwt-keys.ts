import { type Clock, QfsError } from '@qfs/core';
import type { CryptoKey, FlattenedJWSInput, JWSHeaderParameters } from 'jose';

type FindKey = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

export interface KeySetOptions {
  /** The JSON Web Key Set (RFC 7517) as text. */
  readonly read: () => Promise<string>;
  readonly clock: Clock;
  /** The set could not be read; the keys from before, if there are any, go on being used. */
  readonly onError: (error: unknown) => void;
}

/**
 * How long keys are used before they are read again, and how soon after a reading an unknown key may ask
 * for more.
 */
export const KEYS_MAX_AGE_MS = 600_000;
export const KEYS_COOLDOWN_MS = 30_000;

/**
 * The keys of an identity provider. They are read when the first token comes, again when they are old, and
 * when a token names a key that is not among them, which is how providers rotate.
 */
export class KeySet {
  readonly #options: KeySetOptions;
  #find: FindKey | undefined;
  #readMs = Number.NEGATIVE_INFINITY;
  #failed = false;
  #reading: Promise<void> | undefined;

  constructor(options: KeySetOptions) {
    this.#options = options;
  }

  /**
   * The key that signed a token.
   * @throws QfsError AUTH_UNAVAILABLE when it is not among the keys and they cannot be read now;
   *   jose's JWKSNoMatchingKey when it is not among them.
   */
  async keyOf(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (this.#find === undefined) await this.#readUnless(KEYS_COOLDOWN_MS);
    else if (this.#age() >= KEYS_MAX_AGE_MS) void this.#readUnless(KEYS_COOLDOWN_MS);
    try {
      return await this.#lookUp(header, token);
    } catch (error) {
      const isUnknown = (error as { code?: unknown }).code === 'ERR_JWKS_NO_MATCHING_KEY';
      if (!isUnknown) throw error;
      await this.#readUnless(KEYS_COOLDOWN_MS);
      if (this.#failed) throw unavailable();
      return this.#lookUp(header, token);
    }
  }

  /** Reads the keys now, whatever their age. */
  reload(): Promise<void> {
    return this.#readUnless(0);
  }

  #age(): number {
    return this.#options.clock.monotonicMs() - this.#readMs;
  }

  #lookUp(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (this.#find === undefined) throw unavailable();
    return this.#find(header, token);
  }

  /** One reading at a time serves everybody who waits for it. */
  #readUnless(youngerThanMs: number): Promise<void> {
    if (this.#reading === undefined && this.#age() < youngerThanMs) return Promise.resolve();
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    try {
      const { createLocalJWKSet } = await import('jose');
      this.#find = createLocalJWKSet(JSON.parse(await this.#options.read()));
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      this.#options.onError(error);
    }
    this.#readMs = this.#options.clock.monotonicMs();
  }
}

const unavailable = (): QfsError =>
  new QfsError('AUTH_UNAVAILABLE', 'The keys of the identity provider cannot be read at the moment.', {
    retryAfterMs: KEYS_COOLDOWN_MS,
  });
