import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { failureKind, failureText } from './failure.ts';
import { checkQasm, type Outcome } from './qasm-check.ts';
import { QasmInputs } from './qasm-inputs.ts';
import { seeds } from './qasm-seeds.ts';
import { shrink } from './shrink.ts';

/** Time to make a program that fails smaller. */
const SHRINK_MS_MAX = 20_000;
/** Resident memory of this process, in MiB: its heap and what lies outside of it. */
const RSS_MIB_MAX = 1_536;

/**
 * Tries inputs, in a process that may end at any of them: `SEED FROM TO MILLISECONDS`, or `FILE`, or `FILE SMALLER` to write
 * the smallest program that fails alike. It writes one line before each input
 * and one behind it, at once, so that the line of the input that ended it is the last.
 */
export type ChildLine =
  | { readonly at: number }
  | { readonly at: number; readonly outcome: Outcome; readonly ms: number; readonly rssMib: number }
  | { readonly at: number; readonly failure: string };

const write = (line: ChildLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);

/** Tries one input. Says whether this process may try another: memory that was taken once stays taken. */
function attempt(at: number, bytes: Uint8Array): boolean {
  write({ at });
  const started = performance.now();
  let outcome: Outcome;
  try {
    outcome = checkQasm(bytes);
  } catch (thrown) {
    write({ at, failure: failureText(thrown) });
    return true;
  }
  const ms = Math.round(performance.now() - started);
  const rssMib = Math.round(process.resourceUsage().maxRSS / 1024);
  const isWithin = rssMib <= RSS_MIB_MAX;
  write(isWithin ? { at, outcome, ms, rssMib } : { at, failure: `the process needed ${rssMib} MiB` });
  return isWithin;
}

function failureOf(bytes: Uint8Array): string | undefined {
  try {
    checkQasm(bytes);
    return undefined;
  } catch (thrown) {
    return failureKind(failureText(thrown));
  }
}

async function makeSmaller(from: string, to: string): Promise<void> {
  const bytes = readFileSync(from);
  const failure = failureOf(bytes);
  const fails = (candidate: string): boolean => {
    write({ at: 0 });
    return failureOf(Buffer.from(candidate, 'latin1')) === failure;
  };
  const isOver = (): boolean => performance.now() > SHRINK_MS_MAX;
  writeFileSync(to, await shrink(bytes.toString('latin1'), fails, isOver), 'latin1');
}

const [first = '', second, to, milliseconds] = process.argv.slice(2);
if (second === undefined) attempt(0, readFileSync(first));
else if (to === undefined) await makeSmaller(first, second);
else {
  const inputs = new QasmInputs(Number(first), seeds());
  for (let at = Number(second); at < Number(to) && performance.now() < Number(milliseconds); at++) {
    if (!attempt(at, inputs.at(at))) break;
  }
}
