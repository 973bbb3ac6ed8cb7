import type { ServerResponse } from 'node:http';
import { HEARTBEAT_MS } from '../door.ts';

/** How long an event source waits before it comes back. */
const RECONNECT_MS = 1000;
/** Heartbeats for which a reader may take nothing of what waits for it; then it is cut off and can resume. */
const STALLED_HEARTBEATS_MAX = 4;

/**
 * Server-sent events over one response. Nothing piles up for a reader that is slow: the writer waits for it.
 * One that takes nothing at all holds its job's events no longer than a few heartbeats.
 */
export class EventStream {
  readonly #raw: ServerResponse;
  readonly #beat: NodeJS.Timeout;
  #stalled = 0;

  constructor(raw: ServerResponse, headers: Record<string, string>, heartbeatMs: number = HEARTBEAT_MS) {
    this.#raw = raw;
    raw.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    raw.write(`retry: ${RECONNECT_MS}\n\n`);
    this.#beat = setInterval(() => this.#heartbeat(), heartbeatMs);
  }

  /** Resolves when the reader has room for more, or has left. */
  async write(text: string): Promise<void> {
    const raw = this.#raw;
    if (raw.destroyed || raw.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        raw.off('drain', done).off('close', done);
        resolve();
      };
      raw.on('drain', done).on('close', done);
    });
  }

  end(): void {
    clearInterval(this.#beat);
    this.#raw.end();
  }

  #heartbeat(): void {
    if (!this.#raw.writableNeedDrain) {
      this.#stalled = 0;
      this.#raw.write(': heartbeat\n\n');
      return;
    }
    this.#stalled += 1;
    if (this.#stalled >= STALLED_HEARTBEATS_MAX) this.#raw.destroy();
  }
}
