import { drawSvg, drawText } from '@qfs/circuit';
import type { Command } from '../command.ts';
import { compile } from '../compile.ts';
import { compileWishes, TARGET_OPTIONS, type TargetOptions } from '../device/target.ts';
import { EXIT } from '../exit-code.ts';
import { DIALECT_OPTION, type DialectOptions, wholeNumber } from '../options.ts';
import { printJson } from '../print-json.ts';
import { SOURCE_ARGUMENT } from '../source-file.ts';
import { JOB_FILE_OPTION, programOf } from '../submission/program-of.ts';

interface DrawOptions extends DialectOptions, TargetOptions {
  readonly ascii?: boolean;
  readonly fold?: number;
  readonly job?: string;
  readonly reverseBits?: boolean;
  readonly svg?: boolean;
}

/** Narrower than this no gate fits beside the names of the wires. */
const FOLD_MIN = 20;
const FOLD_MAX = 10_000;
const FOLD_DEFAULT = 100;

export const draw: Command<DrawOptions> = {
  arguments: [{ ...SOURCE_ARGUMENT, optional: true }],
  options: [
    JOB_FILE_OPTION,
    {
      flags: '--fold <columns>',
      help: `break lines at this width (default: that of the terminal, else ${FOLD_DEFAULT})`,
      parse: wholeNumber('--fold', FOLD_MIN, FOLD_MAX),
    },
    { flags: '--ascii', help: 'plain ASCII characters only' },
    { flags: '--svg', help: 'an SVG document' },
    { flags: '--reverse-bits', help: 'highest qubit on top' },
    ...TARGET_OPTIONS,
    DIALECT_OPTION,
  ],
  examples: ['draw examples/teleport.qasm', 'draw circuit.qasm --svg > circuit.svg', 'draw --job job.yaml'],
  async run({ terminal, arguments: [file], options }) {
    const {
      ascii = false,
      dialect,
      fold = terminal.columns ?? FOLD_DEFAULT,
      json = false,
      reverseBits = false,
      svg,
    } = options;
    const source = await programOf({ file, job: options.job, dialect, json }, terminal);
    const { program } = compile(source, terminal, json, await compileWishes(options, terminal));
    const drawing = svg ? drawSvg(program, { reverseBits }) : drawText(program, { ascii, fold, reverseBits });
    if (json) printJson({ format: svg ? 'svg' : 'text', drawing }, terminal);
    else terminal.out(`${drawing.trimEnd()}\n`);
    return EXIT.ok;
  },
};
