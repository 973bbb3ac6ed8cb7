import { createCompilationService, NeedsMore, type ServiceBounds } from '@qfs/compiler/service';
import { QfsError, VALIDATE_INLINE_BYTES_MAX, VALIDATE_INLINE_STEPS_MAX } from '@qfs/core';
import {
  type CompilationService,
  contextOf,
  type HandlerContext,
  inSpan,
  type ServiceImpl,
  type Tracer,
} from '@qfs/rpc';
import { Piscina } from 'piscina';
import { countStage, measuringStages } from '../../observe/compile-stages.ts';
import type { Metrics } from '../../observe/metrics.ts';
import type { CompileAnswer, CompileTask } from './compile-worker.ts';

type Handlers = ServiceImpl<typeof CompilationService>;
type Method = 'compileCircuit' | 'compileBatch' | 'optimizeCircuit' | 'validateCircuit' | 'drawCircuit';

export interface CompileRole {
  readonly handlers: Handlers;
  close(): Promise<void>;
}

export interface CompileRoleOptions {
  readonly threads: number;
  readonly metrics: Metrics;
  readonly tracer?: Tracer | undefined;
}

/** An idle thread ends after this long; an idle server keeps none. */
const IDLE_MS = 30_000;

/** What is compiled on the event loop takes some tens of milliseconds at most. */
const INLINE: ServiceBounds = { sourceBytes: VALIDATE_INLINE_BYTES_MAX, steps: VALIDATE_INLINE_STEPS_MAX };

/** Whether a call was answered, asked for the impossible, or met a failure of ours. */
function outcomeOf(failure: unknown): 'ok' | 'refused' | 'failed' {
  if (failure === undefined) return 'ok';
  return QfsError.from(failure).row.http < 500 ? 'refused' : 'failed';
}

/**
 * The compiler as a role. Programs are compiled where they are until they turn out to take more than
 * `INLINE`; those go to a pool of threads, so that the doors stay responsive. A thread whose caller stops
 * waiting is ended: doors wait `VALIDATE_MS_MAX` for a check, jobs as long as their time limit allows.
 */
export function createCompileRole({ threads, metrics, tracer }: CompileRoleOptions): CompileRole {
  const inline = createCompilationService(INLINE, measuringStages(metrics, tracer));
  let pool: Piscina<CompileTask, CompileAnswer> | undefined;
  const pooled = async (
    method: string,
    request: unknown,
    { signal }: Pick<HandlerContext, 'signal'>,
  ): Promise<unknown> => {
    pool ??= new Piscina<CompileTask, CompileAnswer>({
      filename: new URL('./compile-worker.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
    });
    const answer = await pool.run({ method, request }, { signal });
    for (const stage of answer.stages) countStage(metrics, stage);
    if (answer.ok) return answer.response;
    const { code, message, diagnostics, metadata } = answer.error;
    throw new QfsError(code, message, { diagnostics, metadata });
  };
  const inThread = (method: Method, request: unknown, context: HandlerContext): Promise<unknown> => {
    const work = () => pooled(method, request, context);
    if (tracer === undefined) return work();
    return inSpan(tracer, { name: 'compiler thread' }, contextOf(context), work);
  };
  const handler = <M extends Method>(method: M): Handlers[M] => {
    const here = inline[method] as (request: unknown, context: HandlerContext) => unknown;
    const done = (failure?: unknown): void => {
      metrics.count('eigen_compiler_rpc_total', { rpc: method, outcome: outcomeOf(failure) });
    };
    const orInPool = (request: unknown, context: HandlerContext): unknown => {
      try {
        const answer = here(request, context);
        done();
        return answer;
      } catch (thrown) {
        if (!(thrown instanceof NeedsMore)) {
          done(thrown);
          throw thrown;
        }
        const answer = inThread(method, request, context);
        answer.then(() => done(), done);
        return answer;
      }
    };
    return orInPool as Handlers[M];
  };
  return {
    handlers: {
      compileCircuit: handler('compileCircuit'),
      compileBatch: handler('compileBatch'),
      optimizeCircuit: handler('optimizeCircuit'),
      validateCircuit: handler('validateCircuit'),
      drawCircuit: handler('drawCircuit'),
    },
    close: async () => pool?.destroy(),
  };
}
