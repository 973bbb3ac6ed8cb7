import { createCompilationService } from '@qfs/compiler/service';
import { QfsError } from '@qfs/core';
import type { CompilationService, HandlerContext, ServiceImpl } from '@qfs/rpc';
import { Piscina } from 'piscina';
import type { CompileAnswer, CompileTask } from './compile-worker.ts';
import { areQuick } from './quick-source.ts';

type Handlers = ServiceImpl<typeof CompilationService>;

export interface CompileRole {
  readonly handlers: Handlers;
  close(): Promise<void>;
}

/** An idle thread ends after this long; an idle server keeps none. */
const IDLE_MS = 30_000;

/**
 * The compiler as a role. Quick programs are compiled where they are; all others in a pool of threads, so
 * that the doors stay responsive. A thread whose caller stops waiting is ended: doors wait `VALIDATE_MS_MAX`
 * for a check, jobs as long as their time limit allows.
 */
export function createCompileRole(threads: number): CompileRole {
  const inline = createCompilationService();
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
  return {
    handlers: {
      ...inline,
      compileCircuit: (request, context) =>
        areQuick([request])
          ? inline.compileCircuit(request, context)
          : pooled('compileCircuit', request, context),
      compileBatch: (request, context) =>
        areQuick(request.items)
          ? inline.compileBatch(request, context)
          : pooled('compileBatch', request, context),
      validateCircuit: (request, context) =>
        areQuick([request])
          ? inline.validateCircuit(request, context)
          : pooled('validateCircuit', request, context),
      drawCircuit: (request, context) =>
        areQuick([request]) ? inline.drawCircuit(request, context) : pooled('drawCircuit', request, context),
    },
    close: async () => pool?.destroy(),
  };
}
