/** Wakes those who follow a job when it has new events; the events themselves are read from the store. */
export class UpdateHub {
  readonly #followers = new Map<string, Set<() => void>>();

  /** The returned function ends the subscription. */
  follow(jobId: string, wake: () => void): () => void {
    const followers = this.#followers.get(jobId) ?? new Set();
    this.#followers.set(jobId, followers);
    followers.add(wake);
    return () => {
      followers.delete(wake);
      if (followers.size === 0 && this.#followers.get(jobId) === followers) this.#followers.delete(jobId);
    };
  }

  notify(jobId: string): void {
    for (const wake of this.#followers.get(jobId) ?? []) wake();
  }

  /** Jobs that somebody follows. */
  get size(): number {
    return this.#followers.size;
  }
}
