import { drawSvg, drawText, type Metrics, type Program } from '@qfs/circuit';
import { type Diagnostic, QfsError } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { Budget } from '@qfs/qasm';
import type { CompilationService, ServiceImpl } from '@qfs/rpc';
import { CircuitFormat, type CircuitPayload } from '@qfs/rpc/internal';
import type { Compiled } from '../compile.ts';
import type { CompileFailure } from '../languages.ts';
import { VALIDATION_LEVELS, type ValidationLevel, validateSource } from '../validate.ts';
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
  return {
    compileCircuit: ({ language, source }, handler) => {
      const budget = budgetFor([{ source }]);
      const compiled = watched(watch?.(handler), (begin) =>
        cache.compile({ language, source }, budget, begin),
      );
      if (!compiled.ok) return fail(compiled.error);
      return { ...circuitMessage(compiled.value), metadata: {} };
    },

    /** A program that does not compile fails alone, in its item. */
    compileBatch: ({ items }, handler) => {
      const budget = budgetFor(items);
      return {
        items: items.map(({ language, source }) => {
          const compiled = watched(watch?.(handler), (begin) =>
            cache.compile({ language, source }, budget, begin),
          );
          if (compiled.ok) return circuitMessage(compiled.value);
          const { code, message, diagnostics } = compiled.error;
          return { reason: code, message, diagnostics: diagnostics.map(diagnosticMessage) };
        }),
      };
    },

    optimizeCircuit: () => {
      throw new QfsError(
        'NOT_IMPLEMENTED',
        'There are no optimisation passes. Circuits are executed as they are compiled.',
      );
    },

    validateCircuit: ({ language, source, level }, handler) => {
      const request = { language, source, level: levelOf(level) };
      const budget = budgetFor([{ source }]);
      const verdict = validateSource(request, (program) =>
        watched(watch?.(handler), (begin) => cache.read(program, budget, begin)),
      );
      return {
        valid: verdict.valid,
        executable: verdict.executable,
        reason: verdict.reason ?? '',
        diagnostics: verdict.diagnostics.map(diagnosticMessage),
        ...(verdict.metrics === undefined ? {} : { metrics: metricsMessage(verdict.metrics) }),
      };
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

function circuitMessage(compiled: Compiled) {
  const circuit: Pick<CircuitPayload, 'format' | 'data'> = {
    format: CircuitFormat.AQO_JSON,
    // The cache keeps its own: nobody may change what the next one gets.
    data: compiled.aqo.slice(),
  };
  return {
    circuit,
    qasm: utf8(compiled.qasm),
    aqoDigest: compiled.aqoDigest,
    metrics: metricsMessage(compiled.metrics),
    diagnostics: compiled.diagnostics.map(diagnosticMessage),
  };
}

const metricsMessage = (metrics: Metrics) => ({
  ...metrics,
  gates: { ...metrics.gates },
  parameters: [...metrics.parameters],
});

const diagnosticMessage = (diagnostic: Diagnostic) => ({
  code: diagnostic.code,
  severity: diagnostic.severity,
  message: diagnostic.message,
  line: diagnostic.line,
  column: diagnostic.column,
  endLine: diagnostic.end_line,
  endColumn: diagnostic.end_column,
  hint: diagnostic.hint ?? '',
  related: (diagnostic.related ?? []).map(({ message, line, column }) => ({ message, line, column })),
});
