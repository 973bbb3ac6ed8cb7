import { OPTIMISATION_LEVELS } from '../../packages/compiler/src/passes/contract.ts';
import { DYNAMIC_INPUTS, randomDynamicProgram } from '../../tests/conformance/passes/dynamic-program.ts';
import { judge, smallestTrial, type Trial } from '../../tests/conformance/passes/optimised.ts';
import { TARGETS } from '../../tests/conformance/passes/targets.ts';
import { randomProgram } from '../../tests/conformance/reference/generator/program.ts';
import type { FuzzOptions } from './main.ts';

const SIZE_MAX = 12;
const QUBITS_MAX = 5;
const FAILURES_MAX = 10;

/** Random programs at all levels, for no target or one of some, against the channel of what was written. */
export function fuzz({ inputs, seconds, seed }: FuzzOptions, say: (line: string) => void): Promise<number> {
  const until = performance.now() + 1000 * seconds;
  const tally = new Map<string, number>();
  let failures = 0;
  let at = 0;
  for (; at < inputs && performance.now() < until && failures < FAILURES_MAX; at += 1) {
    const trial = trialOf(seed + at);
    const { kind, reason } = judge(trial);
    const what = kind === 'refused' ? `${kind}: ${reason}` : kind;
    tally.set(what, (tally.get(what) ?? 0) + 1);
    if (kind !== 'different') continue;
    failures += 1;
    say(`seed ${trial.seed}, level ${trial.level}, target ${trial.target?.name ?? 'none'}: ${reason}`);
    say(`// inputs ${JSON.stringify(trial.inputs)}\n${smallestTrial(trial)}`);
  }
  say(`${at} programs from seed ${seed}`);
  for (const [what, count] of [...tally].sort((a, b) => b[1] - a[1])) say(`${count} ${what}`);
  return Promise.resolve(failures);
}

/** Equal seeds give equal trials; every third program is one of all statements there are. */
function trialOf(seed: number): Trial {
  const size = 1 + (seed % SIZE_MAX);
  const level = OPTIMISATION_LEVELS[seed % OPTIMISATION_LEVELS.length]!;
  const target = [undefined, ...TARGETS][Math.floor(seed / 4) % (1 + TARGETS.length)];
  const { source, inputs } =
    seed % 3 === 0
      ? randomProgram(seed, size)
      : {
          source: randomDynamicProgram(seed, size, QUBITS_MAX),
          inputs: DYNAMIC_INPUTS,
        };
  return { source, inputs, level, target, seed };
}
