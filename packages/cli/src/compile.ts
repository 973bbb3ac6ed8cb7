import { type Compiled, compileSource } from '@qfs/compiler';
import { type Diagnostic, QfsError } from '@qfs/core';
import { renderDiagnostics } from '@qfs/qasm';
import type { SourceFile } from './source-file.ts';
import type { Terminal } from './terminal.ts';

/** Compiles a program; shows what was found in it and throws if it cannot run. */
export function compile(source: SourceFile, terminal: Terminal, json: boolean): Compiled {
  const compiled = compileSource({ language: source.language, source: source.text });
  const diagnostics = compiled.ok ? compiled.value.diagnostics : compiled.error.diagnostics;
  if (!json) showDiagnostics(source, diagnostics, terminal);
  if (compiled.ok) return compiled.value;
  const { code, message } = compiled.error;
  const shown = !json && diagnostics.length > 0;
  const detail = shown
    ? `${source.name} cannot be run; the findings above say why.`
    : `${source.name}: ${message}`;
  throw new QfsError(code, detail, { diagnostics });
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
