import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VALIDATE_MS_MAX } from '@qfs/core';
import { failureKind } from './failure.ts';
import type { FuzzOptions } from './main.ts';
import type { ChildLine } from './qasm-child.ts';
import { QasmInputs } from './qasm-inputs.ts';
import { seeds } from './qasm-seeds.ts';
import { runWatched } from './runner.ts';
import { shrink } from './shrink.ts';

const CHILD = new URL('./qasm-child.ts', import.meta.url);
/** Inputs of one process; a new one begins with fresh memory. */
const INPUTS_PER_CHILD = 5_000;
/** Far more than an input may take, on a busy machine; processor time is measured where it is tried. */
const SILENCE_MS_MAX = 6 * VALIDATE_MS_MAX;
/** Time to make a program that ends its process smaller. */
const SHRINK_MS_MAX = 120_000;
const PROGRESS_MS = 30_000;
/** Different failures after which nobody reads on. */
const FAILURES_MAX = 10;

/** Fuzzes everything that reads OpenQASM 3. */
export async function fuzz(options: FuzzOptions, say: (line: string) => void): Promise<number> {
  const run = new Run(options, say);
  await run.toEnd();
  return run.failures.size;
}

class Run {
  readonly #options: FuzzOptions;
  readonly #say: (line: string) => void;
  readonly #started = performance.now();
  readonly #inputs: QasmInputs;
  readonly #folder: string;
  /** Where the smallest program that shows a failure lies, by kind of failure. */
  readonly failures = new Map<string, string>();
  readonly #outcomes = { runs: 0, valid: 0, refused: 0 };
  #tried = 0;
  #slowest = { at: 0, ms: 0 };
  #rssMib = 0;
  #lastProgress = performance.now();

  constructor(options: FuzzOptions, say: (line: string) => void) {
    this.#options = options;
    this.#say = say;
    this.#inputs = new QasmInputs(options.seed, seeds());
    this.#folder = join(tmpdir(), `qfs-fuzz-${options.seed}`);
  }

  async toEnd(): Promise<void> {
    const { inputs, seed } = this.#options;
    this.#say(`fuzz qasm, seed ${seed}`);
    for (let from = 0; from < inputs && !this.#isOver(); ) {
      from = await this.#batch(from, Math.min(from + INPUTS_PER_CHILD, inputs));
    }
    this.#say(this.#summary());
  }

  #isOver(): boolean {
    const seconds = (performance.now() - this.#started) / 1000;
    return seconds >= this.#options.seconds || this.failures.size >= FAILURES_MAX;
  }

  /** Tries inputs in a new process; gives the first one that was not tried. */
  async #batch(from: number, to: number): Promise<number> {
    let at = from;
    const failed: { readonly at: number; readonly failure: string }[] = [];
    const leftMs = this.#options.seconds * 1000 - (performance.now() - this.#started);
    const args = [this.#options.seed, from, to, leftMs].map(String);
    const { ending, errors } = await runWatched(CHILD, args, SILENCE_MS_MAX, (text) => {
      const line = JSON.parse(text) as ChildLine;
      at = line.at;
      if ('failure' in line) failed.push(line);
      if ('outcome' in line) this.#note(line);
    });
    for (const { at: index, failure } of failed) await this.#keep(index, failure, true);
    if (ending !== 'done') await this.#keep(at, describe(ending, errors), false);
    return at + 1;
  }

  #note({ at, outcome, ms, rssMib }: Extract<ChildLine, { readonly outcome: unknown }>): void {
    this.#outcomes[outcome] += 1;
    this.#tried += 1;
    this.#rssMib = Math.max(this.#rssMib, rssMib);
    if (ms > this.#slowest.ms) this.#slowest = { at, ms };
    if (performance.now() - this.#lastProgress < PROGRESS_MS) return;
    this.#lastProgress = performance.now();
    this.#say(this.#summary());
  }

  /** Writes an input that failed, made smaller, to a file, once per kind of failure. */
  async #keep(at: number, failure: string, isThrown: boolean): Promise<void> {
    this.#tried += 1;
    const kind = failureKind(failure);
    if (this.failures.has(kind)) return;
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, `${at}.qasm`);
    const bytes = this.#inputs.at(at);
    writeFileSync(path, bytes);
    this.failures.set(kind, path);
    this.#say(
      `FAIL input ${at} of seed ${this.#options.seed}: ${failure}\n     ${path} (${bytes.length} bytes)`,
    );
    const smaller = join(this.#folder, `${at}.small.qasm`);
    if (isThrown) await runWatched(CHILD, [path, smaller], SILENCE_MS_MAX, () => {});
    else await shrinkFatal(bytes, smaller);
    this.#say(`     ${smaller}: ${JSON.stringify(readFileSync(smaller, 'utf8').slice(0, 400))}`);
  }

  #summary(): string {
    const seconds = (performance.now() - this.#started) / 1000;
    const { runs, valid, refused } = this.#outcomes;
    return (
      `${this.#tried} inputs in ${seconds.toFixed(0)} s: ${runs} run, ${valid} are valid, ${refused} refused; ` +
      `slowest ${this.#slowest.ms} ms (input ${this.#slowest.at}), at most ${this.#rssMib} MiB; ` +
      `${this.failures.size} failures`
    );
  }
}

function describe(ending: 'hang' | 'crash', errors: string): string {
  if (ending === 'hang') return `no end within ${SILENCE_MS_MAX} ms`;
  const reason = /^(?:.*(?:FATAL ERROR|Error).*)$/m.exec(errors)?.[0] ?? errors.slice(-200);
  return `the process ended: ${reason}`;
}

/** Makes a program smaller that ends its process, with a process for each try. */
async function shrinkFatal(bytes: Uint8Array, path: string): Promise<void> {
  const fails = async (candidate: string): Promise<boolean> => {
    writeFileSync(path, candidate, 'latin1');
    return (await runWatched(CHILD, [path], SILENCE_MS_MAX, () => {})).ending !== 'done';
  };
  const end = performance.now() + SHRINK_MS_MAX;
  const text = await shrink(Buffer.from(bytes).toString('latin1'), fails, () => performance.now() > end);
  writeFileSync(path, text, 'latin1');
}
