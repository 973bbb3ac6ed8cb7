import { type Diagnostic, QfsError } from '@qfs/core';
import { readLoopWishes } from '@qfs/hybrid';
import type { JobDocument } from '@qfs/jobspec';
import { readEngineOptions } from '@qfs/simulator';
import { compile } from '../compile.ts';
import { notesOf } from '../replay/notes-of.ts';
import { checkItem } from '../replay/run-items.ts';
import type { SourceFile } from '../source-file.ts';
import type { Terminal } from '../terminal.ts';
import type { JobFileItem } from './job-file.ts';
import { HERE, itemHere, workItem } from './work.ts';

/** A program of a document, and what is found in it. */
export interface LintedProgram {
  readonly source: SourceFile;
  readonly diagnostics: readonly Diagnostic[];
  /** Why it cannot be run as the document says, where no finding says it. */
  readonly failure?: string;
}

/** Compiles a program of a document, and sees whether it has all that it is to be run with. */
export function lintProgram(loaded: JobFileItem, document: JobDocument, terminal: Terminal): LintedProgram {
  const { source } = loaded;
  try {
    const compiled = compile(source, terminal, true);
    const { diagnostics, defaults } = compiled;
    const failure = failureOf(() => {
      const notes = notesOf(defaults, document.metadata);
      if (compiled.plan !== undefined) readLoopWishes(notes);
      // Other devices have options, noise and estimators of their own.
      if (document.target !== HERE) return;
      const noise = defaults.noiseModel;
      const engine = readEngineOptions({ ...(noise && { noise_model: noise }), ...document.options });
      checkItem(itemHere(workItem(loaded), compiled, 0), engine, notes);
    });
    return { source, diagnostics, ...(failure !== undefined && { failure }) };
  } catch (thrown) {
    const { diagnostics, message } = QfsError.from(thrown);
    const isSaid = diagnostics.some(({ severity }) => severity === 'error');
    return { source, diagnostics, ...(isSaid ? {} : { failure: message }) };
  }
}

function failureOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof QfsError) return thrown.message;
    throw thrown;
  }
}
