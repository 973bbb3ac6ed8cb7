import type { CircuitResult } from '@qfs/circuit';
import type { ErrorCode } from '@qfs/core';
import type { EngineEstimate, EngineItem, EngineOptions } from '../engine-contract.ts';
import type { ShotRange } from '../run.ts';

/** A QfsError as it crosses processes and threads. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export type Request =
  | {
      readonly kind: 'estimate';
      readonly id: number;
      readonly items: readonly EngineItem[];
      readonly options: EngineOptions;
    }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly items: readonly EngineItem[];
      readonly options: EngineOptions;
      /** What one parameter set needs at most. */
      readonly memoryBytes: number;
      /** Items whose shots are worth several threads. */
      readonly apart: readonly number[];
    };

/** From the host to the engine process. */
export type ToProcess = Request | { readonly kind: 'cancel'; readonly id: number };

/** From the engine process to its host. */
export type FromProcess =
  | { readonly kind: 'ready' }
  /** Work on the request has begun: its time limit counts from here. */
  | { readonly kind: 'started'; readonly id: number }
  | { readonly kind: 'estimated'; readonly id: number; readonly estimate: EngineEstimate }
  | { readonly kind: 'done'; readonly id: number; readonly results: Uint8Array }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };

/** What a message carries, roughly: circuits and results, not its envelope. */
export function bytesOf(message: ToProcess | FromProcess): number {
  if ('items' in message) return message.items.reduce((sum, { aqo }) => sum + aqo.byteLength, 0);
  return message.kind === 'done' ? message.results.byteLength : 0;
}

/** Parameter sets `from`…`to - 1` of one item, or a part of the shots of one set. */
export interface Piece {
  readonly index: number;
  readonly item: EngineItem;
  readonly from: number;
  readonly to: number;
  readonly shots?: ShotRange;
}

/** From the engine process to a thread of its team. */
export interface ToWorker {
  readonly pieces: readonly Piece[];
  readonly options: EngineOptions;
}

/** A thread's answer to its one task in hand. */
export type FromWorker =
  /** One list of results per piece. */
  | { readonly kind: 'done'; readonly results: readonly (readonly CircuitResult[])[] }
  | { readonly kind: 'failed'; readonly failure: Failure };
