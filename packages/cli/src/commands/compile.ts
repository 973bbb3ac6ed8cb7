import type { Command } from '../command.ts';
import { compile } from '../compile.ts';
import { reportJson, reportText } from '../compile-report.ts';
import { compileWishes, TARGET_OPTIONS, type TargetOptions } from '../device/target.ts';
import { EXIT } from '../exit-code.ts';
import { DIALECT_OPTION, type DialectOptions } from '../options.ts';
import { printJson } from '../print-json.ts';
import { SOURCE_ARGUMENT } from '../source-file.ts';
import { JOB_FILE_OPTION, programOf } from '../submission/program-of.ts';
import { OUTPUT_OPTION, writeFile } from '../write-file.ts';

interface CompileOptions extends DialectOptions, TargetOptions {
  readonly job?: string;
  readonly out?: string;
  readonly report?: boolean;
}

export const compileCommand: Command<CompileOptions> = {
  notes: [
    'These are the bytes of compiled.aqo.json that a server makes of it for the same device.',
    'Device and compiler options of a job.yaml count where nothing is said here.',
  ],
  arguments: [{ ...SOURCE_ARGUMENT, optional: true }],
  options: [
    OUTPUT_OPTION,
    JOB_FILE_OPTION,
    ...TARGET_OPTIONS,
    { flags: '--report', help: 'say what the passes did, as "explain" does' },
    DIALECT_OPTION,
  ],
  examples: [
    'compile examples/bell.qasm -o bell.aqo.json',
    'compile examples/qft.qasm -O 3 --target heavy-hex-27 --report --out qft.aqo.json',
    'compile --job job.yaml --json',
  ],
  async run({ terminal, arguments: [file], options }) {
    const { dialect, job, json = false, out, report: reported = false } = options;
    const source = await programOf({ file, job, dialect, json }, terminal);
    const wishes = await compileWishes(options, terminal, source.target);
    const { aqo, aqoDigest, report } = compile(source, terminal, json, wishes);
    const text = new TextDecoder().decode(aqo);
    if (out !== undefined) await writeFile(out, text, terminal);
    if (json) {
      const place = out === undefined ? { aqo: text } : { file: out };
      const passes = reported ? { report: reportJson(report) } : {};
      printJson({ digest: aqoDigest, size: aqo.byteLength, ...place, ...passes }, terminal);
      return EXIT.ok;
    }
    if (out === undefined) terminal.out(text);
    else terminal.note(`${out}: ${aqoDigest}\n`);
    if (reported) terminal.talk(reportText(report));
    return EXIT.ok;
  },
};
