import type { Inputs } from '../inputs.ts';

/** What several places may say of a job; one that says nothing leaves it absent. */
export interface Said {
  readonly name?: string;
  readonly target?: string;
  readonly priority?: number;
  readonly seed?: number;
  readonly shots?: number;
  readonly tags?: readonly string[];
  readonly dependencies?: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
  readonly compilerOptions?: Readonly<Record<string, string>>;
  readonly inputs?: Inputs;
}

type Term = keyof Said;

/**
 * Everything that several places may say, by flag, member of job.yaml and argument of the decorator
 * of Eigen-Lang. `names`: what is not said at one place is taken from the next, name by name.
 */
export const TERMS = {
  name: { flag: '--name', member: 'metadata.name' },
  target: { flag: '--target', member: 'spec.target', decorator: 'target' },
  priority: { flag: '--priority', member: 'spec.priority' },
  seed: { flag: '--seed', member: 'spec.seed', decorator: 'seed' },
  shots: { flag: '--shots', member: 'spec.shots', decorator: 'shots' },
  tags: { flag: '--tag', member: 'metadata.annotations' },
  dependencies: { flag: '--after', member: 'spec.dependencies' },
  options: { flag: '--option', member: 'spec.options', decorator: 'noise_model', names: true },
  compilerOptions: {
    flag: '--optimization-level',
    member: 'spec.compiler_options',
    decorator: 'optimization_level',
    names: true,
  },
  inputs: { flag: '--input', member: 'spec.inputs', names: true },
} as const satisfies Record<
  Term,
  { readonly flag: string; readonly member: string; readonly decorator?: string; readonly names?: true }
>;

/**
 * JOB-52: what the first of these says goes before what the second says. What neither says is left to the
 * decorator of the program and to the server.
 */
export function settle(first: Said, second: Said): Said {
  const terms = Object.keys(TERMS) as Term[];
  const settled = terms.map((term) => [term, joined(term, first[term], second[term])] as const);
  return Object.fromEntries(settled.filter(([, value]) => value !== undefined));
}

function joined<Value>(term: Term, first: Value | undefined, second: Value | undefined): unknown {
  if (first === undefined || second === undefined || !('names' in TERMS[term])) return first ?? second;
  if (first instanceof Map && second instanceof Map) return new Map([...second, ...first]);
  return { ...second, ...first };
}
