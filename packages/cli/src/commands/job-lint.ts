import type { Diagnostic } from '@qfs/core';
import type { Command } from '../command.ts';
import { showDiagnostics } from '../compile.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { plural } from '../plural.ts';
import { printJson } from '../print-json.ts';
import { type InspectedJobFile, inspectJobFile, showProblems } from '../submission/job-file.ts';
import { type LintedProgram, lintProgram } from '../submission/lint-program.ts';

export const jobLint: Command = {
  notes: ['Looks at every job.yaml, at the programs that it names, and calls no server.'],
  arguments: [
    { name: 'files', help: 'job.yaml; - reads the standard input', variadic: true, completes: 'files' },
  ],
  options: [],
  examples: ['job lint job.yaml', 'job lint examples/vqe_h2/job.yaml examples/vqe_upstream/job.yaml --json'],
  async run({ terminal, arguments: paths, options: { json = false } }) {
    let exitCode: ExitCode = EXIT.ok;
    const documents: object[] = [];
    for (const path of paths) {
      const file = await inspectJobFile(path, terminal);
      const programs = [...new Set(file.items)].map((item) => lintProgram(item, file.document!, terminal));
      const errors = errorCount(file, programs);
      if (errors > 0) exitCode = EXIT.user;
      if (json) {
        documents.push(documentOf(file, programs, errors === 0));
        continue;
      }
      showProblems(file, true, terminal);
      for (const { diagnostics, failure, source } of programs) {
        showDiagnostics(source, diagnostics, terminal);
        if (failure !== undefined) terminal.talk(`error: ${source.name} cannot be run: ${failure}\n`);
      }
      terminal.out(`${file.path}: ${verdictOf(file, errors)}\n`);
    }
    if (json) printJson({ files: documents }, terminal);
    return exitCode;
  },
};

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

const errorCount = ({ problems }: InspectedJobFile, programs: readonly LintedProgram[]): number =>
  [problems, ...programs.map(({ diagnostics }) => diagnostics)].flat().filter(isError).length +
  programs.filter(({ failure }) => failure !== undefined).length;

function verdictOf({ document, items }: InspectedJobFile, errors: number): string {
  if (errors > 0) return plural(errors, 'error');
  const { target, workload } = document!;
  return `${workload} of ${plural(items.length, 'circuit')} for ${target}, nothing wrong`;
}

const documentOf = (
  { path, problems }: InspectedJobFile,
  programs: readonly LintedProgram[],
  valid: boolean,
): object => ({
  file: path,
  valid,
  problems,
  programs: programs.map(({ diagnostics, failure, source: { language, name } }) => ({
    ...{ file: name, language, diagnostics },
    ...(failure !== undefined && { failure }),
  })),
});
