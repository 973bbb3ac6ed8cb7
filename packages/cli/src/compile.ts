import type { CompileTarget } from '@qfs/circuit';
import { type Compiled, compileSource, type ReadProgram, readProgram } from '@qfs/compiler';
import { type Diagnostic, QfsError } from '@qfs/core';
import { renderDiagnostics } from '@qfs/qasm';
import type { SourceFile } from './source-file.ts';
import type { Terminal } from './terminal.ts';

/** What a command line says of compiling; it wins over the job.yaml, and that over the program. */
export interface CompileWishes {
  readonly level?: number;
  readonly target?: CompileTarget;
}

export interface CompiledHere extends Compiled {
  /** What an Eigen-Lang program says of its own job. */
  readonly defaults: NonNullable<ReadProgram['defaults']>;
}

/** Compiles a program as a server does; shows what was found in it and throws if it cannot run. */
export function compile(
  source: SourceFile,
  terminal: Terminal,
  json: boolean,
  { level, target }: CompileWishes = {},
): CompiledHere {
  const { compilerOptions = {}, entrypoint = '', language, text } = source;
  const defaults = defaultsOf(source);
  const said = (wanted: number | undefined): Readonly<Record<string, string>> =>
    wanted === undefined ? {} : { optimization_level: `${wanted}` };
  const options = { ...said(defaults.optimizationLevel), ...compilerOptions, ...said(level) };
  const targeted = target === undefined ? {} : { target };
  const compiled = compileSource({ language, source: text, entrypoint, options, ...targeted });
  const diagnostics = compiled.ok ? compiled.value.diagnostics : compiled.error.diagnostics;
  if (!json) showDiagnostics(source, diagnostics, terminal);
  if (compiled.ok) return { ...compiled.value, defaults };
  const { code, message } = compiled.error;
  const shown = !json && diagnostics.length > 0;
  const detail = shown
    ? `${source.name} cannot be run; the findings above say why.`
    : `${source.name}: ${message}`;
  throw new QfsError(code, detail, { diagnostics });
}

/** Only Eigen-Lang has any; a program that cannot be read has none, and compiling says why. */
function defaultsOf({ entrypoint = '', language, text }: SourceFile): CompiledHere['defaults'] {
  if (language !== 'eigen-lang') return {};
  const read = readProgram({ language, source: text, entrypoint });
  return (read.ok && read.value.defaults) || {};
}

/** Findings as text with the line and a caret under the place. */
export function showDiagnostics(
  source: SourceFile,
  diagnostics: readonly Diagnostic[],
  terminal: Terminal,
): void {
  if (diagnostics.length === 0) return;
  terminal.talk(renderDiagnostics(source.text, diagnostics, { color: terminal.color, file: source.name }));
}
