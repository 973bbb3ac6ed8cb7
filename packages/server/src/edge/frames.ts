import { QfsError } from '@qfs/core';
import { GATHERED_BYTES_MAX } from './gathered.ts';

/** Results and artifacts cross as one message. */
export const EDGE_MESSAGE_BYTES_MAX = 1024 * 1024 * 1024;
/** With the others of its turn, and what is said about them, a call still fits. */
export const CALL_BYTES_MAX = EDGE_MESSAGE_BYTES_MAX - 4 * GATHERED_BYTES_MAX;

/** @throws QfsError PAYLOAD_TOO_LARGE */
export function requireFit(bytes: number, method: string): void {
  if (bytes <= CALL_BYTES_MAX) return;
  const message = `A message of ${method} has ${bytes} bytes; at most ${CALL_BYTES_MAX} cross between processes.`;
  throw new QfsError('PAYLOAD_TOO_LARGE', message);
}

const PREFIX_BYTES = 5;

/** A message as gRPC frames it: not compressed, its length, its bytes. Roles are near each other. */
export function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.byteLength);
  frame[0] = 0;
  frame.writeUInt32BE(message.byteLength, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/** Takes the messages out of the bytes of a stream. */
export class FrameReader {
  readonly #onMessage: (message: Uint8Array) => void;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  /** Bytes of the frame that comes in, its prefix included, once that is known. */
  #wanted: number | undefined;

  constructor(onMessage: (message: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  /** @throws QfsError REQUEST_INVALID on what is no frame, or one that is too large */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    for (;;) {
      if (this.#bytes < (this.#wanted ?? PREFIX_BYTES)) return;
      const bytes = this.#gathered();
      this.#wanted ??= PREFIX_BYTES + lengthIn(bytes);
      if (bytes.byteLength < this.#wanted) return;
      this.#chunks = [bytes.subarray(this.#wanted)];
      this.#bytes -= this.#wanted;
      const message = bytes.subarray(PREFIX_BYTES, this.#wanted);
      this.#wanted = undefined;
      this.#onMessage(message);
    }
  }

  #gathered(): Uint8Array {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.#bytes)];
    return this.#chunks[0]!;
  }
}

function lengthIn(prefix: Uint8Array): number {
  const length = new DataView(prefix.buffer, prefix.byteOffset, PREFIX_BYTES).getUint32(1);
  if (prefix[0] === 0 && length <= EDGE_MESSAGE_BYTES_MAX) return length;
  throw new QfsError(
    'REQUEST_INVALID',
    'What came from another process of the platform is no frame of a call.',
  );
}
