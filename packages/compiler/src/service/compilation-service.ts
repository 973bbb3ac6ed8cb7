import { hash } from 'node:crypto';
import { drawSvg, drawText, type Program, readTarget } from '@qfs/circuit';
import { ok, QfsError, type Result } from '@qfs/core';
import { Budget } from '@qfs/qasm';
import type { CompilationService, HandlerContext, ServiceImpl } from '@qfs/rpc';
import type { Compiled } from '../compile.ts';
import { readCompileOptions } from '../compile-options.ts';
import { type CompileFailure, failure } from '../languages.ts';
import type { Wish } from '../making.ts';
import { VALIDATION_LEVELS, type ValidationLevel, validateSource } from '../validate.ts';
import { circuitMessage, diagnosticMessage, optimisedMessage, verdictMessage } from './messages.ts';
import { NeedsMore, ProgramCache } from './program-cache.ts';
import { type WatchStages, watched } from './stage-watch.ts';

type Handlers = ServiceImpl<typeof CompilationService>;

/** What one call may take: bytes of all its sources, and steps of their lowering. */
export interface ServiceBounds {
  readonly sourceBytes: number;
  readonly steps: number;
}

/**
 * Compiles, checks and draws. It keeps only what it can make again, so any number of them may run. A call
 * that takes more than the bounds is ended by `NeedsMore`.
 */
export function createCompilationService(bounds?: ServiceBounds, watch?: WatchStages): Handlers {
  const cache = new ProgramCache();
  const budgetFor = (sources: readonly { readonly source: Uint8Array }[]): Budget => {
    const bytes = sources.reduce((sum, { source }) => sum + source.length, 0);
    if (bounds !== undefined && bytes > bounds.sourceBytes) throw new NeedsMore();
    return new Budget(bounds?.steps);
  };
  const compile = (item: CompileAsk, budget: Budget, handler: HandlerContext): Outcome => {
    const wish = wishOf(item);
    if (!wish.ok) return wish;
    return watched(watch?.(handler), (begin) => cache.compile(item, budget, begin, wish.value));
  };
  return {
    compileCircuit: (item, handler) => {
      const compiled = compile(item, budgetFor([item]), handler);
      if (!compiled.ok) return fail(compiled.error);
      return { ...circuitMessage(compiled.value), metadata: {} };
    },

    /** A program that does not compile fails alone, in its item. */
    compileBatch: ({ items }, handler) => {
      const budget = budgetFor(items);
      return {
        items: items.map((item) => {
          const compiled = compile(item, budget, handler);
          if (compiled.ok) return circuitMessage(compiled.value);
          const { code, message, diagnostics } = compiled.error;
          return { reason: code, message, diagnostics: diagnostics.map(diagnosticMessage) };
        }),
      };
    },

    optimizeCircuit: ({ circuit, options, target }, handler) => {
      const source = circuit?.data ?? new Uint8Array();
      const asked = { optimization_level: '1', ...options };
      const item = { language: 'aqo', source, entrypoint: '', options: asked, target };
      const budget = budgetFor([item]);
      const before = watched(watch?.(handler), (begin) => cache.read(item, budget, begin));
      if (!before.ok) return fail(before.error);
      const compiled = compile(item, budget, handler);
      if (!compiled.ok) return fail(compiled.error);
      return optimisedMessage(before.value.program, compiled.value);
    },

    validateCircuit: ({ language, source, entrypoint, options, level }, handler) => {
      const known = readCompileOptions(options);
      if (!known.ok) return fail(known.error);
      const request = { language, source, entrypoint, level: levelOf(level) };
      const budget = budgetFor([{ source }]);
      const verdict = validateSource(request, (program) =>
        watched(watch?.(handler), (begin) => cache.read(program, budget, begin)),
      );
      return verdictMessage(verdict);
    },

    drawCircuit: ({ language, source, format, fold, ascii }, handler) => {
      const budget = budgetFor([{ source }]);
      const read = watched(watch?.(handler), (begin) => cache.read({ language, source }, budget, begin));
      if (!read.ok) return fail(read.error);
      const { program, diagnostics } = read.value;
      return { ...drawing(program, format, fold, ascii), diagnostics: diagnostics.map(diagnosticMessage) };
    },
  };
}

/** What is compiled, by any call. */
interface CompileAsk {
  readonly language: string;
  readonly source: Uint8Array;
  readonly entrypoint: string;
  readonly options: Readonly<Record<string, string>>;
  /** A target document; empty: none. */
  readonly target: Uint8Array;
}

type Outcome = Result<Compiled, CompileFailure>;

function wishOf({ options, target }: CompileAsk): Result<Wish, CompileFailure> {
  const known = readCompileOptions(options);
  if (!known.ok) return known;
  if (target.length === 0) return ok({ options: known.value });
  const read = readTarget(target);
  return read.ok
    ? ok({ options: known.value, target: { value: read.value, key: hash('sha256', target) } })
    : failure(read.error.code, read.error.message);
}

const fail = ({ code, message, diagnostics }: CompileFailure): never => {
  throw new QfsError(code, message, { diagnostics });
};

function levelOf(level: string): ValidationLevel {
  const known = VALIDATION_LEVELS.find((candidate) => candidate === (level === '' ? 'semantic' : level));
  if (known !== undefined) return known;
  throw new QfsError(
    'REQUEST_INVALID',
    `The level '${level.slice(0, 40)}' is not known. Use ${VALIDATION_LEVELS.join(' or ')}.`,
  );
}

function drawing(
  program: Program,
  format: string,
  fold: number,
  ascii: boolean,
): { drawing: string; contentType: string } {
  if (format === 'svg') return { drawing: drawSvg(program), contentType: 'image/svg+xml' };
  if (format === '' || format === 'text') {
    return {
      drawing: drawText(program, { ascii, ...(fold === 0 ? {} : { fold }) }),
      contentType: 'text/plain; charset=utf-8',
    };
  }
  throw new QfsError('REQUEST_INVALID', `The format '${format.slice(0, 40)}' is not known. Use svg or text.`);
}
