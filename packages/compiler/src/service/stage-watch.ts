import type { ErrorCode, Result } from '@qfs/core';
import type { HandlerContext } from '@qfs/rpc';
import type { CompileFailure } from '../languages.ts';

/** What is done to a program, in this order; a program that the service knows already goes through fewer. */
export const COMPILE_STAGES = ['parse', 'lower', 'optimise', 'write'] as const;
export type CompileStage = (typeof COMPILE_STAGES)[number];

/** Told of the stages of one program, one after the other. */
export interface StageWatch {
  /** The stage before is over. */
  begin(stage: CompileStage): void;
  /** The last stage is over; the reason if the program was refused in it. */
  end(reason?: ErrorCode): void;
  /** The last stage was given up: it will be begun again elsewhere. */
  abandon(): void;
}

/** Makes the watch of one program, compiled for a call. Threads have no call. */
export type WatchStages = (handler: HandlerContext | undefined) => StageWatch;

export function watched<Value>(
  watch: StageWatch | undefined,
  work: (begin: StageWatch['begin'] | undefined) => Result<Value, CompileFailure>,
): Result<Value, CompileFailure> {
  if (watch === undefined) return work(undefined);
  try {
    const result = work((stage) => watch.begin(stage));
    watch.end(result.ok ? undefined : result.error.code);
    return result;
  } catch (thrown) {
    watch.abandon();
    throw thrown;
  }
}
