import { type Diagnostic, type ErrorCode, err, ok, QASM_SOURCE_BYTES_MAX, type Result } from '@qfs/core';
import type { SourceDialect } from '@qfs/qasm';

/** Every language a program may name; `reader` says how it is read, `false` that it is not read here. */
export const LANGUAGES = {
  openqasm3: { title: 'OpenQASM 3.0 and 3.1', reader: 'openqasm3' },
  aqo: { title: 'AQO documents 0.1, 1.0.0 and 1.1.0', reader: 'aqo' },
  openqasm2: { title: 'OpenQASM 2.0', reader: 'openqasm2' },
  'openqasm3-braket': { title: 'OpenQASM 3 with the gates of Amazon Braket', reader: 'braket' },
  'eigen-lang': { title: 'Eigen-Lang', reader: false },
} as const satisfies Record<string, { title: string; reader: SourceDialect | 'aqo' | false }>;

export type Language = keyof typeof LANGUAGES;
type Reader = SourceDialect | 'aqo';

export interface CompileFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly diagnostics: readonly Diagnostic[];
}

export const failure = (
  code: ErrorCode,
  message: string,
  diagnostics: readonly Diagnostic[] = [],
): Result<never, CompileFailure> => err({ code, message, diagnostics });

export interface SourceText {
  readonly reader: Reader;
  readonly text: string;
}

const SUPPORTED = Object.entries(LANGUAGES)
  .filter(([, { reader }]) => reader !== false)
  .map(([name]) => name)
  .join(', ');

/** Checks language, size and encoding of a source before anything reads it. */
export function openSource(
  language: string,
  source: Uint8Array | string,
): Result<SourceText, CompileFailure> {
  const reader = Object.hasOwn(LANGUAGES, language) && LANGUAGES[language as Language].reader;
  if (reader === false) {
    return failure(
      'LANGUAGE_UNSUPPORTED',
      `The language '${language.slice(0, 40)}' is not supported. Supported are: ${SUPPORTED}.`,
    );
  }
  const bytes = typeof source === 'string' ? utf8Length(source) : source.length;
  if (bytes > QASM_SOURCE_BYTES_MAX) {
    return failure(
      'PAYLOAD_TOO_LARGE',
      `The program has ${bytes} bytes; at most ${QASM_SOURCE_BYTES_MAX} are read.`,
    );
  }
  const text = typeof source === 'string' ? source : decode(source);
  if (text === undefined) {
    return failure(
      reader === 'aqo' ? 'AQO_INVALID' : 'QASM_SYNTAX',
      'The program is not UTF-8 text. Save it as UTF-8.',
    );
  }
  return ok({ reader, text });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes of the text as UTF-8, counted only as far as the answer can matter. */
function utf8Length(text: string): number {
  if (text.length > QASM_SOURCE_BYTES_MAX || text.length * 3 <= QASM_SOURCE_BYTES_MAX) return text.length;
  return new TextEncoder().encode(text).length;
}
