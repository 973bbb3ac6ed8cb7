import { writeOpenQasm2 } from '@qfs/compiler';
import { QfsError } from '@qfs/core';
import type { Command } from '../command.ts';
import { compile } from '../compile.ts';
import { compileWishes, TARGET_OPTIONS, type TargetOptions } from '../device/target.ts';
import { EXIT } from '../exit-code.ts';
import { choice, DIALECT_OPTION, type DialectOptions } from '../options.ts';
import { printJson } from '../print-json.ts';
import { readSource, SOURCE_ARGUMENT } from '../source-file.ts';
import { OUTPUT_OPTION, writeFile } from '../write-file.ts';

/** What a program can be written as. */
const FORMS = {
  openqasm3: 'OpenQASM 3, which says everything',
  openqasm2: 'OpenQASM 2, for circuits it has a form for',
  aqo: 'the AQO document that is executed',
} as const;

type Form = keyof typeof FORMS;

interface ConvertOptions extends DialectOptions, TargetOptions {
  readonly to: Form;
  readonly out?: string;
}

export const convert: Command<ConvertOptions> = {
  notes: [
    'Loops over constants are unrolled and gate definitions expanded.',
    'What OpenQASM 2 cannot say is listed, or said in a note where no outcome depends on it.',
  ],
  arguments: [SOURCE_ARGUMENT],
  options: [
    {
      flags: '--to <language>',
      help: Object.entries(FORMS)
        .map(([name, what]) => `${name}: ${what}`)
        .join('; '),
      preset: 'openqasm3',
      parse: choice('--to', Object.keys(FORMS)),
      completes: Object.keys(FORMS),
    },
    OUTPUT_OPTION,
    ...TARGET_OPTIONS,
    DIALECT_OPTION,
  ],
  examples: ['convert examples/bell.qasm --to openqasm2', 'convert circuit.qasm --to aqo > circuit.aqo.json'],
  async run({ terminal, arguments: [file], options }) {
    const { dialect, json = false, out, to } = options;
    const source = await readSource(file!, terminal, dialect);
    const { aqo, program, qasm } = compile(source, terminal, json, await compileWishes(options, terminal));
    const { text, notes } =
      to === 'openqasm2'
        ? openQasm2Of(source.name, program)
        : { text: to === 'aqo' ? new TextDecoder().decode(aqo) : qasm, notes: [] };
    if (!json) for (const note of notes) terminal.note(`note: ${note}\n`);
    if (out !== undefined) await writeFile(out, text, terminal);
    if (json) printJson({ language: to, notes, ...(out === undefined ? { text } : { file: out }) }, terminal);
    else if (out === undefined) terminal.out(text);
    return EXIT.ok;
  },
};

function openQasm2Of(name: string, program: Parameters<typeof writeOpenQasm2>[0]) {
  const written = writeOpenQasm2(program);
  if (written.ok) return written.value;
  throw new QfsError(written.error.code, `${name}: ${written.error.message}`);
}
