export interface BreakerSettings {
  /** Failures in a row after which nothing new is sent. */
  readonly failuresMax: number;
  /** How long nothing is sent then; doubled each time that the probe after it fails. */
  readonly openMs: number;
  readonly openMsMax: number;
}

export const BREAKER_DEFAULTS: BreakerSettings = { failuresMax: 5, openMs: 5_000, openMsMax: 120_000 };

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly untilMs: number; readonly openMs: number; readonly why: string }
  /** One call is under way to see whether the backend is back. */
  | { readonly kind: 'half_open'; readonly openMs: number; readonly why: string };

export type BreakerKind = State['kind'];

/** Why a call is not made, and when one may be again. */
export interface Refusal {
  readonly retryAfterMs: number;
  readonly why: string;
}

/**
 * Keeps calls away from a backend that fails: closed while it answers, open after failures in a row, half
 * open while one probe decides. A call that is answered, whatever the answer, ends its life. It reads no
 * clock: times are given, in milliseconds of one monotonic clock.
 */
export class CircuitBreaker {
  readonly #settings: BreakerSettings;
  #state: State = { kind: 'closed', failures: 0 };

  constructor(settings: BreakerSettings = BREAKER_DEFAULTS) {
    this.#settings = settings;
  }

  get kind(): BreakerKind {
    return this.#state.kind;
  }

  /** May a call be made now? Whoever is let through says afterwards whether it failed. */
  admit(nowMs: number): Refusal | undefined {
    const state = this.#state;
    if (state.kind === 'closed') return undefined;
    const { openMs, why } = state;
    if (state.kind === 'half_open') return { retryAfterMs: openMs, why };
    if (nowMs < state.untilMs) return { retryAfterMs: state.untilMs - nowMs, why };
    this.#state = { kind: 'half_open', openMs, why };
    return undefined;
  }

  /** The backend did not answer. */
  failed(nowMs: number, why: string): void {
    const { failuresMax, openMs, openMsMax } = this.#settings;
    const state = this.#state;
    // A call that was let through before the breaker opened says nothing new.
    if (state.kind === 'open') return;
    if (state.kind === 'half_open') this.#open(nowMs, Math.min(2 * state.openMs, openMsMax), why);
    else if (state.failures + 1 >= failuresMax) this.#open(nowMs, openMs, why);
    else this.#state = { kind: 'closed', failures: state.failures + 1 };
  }

  #open(nowMs: number, openMs: number, why: string): void {
    this.#state = { kind: 'open', untilMs: nowMs + openMs, openMs, why };
  }
}
