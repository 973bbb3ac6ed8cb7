import { aqoDigest, metricsOf, writeAqo } from '@qfs/circuit';
import { compileSource, readProgram, validateSource, writeQasm } from '@qfs/compiler';
import { parseSource } from '@qfs/qasm';
import type { Row } from '../bench.ts';
import { otherReaders } from './qasm-peers.ts';
import { PROGRAMS } from './qasm-programs.ts';

/**
 * The reader of OpenQASM, stage by stage and warm, on programs of growing length, and beside it whatever
 * other readers the machine has. A stage that is linear costs as much per statement for the longest as for
 * the rest.
 */
const SIZES = [1_000, 10_000, 100_000] as const;
const ROUNDS_MIN = 5;
const STAGE_MS = 800;
/** Of this length the other readers are asked; one of them takes half a minute for ten times as much. */
const COMPARED = 1_000;

type Report = (row: Row) => void;

/** The text as one string, as it comes from a file, and not as the pieces that it was put together from. */
const programText = (name: string, size: number): string =>
  new TextDecoder().decode(new TextEncoder().encode(PROGRAMS[name]!(size)));

/**
 * Wall time, or the CPU time of the process with its garbage collector, which other programs hardly change;
 * in ms.
 */
type Watch = () => number;
const WALL: Watch = () => performance.now();
const CPU: Watch = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Median time of a call, after as many calls to warm up. */
function medianMs(watch: Watch, stage: () => unknown): number {
  const startedMs = performance.now();
  const rounds = (endMs: number): number[] => {
    const times: number[] = [];
    while (times.length < ROUNDS_MIN || performance.now() < endMs) {
      const started = watch();
      stage();
      times.push(watch() - started);
    }
    return times.sort((a, b) => a - b);
  };
  rounds(startedMs + STAGE_MS / 2);
  const times = rounds(startedMs + STAGE_MS);
  return times[times.length >> 1]!;
}

/** What is measured of a text, by name. */
function stagesOf(source: string): Readonly<Record<string, () => unknown>> {
  const read = readProgram({ language: 'openqasm3', source });
  if (!read.ok) throw new Error(`The program does not compile: ${read.error.message}`);
  const { program } = read.value;
  return {
    parse: () => parseSource(source),
    'parse and lower': () => readProgram({ language: 'openqasm3', source }),
    'AQO and digest': () => aqoDigest(writeAqo(program)),
    'OpenQASM text': () => writeQasm(program),
    metrics: () => metricsOf(program),
    validate: () => validateSource({ language: 'openqasm3', source, level: 'semantic' }),
    'compile, all of it': () => compileSource({ language: 'openqasm3', source }),
  };
}

function reportStages(report: Report, watch: Watch, name: string): void {
  /** Microseconds per statement of the size before. */
  const before = new Map<string, number>();
  for (const size of SIZES) {
    for (const [stage, call] of Object.entries(stagesOf(programText(name, size)))) {
      const value = medianMs(watch, call);
      const perStatement = (value * 1000) / size;
      const earlier = before.get(stage);
      before.set(stage, perStatement);
      report({
        bench: 'qasm',
        case: `${name}, ${size}: ${stage}`,
        value,
        unit: 'ms',
        settings: { statements: size, us_per_statement: perStatement },
        ...(earlier === undefined
          ? {}
          : {
              baseline: 'µs per statement, a tenth as long',
              baseline_value: earlier,
              ratio: earlier / perStatement,
            }),
      });
    }
  }
}

async function reportOthers(report: Report, watch: Watch, name: string): Promise<void> {
  const source = programText(name, COMPARED);
  const texts =
    name === 'flat' ? { openqasm3: source, openqasm2: asOpenQasm2(source) } : { openqasm3: source };
  for (const { reader, what, language, ms, problem } of await otherReaders(texts, watch, watch === CPU)) {
    const text = texts[language]!;
    const ours =
      what === 'parse' ? () => parseSource(text, language) : () => readProgram({ language, source: text });
    const value = medianMs(watch, ours);
    const row = { bench: 'qasm', case: `${name}, ${COMPARED}: ${what} of ${language}`, value, unit: 'ms' };
    if (ms === undefined) report({ ...row, case: `${row.case} (${reader}: ${problem})` });
    else report({ ...row, baseline: `${reader}, ms`, baseline_value: ms, ratio: ms / value });
  }
}

/** A flat program in the older version of the language. */
const asOpenQasm2 = (text: string): string =>
  text
    .replace('OPENQASM 3.0;\ninclude "stdgates.inc";', 'OPENQASM 2.0;\ninclude "qelib1.inc";')
    .replace(/^qubit(\[\d+\]) q;$/m, 'qreg q$1;')
    .replace(/^bit(\[\d+\]) c;$/m, 'creg c$1;')
    .replace('c = measure q;', 'measure q -> c;');

/**
 * `--cpu` measures CPU time instead of wall time, for machines with other work. `--no-peers` leaves the
 * other readers out, `--no-stages` the stages, `--only=NAME` all programs but one.
 */
export async function run(report: Report, args: readonly string[]): Promise<void> {
  const only = args.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
  const names = Object.keys(PROGRAMS).filter((name) => only === undefined || name === only);
  const watch = args.includes('--cpu') ? CPU : WALL;
  if (!args.includes('--no-stages')) for (const name of names) reportStages(report, watch, name);
  if (!args.includes('--no-peers')) for (const name of names) await reportOthers(report, watch, name);
}
