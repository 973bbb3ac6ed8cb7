import type { Command } from '../command.ts';
import { compile } from '../compile.ts';
import { EXIT } from '../exit-code.ts';
import { DIALECT_OPTION, type DialectOptions } from '../options.ts';
import { printJson } from '../print-json.ts';
import { SOURCE_ARGUMENT } from '../source-file.ts';
import { JOB_FILE_OPTION, programOf } from '../submission/program-of.ts';
import { OUTPUT_OPTION, writeFile } from '../write-file.ts';

interface CompileOptions extends DialectOptions {
  readonly job?: string;
  readonly out?: string;
}

export const compileCommand: Command<CompileOptions> = {
  notes: ['These are the bytes of compiled.aqo.json that a server makes of the same program.'],
  arguments: [{ ...SOURCE_ARGUMENT, optional: true }],
  options: [OUTPUT_OPTION, JOB_FILE_OPTION, DIALECT_OPTION],
  examples: ['compile examples/bell.qasm -o bell.aqo.json', 'compile examples/bell.qasm --json'],
  async run({ terminal, arguments: [file], options }) {
    const { dialect, job, json = false, out } = options;
    const source = await programOf({ file, job, dialect }, terminal);
    const { aqo, aqoDigest } = compile(source, terminal, json);
    const text = new TextDecoder().decode(aqo);
    if (out !== undefined) await writeFile(out, text, terminal);
    if (json) {
      const place = out === undefined ? { aqo: text } : { file: out };
      printJson({ digest: aqoDigest, size: aqo.byteLength, ...place }, terminal);
    } else if (out === undefined) terminal.out(text);
    else terminal.note(`${out}: ${aqoDigest}\n`);
    return EXIT.ok;
  },
};
