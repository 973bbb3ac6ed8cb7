import { QfsError } from '@qfs/core';
import { TARGET_DEFAULT } from './door.ts';
import type { Submission } from './submission.ts';

/** What programs ask for, by the names that the compiler gives: one entry for each item, empty where none. */
export type ProgramDefaults = readonly Readonly<Record<string, string>>[];

/** Notes of a program, among its defaults. */
const NOTE = 'metadata.';

/**
 * A submission in which the words of its programs fill what it leaves open: the request is stronger, and
 * what it says among its metadata belongs to it.
 * @throws QfsError JOB_SPEC_INVALID where programs of one job want different things of the whole job
 */
export function withProgramDefaults(submission: Submission, defaults: ProgramDefaults): Submission {
  const { metadataKvs: metadata = {}, options = {}, items } = submission;
  const wanted = (name: string): string | undefined => agreed(defaults, name);
  const target = submission.target || wanted('target') || TARGET_DEFAULT;
  if (!items.some(({ language }) => language === 'eigen-lang')) return { ...submission, target };
  const noise = options.noise_model ?? metadata.noise_model ?? wanted('noise_model');
  const seed = submission.seed === undefined && metadata.seed === undefined ? wanted('seed') : undefined;
  const notes = Object.assign({}, ...defaults.toReversed().map(notesOf)) as Record<string, string>;
  return {
    ...submission,
    target,
    metadataKvs: { ...notes, ...metadata },
    options: noise === undefined ? options : { ...options, noise_model: noise },
    ...(seed === undefined ? {} : { seed: BigInt(seed) }),
    items: items.map((item, index) => {
      const { shots, optimization_level: level } = defaults[index]!;
      const isOpen = (item.shots ?? 0) === 0 && metadata.shots === undefined;
      const compilerOptions = { ...(level && { optimization_level: level }), ...item.compilerOptions };
      return { ...item, compilerOptions, ...(shots && isOpen ? { shots: Number(shots) } : {}) };
    }),
  };
}

function agreed(defaults: ProgramDefaults, name: string): string | undefined {
  const [wanted, other] = new Set(defaults.flatMap((asked) => asked[name] ?? []));
  if (other === undefined) return wanted;
  const message =
    `The programs of the job want different things: ${name} is '${wanted?.slice(0, 80)}' and ` +
    `'${other.slice(0, 80)}'. Say in the job which it is.`;
  throw new QfsError('JOB_SPEC_INVALID', message, {
    violations: [{ field: name, description: 'differs between the programs' }],
  });
}

const notesOf = (asked: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(asked).flatMap(([name, value]) =>
      name.startsWith(NOTE) ? [[name.slice(NOTE.length), value]] : [],
    ),
  );
