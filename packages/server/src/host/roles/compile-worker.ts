import { createCompilationService } from '@qfs/compiler/service';
import { QfsError } from '@qfs/core';
import type { HandlerContext } from '@qfs/rpc';

/** What a pool thread is asked: a handler of the compilation service by name, and its message. */
export interface CompileTask {
  readonly method: string;
  readonly request: unknown;
}

/** An answer, or an error in a form that crosses threads. */
export type CompileAnswer =
  | { readonly ok: true; readonly response: unknown }
  | { readonly ok: false; readonly error: Pick<QfsError, 'code' | 'message' | 'diagnostics' | 'metadata'> };

const service = createCompilationService() as unknown as Record<
  string,
  (request: unknown, context: HandlerContext | undefined) => unknown
>;

/** Runs in a thread of the compile pool. */
export default async function compile({ method, request }: CompileTask): Promise<CompileAnswer> {
  try {
    return { ok: true, response: await service[method]!(request, undefined) };
  } catch (thrown) {
    const { code, message, diagnostics, metadata } = QfsError.from(thrown);
    return { ok: false, error: { code, message, diagnostics, metadata } };
  }
}
