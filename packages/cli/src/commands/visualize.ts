import { drawSvg } from '@qfs/circuit';
import type { Command } from '../command.ts';
import { compile } from '../compile.ts';
import { EXIT } from '../exit-code.ts';
import { DIALECT_OPTION, type DialectOptions } from '../options.ts';
import { printJson } from '../print-json.ts';
import { SOURCE_ARGUMENT } from '../source-file.ts';
import { JOB_FILE_OPTION, programOf } from '../submission/program-of.ts';
import { OUTPUT_OPTION, writeFile } from '../write-file.ts';

interface VisualizeOptions extends DialectOptions {
  readonly job?: string;
  readonly output?: string;
  readonly reverseBits?: boolean;
}

export const visualize: Command<VisualizeOptions> = {
  notes: ['A compiled.aqo.json is drawn like any other program.'],
  arguments: [{ ...SOURCE_ARGUMENT, optional: true }],
  options: [
    OUTPUT_OPTION,
    JOB_FILE_OPTION,
    { flags: '--reverse-bits', help: 'highest qubit on top' },
    DIALECT_OPTION,
  ],
  examples: ['visualize examples/teleport.qasm -o teleport.svg'],
  async run({ terminal, arguments: [file], options }) {
    const { dialect, job, json = false, output, reverseBits = false } = options;
    const { program } = compile(await programOf({ file, job, dialect }, terminal), terminal, json);
    const svg = drawSvg(program, { reverseBits });
    if (output !== undefined) await writeFile(output, svg, terminal);
    if (json)
      printJson({ format: 'svg', ...(output === undefined ? { drawing: svg } : { file: output }) }, terminal);
    else if (output === undefined) terminal.out(`${svg.trimEnd()}\n`);
    return EXIT.ok;
  },
};
