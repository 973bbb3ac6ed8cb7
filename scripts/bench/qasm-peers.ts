import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** What another reader made of a text: a tree, or a circuit. */
export interface PeerResult {
  readonly reader: string;
  readonly what: 'parse' | 'circuit';
  readonly language: 'openqasm3' | 'openqasm2';
  /** Median; absent if there is a problem. */
  readonly ms?: number;
  readonly problem?: string;
}

/** The same program in both versions of the language, as far as the older one can say it. */
export type Texts = Readonly<{ openqasm3: string; openqasm2?: string }>;

const ROUNDS = 3;
const PYTHON_MS_MAX = 300_000;

/**
 * Readers that the machine has: `qasm-ts` in the directory `QFS_BENCH_QASM_TS`, and those of the Python
 * `QFS_BENCH_PYTHON`, or `python3`.
 */
export async function otherReaders(
  texts: Texts,
  watch: () => number,
  isCpu: boolean,
): Promise<readonly PeerResult[]> {
  return [await qasmTs(texts.openqasm3, watch), ...(await pythonReaders(texts, isCpu))];
}

async function qasmTs(source: string, watch: () => number): Promise<PeerResult> {
  const row = { reader: 'qasm-ts', what: 'parse', language: 'openqasm3' } as const;
  const directory = process.env.QFS_BENCH_QASM_TS;
  if (directory === undefined) return { ...row, problem: 'QFS_BENCH_QASM_TS names no directory' };
  // Its modules name each other without `.js`, which Node does not add.
  const hooks = registerHooks({
    resolve: (name, context, next) =>
      name.startsWith('.') && context.parentURL?.includes('qasm-ts') && !name.endsWith('.js')
        ? next(`${name}.js`, context)
        : next(name, context),
  });
  try {
    const main = pathToFileURL(join(directory, 'dist/main.js')).href;
    const { parseString } = (await import(main)) as { parseString(text: string, version: number): unknown };
    const times = Array.from({ length: ROUNDS + 1 }, () => {
      const started = watch();
      parseString(source, 3);
      return watch() - started;
    });
    return { ...row, ms: times.slice(1).sort((a, b) => a - b)[ROUNDS >> 1]! };
  } catch (thrown) {
    return { ...row, problem: firstLine(String(thrown)) };
  } finally {
    hooks.deregister();
  }
}

/** Reads each file with each reader; one JSON line per reader. */
const PYTHON = `
import json, statistics, sys, time
watch = time.process_time if sys.argv.pop(1) == "cpu" else time.perf_counter
def measured(reader, what, language, load, path):
    row = {"reader": reader, "what": what, "language": language}
    try:
        read = load()
        text = open(path, encoding="utf8").read()
        times = []
        for _ in range(${ROUNDS + 1}):
            started = watch()
            read(text)
            times.append((watch() - started) * 1000)
        row["ms"] = statistics.median(times[1:])
    except BaseException as problem:
        row["problem"] = type(problem).__name__ + ": " + str(problem)
    print(json.dumps(row), flush=True)
def tree():
    import openqasm3
    return openqasm3.parse
def circuit3():
    import qiskit.qasm3
    return qiskit.qasm3.loads
def circuit2():
    import qiskit.qasm2
    return qiskit.qasm2.loads
measured("openqasm3", "parse", "openqasm3", tree, sys.argv[1])
measured("qiskit.qasm3", "circuit", "openqasm3", circuit3, sys.argv[1])
if len(sys.argv) > 2:
    measured("qiskit.qasm2", "circuit", "openqasm2", circuit2, sys.argv[2])
`;

async function pythonReaders(texts: Texts, isCpu: boolean): Promise<PeerResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'qfs-bench-'));
  try {
    const files = Object.entries(texts).map(([language, text]) => {
      const file = join(directory, `${language}.qasm`);
      writeFileSync(file, text);
      return file;
    });
    const python = process.env.QFS_BENCH_PYTHON ?? 'python3';
    const { stdout } = await promisify(execFile)(python, ['-c', PYTHON, isCpu ? 'cpu' : 'wall', ...files], {
      timeout: PYTHON_MS_MAX,
    });
    const rows = stdout.split('\n').filter((line) => line !== '');
    return rows
      .map((line) => JSON.parse(line) as PeerResult)
      .map((row) => (row.problem === undefined ? row : { ...row, problem: firstLine(row.problem) }));
  } catch (thrown) {
    const problem = firstLine(String(thrown));
    return [{ reader: 'Python', what: 'parse', language: 'openqasm3', problem }];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const firstLine = (text: string): string => text.split('\n')[0]!.slice(0, 80);
