import { createCompilationService, NeedsMore, type ServiceBounds } from '@qfs/compiler/service';
import { QfsError, VALIDATE_INLINE_BYTES_MAX, VALIDATE_INLINE_STEPS_MAX } from '@qfs/core';
import type { CompilationService, HandlerContext, ServiceImpl } from '@qfs/rpc';
import { Piscina } from 'piscina';
import type { CompileAnswer, CompileTask } from './compile-worker.ts';

type Handlers = ServiceImpl<typeof CompilationService>;
type Method = 'compileCircuit' | 'compileBatch' | 'validateCircuit' | 'drawCircuit';

export interface CompileRole {
  readonly handlers: Handlers;
  close(): Promise<void>;
}

/** An idle thread ends after this long; an idle server keeps none. */
const IDLE_MS = 30_000;

/** What is compiled on the event loop takes some tens of milliseconds at most. */
const INLINE: ServiceBounds = { sourceBytes: VALIDATE_INLINE_BYTES_MAX, steps: VALIDATE_INLINE_STEPS_MAX };

/**
 * The compiler as a role. Programs are compiled where they are until they turn out to take more than
 * `INLINE`; those go to a pool of threads, so that the doors stay responsive. A thread whose caller stops
 * waiting is ended: doors wait `VALIDATE_MS_MAX` for a check, jobs as long as their time limit allows.
 */
export function createCompileRole(threads: number): CompileRole {
  const inline = createCompilationService(INLINE);
  let pool: Piscina<CompileTask, CompileAnswer> | undefined;
  const pooled = async (
    method: string,
    request: unknown,
    { signal }: Pick<HandlerContext, 'signal'>,
  ): Promise<never> => {
    pool ??= new Piscina<CompileTask, CompileAnswer>({
      filename: new URL('./compile-worker.ts', import.meta.url).href,
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: IDLE_MS,
    });
    const answer = await pool.run({ method, request }, { signal });
    if (answer.ok) return answer.response as never;
    const { code, message, diagnostics, metadata } = answer.error;
    throw new QfsError(code, message, { diagnostics, metadata });
  };
  const handler = <M extends Method>(method: M): Handlers[M] => {
    const here = inline[method] as (request: unknown, context: HandlerContext) => unknown;
    const orInPool = (request: unknown, context: HandlerContext): unknown => {
      try {
        return here(request, context);
      } catch (thrown) {
        if (thrown instanceof NeedsMore) return pooled(method, request, context);
        throw thrown;
      }
    };
    return orInPool as Handlers[M];
  };
  return {
    handlers: {
      ...inline,
      compileCircuit: handler('compileCircuit'),
      compileBatch: handler('compileBatch'),
      validateCircuit: handler('validateCircuit'),
      drawCircuit: handler('drawCircuit'),
    },
    close: async () => pool?.destroy(),
  };
}
