import { drawSvg, drawText, type Metrics } from '@qfs/circuit';
import { compileSource, readProgram, validateSource } from '@qfs/compiler';
import { QfsError } from '@qfs/core';
import type { CompilationService, ServiceImpl } from '@qfs/rpc';

const metricsMessage = ({ parameters, gates, ...metrics }: Metrics) => ({
  ...metrics,
  parameters: [...parameters],
  gates: { ...gates },
});

const unsupported = () => {
  throw new QfsError('NOT_IMPLEMENTED', 'Doors do not compile.');
};

/** The compiler itself, called in place, as far as doors call it. */
export const TEST_COMPILER: ServiceImpl<typeof CompilationService> = {
  compileCircuit: unsupported,
  compileBatch: unsupported,
  optimizeCircuit: unsupported,
  validateCircuit: ({ language, source, level }) => {
    const verdict = validateSource({ language, source, level: level === 'syntax' ? 'syntax' : 'semantic' });
    const compiled = verdict.executable ? compileSource({ language, source }) : undefined;
    const { valid, executable, reason = '' } = verdict;
    const diagnostics = verdict.diagnostics.map(
      ({ end_line: endLine, end_column: endColumn, related, ...rest }) => ({
        ...rest,
        endLine,
        endColumn,
        related: (related ?? []).map((place) => ({ ...place })),
      }),
    );
    if (compiled?.ok !== true) return { valid, executable, reason, diagnostics };
    return { valid, executable, reason, diagnostics, metrics: metricsMessage(compiled.value.metrics) };
  },
  drawCircuit: ({ language, source, format }) => {
    const read = readProgram({ language, source });
    if (!read.ok)
      throw new QfsError(read.error.code, read.error.message, { diagnostics: read.error.diagnostics });
    const drawing = format === 'svg' ? drawSvg(read.value.program) : drawText(read.value.program);
    return { drawing, contentType: format === 'svg' ? 'image/svg+xml' : 'text/plain' };
  },
};
