import {
  type Diagnostic,
  EIGEN_SOURCE_BYTES_MAX,
  type ErrorCode,
  err,
  ok,
  QASM_SOURCE_BYTES_MAX,
  type Result,
} from '@qfs/core';
import type { SourceDialect } from '@qfs/qasm';

type Reader = SourceDialect | 'aqo' | 'eigen-lang';

interface LanguageRow {
  readonly title: string;
  /** How it is read. */
  readonly reader: Reader;
  /** Bytes of its longest program. */
  readonly bytesMax: number;
}

/** Every language that a program may name. */
export const LANGUAGES = {
  openqasm3: { title: 'OpenQASM 3.0 and 3.1', reader: 'openqasm3', bytesMax: QASM_SOURCE_BYTES_MAX },
  aqo: { title: 'AQO documents 0.1, 1.0.0 and 1.1.0', reader: 'aqo', bytesMax: QASM_SOURCE_BYTES_MAX },
  openqasm2: { title: 'OpenQASM 2.0', reader: 'openqasm2', bytesMax: QASM_SOURCE_BYTES_MAX },
  'openqasm3-braket': {
    title: 'OpenQASM 3 with the gates of Amazon Braket',
    reader: 'braket',
    bytesMax: QASM_SOURCE_BYTES_MAX,
  },
  'eigen-lang': { title: 'Eigen-Lang', reader: 'eigen-lang', bytesMax: EIGEN_SOURCE_BYTES_MAX },
} as const satisfies Record<string, LanguageRow>;

export type Language = keyof typeof LANGUAGES;

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
  readonly reader: Exclude<Reader, 'aqo'>;
  readonly text: string;
}

export interface SourceBytes {
  readonly reader: 'aqo';
  readonly bytes: Uint8Array;
}

/** The code of a text that is no UTF-8. */
const NOT_TEXT: Readonly<Record<SourceText['reader'], ErrorCode>> = {
  openqasm3: 'QASM_SYNTAX',
  openqasm2: 'QASM_SYNTAX',
  braket: 'QASM_SYNTAX',
  'eigen-lang': 'EIGEN_SYNTAX',
};

/** Checks language, size and encoding of a source before anything reads it. */
export function openSource(
  language: string,
  source: Uint8Array | string,
): Result<SourceText | SourceBytes, CompileFailure> {
  const row = Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language as Language] : undefined;
  if (row === undefined) {
    const known = Object.keys(LANGUAGES).join(', ');
    const message = `The language '${language.slice(0, 40)}' is not supported. Supported are: ${known}.`;
    return failure('LANGUAGE_UNSUPPORTED', message);
  }
  const { reader, bytesMax } = row;
  const bytes = typeof source === 'string' ? utf8Length(source, bytesMax) : source.length;
  if (bytes > bytesMax) {
    return failure('PAYLOAD_TOO_LARGE', `The program has ${bytes} bytes; at most ${bytesMax} are read.`);
  }
  if (reader === 'aqo') {
    return ok({ reader, bytes: typeof source === 'string' ? new TextEncoder().encode(source) : source });
  }
  const text = typeof source === 'string' ? source : decode(source);
  return text === undefined
    ? failure(NOT_TEXT[reader], 'The program is not UTF-8 text. Save it as UTF-8.')
    : ok({ reader, text });
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes of the text as UTF-8, counted only as far as the answer can matter. */
function utf8Length(text: string, most: number): number {
  if (text.length > most || text.length * 3 <= most) return text.length;
  return new TextEncoder().encode(text).length;
}
