import { aqoDigest, writeAqo } from '@qfs/circuit';
import { readProgram } from '@qfs/compiler';
import { OPTIMISATION_LEVELS } from '../../../packages/compiler/src/passes/contract.ts';
import { optimiseProgram } from '../../../packages/compiler/src/passes/index.ts';
import { randomDynamicProgram } from './dynamic-program.ts';
import { TARGETS } from './targets.ts';

const SEED = 7;
const PROGRAMS = 2;

/** Digests of some programs at all levels, for no target and for each of some. */
export function compiledDigests(): string[] {
  return Array.from({ length: PROGRAMS }, (_, at) => {
    const source = randomDynamicProgram(SEED + at, 6, 5);
    const read = readProgram({ language: 'openqasm3', source });
    if (!read.ok) throw read.error;
    const { program } = read.value;
    return [undefined, ...TARGETS].flatMap((target) =>
      OPTIMISATION_LEVELS.map((level) => {
        const optimised = optimiseProgram(program, { level, ...(target && { target }) });
        return optimised.ok ? aqoDigest(writeAqo(optimised.value.program)) : optimised.error.code;
      }),
    );
  }).flat();
}
