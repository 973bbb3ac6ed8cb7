import { SEED_MAX, SHOTS_MAX, SHOTS_MIN } from '@qfs/core';
import type { Expression, FunctionDef } from './ast.ts';
import { Arguments, type Given } from './evaluate/arguments.ts';
import type { ProgramDefaults } from './evaluate/hybrid-program.ts';
import type { Interpreter } from './evaluate/interpreter.ts';
import { plainDictionary } from './evaluate/plain.ts';
import { Refusal } from './evaluate/refusal.ts';
import type { Findings } from './findings.ts';
import { DECORATOR } from './library/table.ts';

const LEVEL_MAX = 3;

/** The word of upstream programs for the simulator of the platform, whatever its id is. */
const SIMULATOR = 'simulator';

interface DefaultRow<Value> {
  /** The keyword of the decorator. */
  readonly keyword: string;
  readonly help: string;
  read(all: Arguments, given: Given): Value;
}

/** What the decorator may say, by member of `ProgramDefaults`. */
export const DEFAULTS: { readonly [K in keyof ProgramDefaults]-?: DefaultRow<ProgramDefaults[K]> } = {
  target: {
    keyword: 'target',
    help: `The device; \`"${SIMULATOR}"\` is the simulator of the platform`,
    read: (all, given) => {
      const target = all.text(given);
      return target === SIMULATOR ? undefined : target;
    },
  },
  shots: {
    keyword: 'shots',
    help: 'Shots of each evaluation',
    read: (all, given) => all.whole(given, SHOTS_MIN, SHOTS_MAX),
  },
  seed: {
    keyword: 'seed',
    help: 'The seed of sampling and of the search; the circuit does not depend on it',
    read: (all, given) => all.whole(given, 0, SEED_MAX),
  },
  optimizationLevel: {
    keyword: 'optimization_level',
    help: `From 0, as written, to ${LEVEL_MAX}`,
    read: (all, given) => all.whole(given, 0, LEVEL_MAX),
  },
  noiseModel: {
    keyword: 'noise_model',
    help: 'For a simulator: `depolarizing:0.001`, or a noise model as JSON',
    read: (all, given) => all.text(given),
  },
  metadata: {
    keyword: 'metadata',
    help: 'Notes on the job, a dictionary; what is no text is noted as JSON',
    read: (_, given) => plainDictionary(given),
  },
  compiler: {
    keyword: 'compiler',
    help: 'Read, and without a meaning: there is one compiler',
    read: (all, given) => all.text(given),
  },
};

/** What the decorator of the entry says; what is wrong with it goes to the findings. */
export function defaultsOf(
  entry: FunctionDef,
  interpreter: Interpreter,
  findings: Findings,
): ProgramDefaults {
  try {
    const [decorator, other] = entry.decorators;
    if (other !== undefined) throw new Refusal(other, `A program has one decorator, ${DECORATOR}.`);
    const call = decorator!.type === 'Call' ? decorator! : undefined;
    const named = call?.callee ?? decorator!;
    const symbol = interpreter.evaluate(named);
    if (symbol.kind !== 'symbol' || symbol.name !== DECORATOR) {
      throw new Refusal(named, `The decorator of a program is ${DECORATOR}.`, undefined, 'EIGEN_FORBIDDEN');
    }
    return call === undefined ? {} : readDefaults(call, interpreter);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    findings.add(thrown.code, thrown.span, thrown.message, thrown.hint);
    return {};
  }
}

function readDefaults(
  call: Extract<Expression, { type: 'Call' }>,
  interpreter: Interpreter,
): ProgramDefaults {
  const given = (value: Expression): Given => ({ value: interpreter.evaluate(value), span: value });
  const keywords = new Map(call.keywords.map(({ name, value }) => [name, given(value)]));
  const all = new Arguments(DECORATOR, call, call.positional.map(given), keywords, (steps) =>
    interpreter.spend(call, steps),
  );
  const found = Object.entries(DEFAULTS).map(([member, { keyword, read }]) => {
    const value = all.takeNamed(keyword);
    return [member, value === undefined || value.value.kind === 'none' ? undefined : read(all, value)];
  });
  all.finish();
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}
