import type { Diagnostic } from '@qfs/core';
import type { Diagnostic as DiagnosticMessage } from '../entries/api.ts';

const SEVERITIES: readonly Diagnostic['severity'][] = ['error', 'warning', 'note'];

/** A finding as the doors show it, from the message in which rooms pass it on. */
export const diagnosticFromMessage = (message: DiagnosticMessage): Diagnostic => ({
  code: message.code,
  severity: SEVERITIES.find((severity) => severity === message.severity) ?? 'error',
  message: message.message,
  line: message.line,
  column: message.column,
  end_line: message.endLine,
  end_column: message.endColumn,
  ...(message.hint === '' ? {} : { hint: message.hint }),
  ...(message.related.length === 0
    ? {}
    : {
        related: message.related.map((place) => ({
          message: place.message,
          line: place.line,
          column: place.column,
        })),
      }),
});
