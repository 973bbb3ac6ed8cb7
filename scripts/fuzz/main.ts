import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** `npm run fuzz -- TARGET [--inputs N] [--seconds S] [--seed X]`: hostile inputs until one of the bounds. */
export interface FuzzOptions {
  /** Inputs to try; the last one may be cut off by `seconds`. */
  readonly inputs: number;
  readonly seconds: number;
  /** Equal seeds give equal inputs. */
  readonly seed: number;
}

export interface FuzzTarget {
  /** Reports what it finds line by line; gives the number of different failures. */
  fuzz(options: FuzzOptions, say: (line: string) => void): Promise<number>;
}

const TARGETS: Readonly<Record<string, () => Promise<FuzzTarget>>> = {
  qasm: () => import('./qasm.ts'),
  differential: () => import('./differential.ts'),
  passes: () => import('./passes.ts'),
};

const INPUTS_DEFAULT = 20_000;
const SEED_MAX = 2 ** 32;

function usage(): never {
  process.stderr.write(
    'Usage: npm run fuzz -- TARGET [--inputs N] [--seconds S] [--seed X]   TARGET is one of ',
  );
  process.stderr.write(`${Object.keys(TARGETS).join(', ')}\n`);
  process.exit(2);
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(text)) usage();
  return Number(text);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { inputs: { type: 'string' }, seconds: { type: 'string' }, seed: { type: 'string' } },
});
const target = TARGETS[positionals[0] ?? ''];
if (target === undefined || positionals.length > 1) usage();
const isTimed = values.seconds !== undefined;
const options: FuzzOptions = {
  inputs: wholeNumber(values.inputs, isTimed ? Number.MAX_SAFE_INTEGER : INPUTS_DEFAULT),
  seconds: wholeNumber(values.seconds, Number.MAX_SAFE_INTEGER),
  seed: wholeNumber(values.seed, randomInt(SEED_MAX)),
};
const { fuzz } = await target();
const failures = await fuzz(options, (line) => process.stdout.write(`${line}\n`));
process.exitCode = failures === 0 ? 0 : 1;
