import { type Verdict, validateSource } from '@qfs/compiler';
import type { Command } from '../command.ts';
import { showDiagnostics } from '../compile.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { DIALECT_OPTION, type DialectOptions } from '../options.ts';
import { plural } from '../plural.ts';
import { printJson } from '../print-json.ts';
import { readSource, SOURCE_ARGUMENT } from '../source-file.ts';

interface CheckOptions extends DialectOptions {
  readonly syntax?: boolean;
}

export const check: Command<CheckOptions> = {
  arguments: [{ ...SOURCE_ARGUMENT, name: 'files', variadic: true }],
  options: [{ flags: '--syntax', help: 'look at the grammar alone' }, DIALECT_OPTION],
  examples: ['check circuit.qasm', 'check examples/*.qasm --json'],
  async run({ terminal, arguments: files, options: { dialect, json = false, syntax = false } }) {
    const verdicts: object[] = [];
    let exitCode: ExitCode = EXIT.ok;
    for (const file of files) {
      const source = await readSource(file, terminal, dialect);
      const level = syntax ? 'syntax' : 'semantic';
      const verdict = validateSource({ language: source.language, source: source.text, level });
      if (!verdict.valid) exitCode = EXIT.user;
      if (json) {
        verdicts.push({ file: source.name, ...(await verdictDocument(verdict)) });
        continue;
      }
      showDiagnostics(source, verdict.diagnostics, terminal);
      terminal.out(`${source.name}: ${sentence(verdict)}\n`);
    }
    if (json) printJson({ files: verdicts }, terminal);
    return exitCode;
  },
};

/** A verdict as `/api/v1/validate` shows it. */
async function verdictDocument({ hybrid: _, metrics, ...verdict }: Verdict): Promise<object> {
  const { circuitMetricsJson } = await import('@qfs/client');
  return metrics === undefined ? verdict : { ...verdict, metrics: circuitMetricsJson(metrics) };
}

function sentence({ diagnostics, executable, hybrid, metrics, reason, valid }: Verdict): string {
  if (!valid) return plural(diagnostics.filter(({ severity }) => severity === 'error').length, 'error');
  if (!executable) {
    return reason === undefined ? 'the grammar is right' : `correct, but it cannot run here (${reason})`;
  }
  if (metrics === undefined) return 'can run';
  const search = hybrid?.plan?.minimisation;
  const names = metrics.parameters.join(', ');
  const inputs = names === '' || search !== undefined ? '' : ` with a value for ${names}`;
  const found = search === undefined ? '' : `; ${search.method} searches ${names}`;
  return `can run${inputs}: ${plural(metrics.qubits, 'qubit')}, depth ${metrics.depth}${found}`;
}
