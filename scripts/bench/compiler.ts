import { metricsOf, type Program } from '@qfs/circuit';
import type { OptimisationLevel } from '../../packages/compiler/src/passes/contract.ts';
import { optimiseProgram } from '../../packages/compiler/src/passes/index.ts';
import type { Row } from '../bench.ts';
import { type Case, casesOf } from './compiler/cases.ts';
import { problemOf, targetOf } from './compiler/check.ts';
import { type Compilation, Peers } from './compiler/peers.ts';

/**
 * The optimising compiler on circuits and lattices of every kind, at levels 1 and 3, beside Qiskit's
 * transpiler at the same levels and the passes of pytket, which are given the same circuits as text, the
 * same coupling and basis. Each result of ours is checked: it keeps to coupling and basis, and does what
 * the circuit did, as far as a state vector of its qubits can be had.
 */
const LEVELS = [1, 3] as const satisfies readonly OptimisationLevel[];
/** pytket's one sequence of passes is compared with our best. */
const PEERS = { 1: ['qiskit'], 3: ['qiskit', 'pytket'] } as const;
/** Beyond so many qubits, pytket takes minutes for a case. */
const PYTKET_QUBITS_MAX = 20;
const ROUNDS = 3;
/** What takes longer is measured once. */
const LONG_MS = 1000;

type Report = (row: Row) => void;
type Watch = () => number;

const WALL: Watch = () => performance.now();
const CPU: Watch = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** What is counted, and whether fewer is better; of times, the ratio is the other's over ours. */
const METRICS = {
  two_qubit_gates: { name: 'two-qubit gates', unit: 'gates' },
  two_qubit_depth: { name: 'two-qubit depth', unit: 'layers' },
  depth: { name: 'depth', unit: 'layers' },
  ms: { name: 'time', unit: 'ms' },
} as const;
type Metric = keyof typeof METRICS;

function twoQubitDepth({ qubits, body }: Program): number {
  const levels = new Array<number>(qubits).fill(0);
  for (const instruction of body) {
    if (instruction.kind !== 'gate' || instruction.qubits.length !== 2) continue;
    const [a, b] = instruction.qubits as [number, number];
    levels[a] = levels[b] = 1 + Math.max(levels[a]!, levels[b]!);
  }
  return Math.max(...levels);
}

function compile(one: Case, level: OptimisationLevel, watch: Watch): Compilation {
  const target = targetOf(one);
  const times: number[] = [];
  let spent = 0;
  for (;;) {
    const started = watch();
    const optimised = optimiseProgram(one.program, { level, ...(target && { target }) });
    const ms = watch() - started;
    times.push(ms);
    spent += ms;
    if (!optimised.ok) throw new Error(`${one.name}: ${optimised.error.message}`);
    if (times.length < ROUNDS && spent < LONG_MS) continue;
    const problem = problemOf(one, optimised.value);
    if (problem !== undefined) throw new Error(`${one.name}, level ${level}: ${problem}`);
    const { depth, twoQubitGates } = metricsOf(optimised.value.program);
    return {
      depth,
      two_qubit_gates: twoQubitGates,
      two_qubit_depth: twoQubitDepth(optimised.value.program),
      ms: times.sort((a, b) => a - b)[times.length >> 1]!,
    };
  }
}

/** Ours over the other's, or for times the other's over ours; nothing counts as one, so that all have logarithms. */
function ratioOf(metric: Metric, ours: number, theirs: number): number {
  if (metric === 'ms') return theirs / ours;
  return Math.max(1, ours) / Math.max(1, theirs);
}

/** Logarithms of ratios, by what they are of. */
class Means {
  readonly #sums = new Map<string, { sum: number; count: number; readonly metric: Metric }>();

  add(name: string, metric: Metric, ratio: number): void {
    const key = `${name}: ${METRICS[metric].name}`;
    const entry = this.#sums.get(key) ?? { sum: 0, count: 0, metric };
    entry.sum += Math.log(ratio);
    entry.count += 1;
    this.#sums.set(key, entry);
  }

  report(report: Report): void {
    for (const [name, { sum, count }] of [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)))
      report({
        bench: 'compiler',
        case: `mean ${name}`,
        value: Math.exp(sum / count),
        unit: '×',
        settings: { cases: count },
      });
  }
}

class Comparison {
  readonly #report: Report;
  readonly #isJson: boolean;
  readonly #means = new Means();

  constructor(report: Report, isJson: boolean) {
    this.#report = report;
    this.#isJson = isJson;
  }

  add(
    { name, family, kind, basis }: Case,
    level: number,
    ours: Compilation,
    peer: string,
    theirs?: Compilation,
  ): void {
    for (const metric of Object.keys(METRICS) as Metric[]) {
      const ratio = theirs === undefined ? undefined : ratioOf(metric, ours[metric], theirs[metric]);
      if (ratio !== undefined) {
        for (const group of ['all', `family ${family}`, `lattice ${kind}`])
          this.#means.add(`level ${level} ÷ ${peer}, ${group}`, metric, ratio);
      }
      // For people, what the other columns follow from.
      if (!this.#isJson && (level !== 3 || metric === 'depth' || metric === 'two_qubit_depth')) continue;
      this.#report({
        bench: 'compiler',
        case: `${name}, level ${level}: ${METRICS[metric].name}`,
        value: ours[metric],
        unit: METRICS[metric].unit,
        ...(ratio === undefined ? {} : { baseline: peer, baseline_value: theirs![metric], ratio }),
        settings: { basis: basis.join(' '), level },
      });
    }
  }

  end(): void {
    this.#means.report(this.#report);
  }
}

const option = (args: readonly string[], name: string): string | undefined =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

/**
 * `--quick` takes small circuits; `--family=NAME`, `--lattice=KIND` and `--size=N` some of them; `--no-peers` leaves
 * the other compilers out, `--no-pytket` only the one; `--cpu` measures CPU time, for machines with other work.
 */
export async function run(report: Report, args: readonly string[]): Promise<void> {
  const watch = args.includes('--cpu') ? CPU : WALL;
  const size = option(args, 'size');
  const cases = casesOf({
    isQuick: args.includes('--quick'),
    family: option(args, 'family'),
    kind: option(args, 'lattice'),
    size: size === undefined ? undefined : Number(size),
  });
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const peers = args.includes('--no-peers') ? undefined : await Peers.start(watch === CPU, say);
  const noPytket = args.includes('--no-pytket');
  const comparison = new Comparison(report, args.includes('--json'));
  try {
    // Code that runs often is compiled before it is measured, as that of the others is.
    for (const level of LEVELS) for (const one of casesOf(WARM_UP)) compile(one, level, WALL);
    for (const one of cases) {
      for (const level of LEVELS) {
        const ours = compile(one, level, watch);
        if (peers === undefined) comparison.add(one, level, ours, 'none');
        else
          for (const tool of PEERS[level]) {
            if (tool === 'pytket' && (noPytket || one.program.qubits > PYTKET_QUBITS_MAX)) continue;
            const answer = await peers.compile(tool, level, one);
            const peer = `${tool} ${peers.versions[tool] ?? ''}`;
            if ('problem' in answer) say(`${one.name}: ${tool}: ${answer.problem}`);
            comparison.add(one, level, ours, peer, 'problem' in answer ? undefined : answer);
          }
      }
    }
  } finally {
    peers?.end();
  }
  comparison.end();
}

const WARM_UP = { isQuick: true, family: undefined, kind: undefined, size: 12 };
