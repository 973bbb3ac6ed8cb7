import { type Verdict, validateSource } from '@qfs/compiler';
import type { Command } from '../command.ts';
import { showDiagnostics } from '../compile.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { readSource } from '../source-file.ts';

interface CheckOptions {
  readonly syntax?: boolean;
}

export const check: Command<CheckOptions> = {
  name: 'check',
  summary: 'Say whether programs can run, and everything that is wrong with them',
  arguments: [{ name: 'files', help: 'OpenQASM 3 or AQO; - reads the standard input', variadic: true }],
  options: [{ flags: '--syntax', help: 'look at the grammar alone' }],
  examples: ['check circuit.qasm', 'check examples/*.qasm --json'],
  async run({ terminal, arguments: files, options: { json = false, syntax = false } }) {
    const verdicts: object[] = [];
    let exitCode: ExitCode = EXIT.ok;
    for (const file of files) {
      const source = await readSource(file, terminal);
      const level = syntax ? 'syntax' : 'semantic';
      const verdict = validateSource({ language: source.language, source: source.text, level });
      if (!verdict.valid) exitCode = EXIT.user;
      verdicts.push({ file: source.name, ...verdict });
      if (json) continue;
      showDiagnostics(source, verdict.diagnostics, terminal);
      terminal.out(`${source.name}: ${sentence(verdict)}\n`);
    }
    if (json) terminal.out(`${JSON.stringify(verdicts, null, 2)}\n`);
    return exitCode;
  },
};

function sentence({ diagnostics, executable, metrics, reason, valid }: Verdict): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (!valid) return errors === 1 ? '1 error' : `${errors} errors`;
  if (executable)
    return metrics === undefined ? 'can run' : `can run: ${metrics.qubits} qubits, depth ${metrics.depth}`;
  return reason === undefined ? 'the grammar is right' : `correct, but it cannot run here (${reason})`;
}
