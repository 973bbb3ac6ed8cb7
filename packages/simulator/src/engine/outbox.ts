/** Messages that carry more than this do not wait for others. */
const GATHERED_BYTES_MAX = 1024 * 1024;

/**
 * Gathers the messages of one turn of the event loop and sends them together, in order: between processes a
 * small message costs more than what is in it.
 */
export class Outbox<Message> {
  readonly #send: (messages: readonly Message[]) => void;
  #messages: Message[] = [];
  #bytes = 0;

  constructor(send: (messages: readonly Message[]) => void) {
    this.#send = send;
  }

  /** `bytes` is what the message carries, roughly. */
  add(message: Message, bytes: number): void {
    this.#messages.push(message);
    this.#bytes += bytes;
    if (this.#bytes > GATHERED_BYTES_MAX) this.#flush();
    else if (this.#messages.length === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    this.#messages = [];
    this.#bytes = 0;
    this.#send(messages);
  }
}
