import type { Readable } from 'node:stream';

/** What is read and thrown away of a body that was refused, before its sender is cut off. */
const DISCARDED_BYTES_MAX = 64 * 1024 * 1024;
const DISCARD_MS_MAX = 5_000;

/**
 * Resolves once the rest of a body has arrived and was thrown away, or within bounds. Clients send the whole
 * body before they read: an answer that closes the connection earlier is lost to them, and they see a broken
 * pipe.
 */
export function discardRest(
  body: Readable,
  { bytes, ms }: { readonly bytes: number; readonly ms: number } = {
    bytes: DISCARDED_BYTES_MAX,
    ms: DISCARD_MS_MAX,
  },
): Promise<void> {
  if (body.readableEnded || body.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = bytes;
    const count = (chunk: Buffer): void => {
      left -= chunk.length;
      if (left < 0) end();
    };
    const end = (): void => {
      clearTimeout(timer);
      body.off('data', count).off('end', end).off('close', end).pause();
      resolve();
    };
    const timer = setTimeout(end, ms);
    body.on('data', count).once('end', end).once('close', end);
  });
}
