import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Program } from '@qfs/circuit';
import { writeOpenQasm2, writeQasm } from '@qfs/compiler';
import type { Lattice } from './couplings.ts';

/** What is counted of a compiled circuit, and how long compiling took. */
export interface Compilation {
  readonly depth: number;
  readonly two_qubit_gates: number;
  readonly two_qubit_depth: number;
  readonly ms: number;
}
type Answer = Compilation | { readonly problem: string };

export interface Task {
  readonly program: Program;
  readonly lattice: Lattice;
  readonly basis: readonly string[];
}

const PACKAGES = ['qiskit==2.6.2', 'qiskit-qasm3-import==0.6.0', 'pytket==2.18.5'];
const INSTALL_MS_MAX = 600_000;
const SCRIPT = fileURLToPath(new URL('./peers.py', import.meta.url));

/**
 * The Python `QFS_BENCH_PYTHON`, or that of an environment in the temporary directory, which is made and filled when
 * it is not there. Undefined, with the reason said, where packages cannot be had.
 */
async function pythonWithPackages(say: (line: string) => void): Promise<string | undefined> {
  if (process.env.QFS_BENCH_PYTHON !== undefined) return process.env.QFS_BENCH_PYTHON;
  const home = join(tmpdir(), 'qfs-bench-compilers');
  const python = join(home, 'bin', 'python');
  const done = join(home, 'filled');
  if (existsSync(done)) return python;
  say(`Installing ${PACKAGES.join(', ')} into ${home}; QFS_BENCH_PYTHON names a Python that has them.`);
  const run = promisify(execFile);
  try {
    await run('python3', ['-m', 'venv', home], { timeout: INSTALL_MS_MAX });
    await run(python, ['-m', 'pip', 'install', '-q', ...PACKAGES], { timeout: INSTALL_MS_MAX });
    writeFileSync(done, '');
    return python;
  } catch (thrown) {
    say(`Other compilers are left out: ${String(thrown).split('\n')[0]}`);
    return undefined;
  }
}

/** Other compilers in a process of their own, asked in turn with ours. */
export class Peers {
  /** By name; none where Python or the packages are not there. */
  readonly versions: Readonly<Record<string, string>>;
  readonly #child: ChildProcess | undefined;
  readonly #lines: AsyncIterator<string> | undefined;
  readonly #directory: string | undefined;

  private constructor(
    versions: Readonly<Record<string, string>>,
    process?: { child: ChildProcess; lines: AsyncIterator<string> },
  ) {
    this.versions = versions;
    this.#child = process?.child;
    this.#lines = process?.lines;
    this.#directory = process === undefined ? undefined : mkdtempSync(join(tmpdir(), 'qfs-bench-'));
  }

  static async start(isCpu: boolean, say: (line: string) => void): Promise<Peers> {
    const python = await pythonWithPackages(say);
    if (python === undefined) return new Peers({});
    const child = spawn(python, [SCRIPT, isCpu ? 'cpu' : 'wall'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const reader: Interface = createInterface({ input: child.stdout });
    const lines = reader[Symbol.asyncIterator]();
    const first = await Promise.race([
      lines.next(),
      new Promise<undefined>((resolve) => child.once('error', () => resolve(undefined))),
    ]);
    if (first === undefined || first.done === true) {
      say(`Other compilers are left out: ${python} does not run.`);
      return new Peers({});
    }
    return new Peers(JSON.parse(first.value) as Record<string, string>, { child, lines });
  }

  /** Undefined where the compiler is not there, or cannot do it. */
  async compile(tool: 'qiskit' | 'pytket', level: number, task: Task): Promise<Answer> {
    if (this.versions[tool] === undefined) return { problem: 'not installed' };
    const { program, lattice, basis } = task;
    const older = writeOpenQasm2(program);
    if (!older.ok && tool === 'pytket') return { problem: 'has no inputs' };
    const [language, text] = older.ok ? ['openqasm2', older.value.text] : ['openqasm3', writeQasm(program)];
    mkdirSync(this.#directory!, { recursive: true });
    const file = join(this.#directory!, `${language}.qasm`);
    writeFileSync(file, text);
    const request = {
      file,
      language,
      qubits: lattice.qubits,
      pairs: lattice.pairs ?? null,
      basis,
      tool,
      level,
    };
    this.#child!.stdin!.write(`${JSON.stringify(request)}\n`);
    const answer = await this.#lines!.next();
    return answer.done === true ? { problem: 'ended' } : (JSON.parse(answer.value) as Answer);
  }

  end(): void {
    this.#child?.stdin?.end();
    if (this.#directory !== undefined) rmSync(this.#directory, { recursive: true, force: true });
  }
}
