import type { CircuitResult } from '@qfs/circuit';
import type { ErrorCode } from '@qfs/core';
import type { EngineEstimate, EngineItem, EngineOptions, ExecutedBatch } from '../engine-contract.ts';
import type { SetRange } from '../simulate.ts';

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
      /** Estimated and run in one. */
      readonly kind: 'execute';
      readonly id: number;
      readonly items: readonly EngineItem[];
      readonly options: EngineOptions;
    }
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly items: readonly EngineItem[];
      readonly options: EngineOptions;
      readonly estimate: EngineEstimate;
    };

/** From the host to the engine process. */
export type ToProcess = Request | { readonly kind: 'cancel'; readonly id: number };

/** From the engine process to its host. */
export type FromProcess =
  | { readonly kind: 'ready' }
  /** Work on the request has begun: its time limit counts from here. */
  | { readonly kind: 'started'; readonly id: number }
  | { readonly kind: 'estimated'; readonly id: number; readonly estimate: EngineEstimate }
  | ({ readonly kind: 'done'; readonly id: number } & ExecutedBatch)
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };

/** What a message carries, roughly: circuits and results, not its envelope. */
export function bytesOf(message: ToProcess | FromProcess): number {
  if ('items' in message) return message.items.reduce((sum, { aqo }) => sum + aqo.byteLength, 0);
  return message.kind === 'done' ? message.results.byteLength : 0;
}

/** A part of the work on the item with this index. */
export interface Piece extends SetRange {
  readonly index: number;
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
