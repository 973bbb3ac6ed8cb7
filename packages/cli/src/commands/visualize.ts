import { drawSvg } from '@qfs/circuit';
import type { Command } from '../command.ts';
import { compile } from '../compile.ts';
import { compileWishes, TARGET_OPTIONS, type TargetOptions } from '../device/target.ts';
import { EXIT } from '../exit-code.ts';
import { DIALECT_OPTION, type DialectOptions } from '../options.ts';
import { printJson } from '../print-json.ts';
import { SOURCE_ARGUMENT } from '../source-file.ts';
import { JOB_FILE_OPTION, programOf } from '../submission/program-of.ts';
import { OUTPUT_OPTION, writeFile } from '../write-file.ts';

interface VisualizeOptions extends DialectOptions, TargetOptions {
  readonly job?: string;
  readonly out?: string;
  readonly reverseBits?: boolean;
}

export const visualize: Command<VisualizeOptions> = {
  notes: ['A compiled.aqo.json is drawn like any other program.'],
  arguments: [{ ...SOURCE_ARGUMENT, optional: true }],
  options: [
    OUTPUT_OPTION,
    JOB_FILE_OPTION,
    { flags: '--reverse-bits', help: 'highest qubit on top' },
    ...TARGET_OPTIONS,
    DIALECT_OPTION,
  ],
  examples: [
    'visualize examples/teleport.qasm -o teleport.svg',
    'visualize --job job.yaml -o job.svg',
    'visualize examples/qft.qasm --target line-16 -O 3 -o qft.svg',
  ],
  async run({ terminal, arguments: [file], options }) {
    const { dialect, job, json = false, out, reverseBits = false } = options;
    const source = await programOf({ file, job, dialect, json }, terminal);
    const { program } = compile(source, terminal, json, await compileWishes(options, terminal));
    const svg = drawSvg(program, { reverseBits });
    if (out !== undefined) await writeFile(out, svg, terminal);
    if (json)
      printJson({ format: 'svg', ...(out === undefined ? { drawing: svg } : { file: out }) }, terminal);
    else if (out === undefined) terminal.out(`${svg.trimEnd()}\n`);
    return EXIT.ok;
  },
};
