import type { CompileStage, StageWatch, WatchStages } from '@qfs/compiler/service';
import type { ErrorCode } from '@qfs/core';
import { contextOf, type Span, type Tracer } from '@qfs/rpc';
import type { Metrics } from './metrics.ts';

/** A stage of a program that was compiled somewhere, in a form that crosses threads. */
export interface StageTime {
  readonly stage: CompileStage;
  readonly seconds: number;
  /** Why the program was refused in it. */
  readonly reason?: ErrorCode | undefined;
}

/** Times stages; what each is worth telling is the callers' to say. */
export class StageTimer implements StageWatch {
  readonly #onBegin: ((stage: CompileStage) => void) | undefined;
  readonly #onEnd: (time: StageTime) => void;
  #stage: CompileStage | undefined;
  #startMs = 0;

  constructor(onEnd: (time: StageTime) => void, onBegin?: (stage: CompileStage) => void) {
    this.#onEnd = onEnd;
    this.#onBegin = onBegin;
  }

  begin(stage: CompileStage): void {
    this.end();
    this.#stage = stage;
    this.#startMs = performance.now();
    this.#onBegin?.(stage);
  }

  end(reason?: ErrorCode): void {
    if (this.#stage === undefined) return;
    this.#onEnd({ stage: this.#stage, seconds: (performance.now() - this.#startMs) / 1000, reason });
    this.#stage = undefined;
  }

  abandon(): void {
    this.#stage = undefined;
  }
}

/** Counts a stage, in the terms of the metric table. */
export function countStage(metrics: Metrics, { stage, seconds, reason }: StageTime): void {
  const outcome = reason === undefined ? 'ok' : 'refused';
  metrics.observe('eigen_compiler_stage_duration_seconds', { stage, outcome }, seconds);
  if (reason !== undefined) metrics.count('eigen_compiler_validation_failures_total', { stage, reason });
}

/** The stages of what is compiled in this thread: measured, and each a span below the call's. */
export const measuringStages =
  (metrics: Metrics, tracer: Tracer | undefined): WatchStages =>
  (handler) => {
    if (tracer === undefined || handler === undefined)
      return new StageTimer((time) => countStage(metrics, time));
    const { traceparent } = contextOf(handler);
    let span: Span | undefined;
    return new StageTimer(
      (time) => {
        countStage(metrics, time);
        if (time.reason !== undefined) span?.add({ reason: time.reason });
        span?.end();
      },
      (stage) => {
        span = tracer.startSpan(`compiler ${stage}`, 'internal', traceparent, { stage });
      },
    );
  };
