import { createCompilationService } from '@qfs/compiler/service';
import { QfsError } from '@qfs/core';
import type { HandlerContext } from '@qfs/rpc';
import { type StageTime, StageTimer } from '../../observe/compile-stages.ts';

/** What a pool thread is asked: a handler of the compilation service by name, and its message. */
export interface CompileTask {
  readonly method: string;
  readonly request: unknown;
}

/** An answer, or an error in a form that crosses threads; and how long each stage took. */
export type CompileAnswer = { readonly stages: readonly StageTime[] } & (
  | { readonly ok: true; readonly response: unknown }
  | { readonly ok: false; readonly error: Pick<QfsError, 'code' | 'message' | 'diagnostics' | 'metadata'> }
);

/** Of the program that is compiled now: a thread does one task at a time. */
let stages: StageTime[] = [];
const watch = () => new StageTimer((time) => stages.push(time));

const service = createCompilationService(undefined, watch) as unknown as Record<
  string,
  (request: unknown, context: HandlerContext | undefined) => unknown
>;

/** Runs in a thread of the compile pool. */
export default async function compile({ method, request }: CompileTask): Promise<CompileAnswer> {
  stages = [];
  try {
    return { ok: true, stages, response: await service[method]!(request, undefined) };
  } catch (thrown) {
    const { code, message, diagnostics, metadata } = QfsError.from(thrown);
    return { ok: false, stages, error: { code, message, diagnostics, metadata } };
  }
}
