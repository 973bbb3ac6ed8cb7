import { aqoDigest, type CompileTarget, type Metrics, metricsOf, type Program, writeAqo } from '@qfs/circuit';
import { type Diagnostic, ok, type Result } from '@qfs/core';
import { Budget } from '@qfs/qasm';
import { readCompileOptions } from './compile-options.ts';
import type { CompileFailure } from './languages.ts';
import { type Making, makeWithin, makingOf, NO_WISH } from './making.ts';
import type { Layout, PassReport } from './passes/contract.ts';
import { writeReport } from './passes/index.ts';
import { type ReadProgram, type ReadRequest, readProgram } from './read-program.ts';
import { writeQasm } from './write-qasm.ts';

export interface CompileRequest extends ReadRequest {
  /** By name, see `COMPILER_OPTIONS`. */
  readonly options?: Readonly<Record<string, string>>;
  /** What the circuit has to keep to; absent: any gate on any qubits. */
  readonly target?: CompileTarget;
}

export interface Compiled {
  /** The canonical AQO document. */
  readonly aqo: Uint8Array;
  /** `sha256:<hex>` of `aqo`. */
  readonly aqoDigest: string;
  /** The compiled circuit as OpenQASM 3. */
  readonly qasm: string;
  readonly program: Program;
  readonly metrics: Metrics;
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
  /** The canonical plan of a hybrid program. */
  readonly plan?: Uint8Array;
  /** What the passes did, in their order; absent where there were none. */
  readonly passes?: readonly PassReport[];
  /** The same as canonical JSON. */
  readonly report?: Uint8Array;
  /** Where the qubits of the program are on the device, when it was laid out on one. */
  readonly layout?: Layout;
}

/** Source to AQO and OpenQASM 3. A pure function: equal requests give equal bytes. */
export function compileSource(request: CompileRequest): Result<Compiled, CompileFailure> {
  const options = readCompileOptions(request.options ?? {});
  if (!options.ok) return options;
  const read = readProgram(request);
  if (!read.ok) return read;
  const { target } = request;
  const wished = target === undefined ? {} : { target: { value: target, key: target.name } };
  return compileProgram(read.value, { options: options.value, ...wished });
}

/** What is made of a program that was read. */
export const compileProgram = (read: ReadProgram, wish = NO_WISH): Result<Compiled, CompileFailure> =>
  compileProgramWithin(new Budget(), read, makingOf(wish, read))!;

/** The same, or undefined if it takes more than the budget. `begin` is told of each stage as it begins. */
export function compileProgramWithin(
  budget: Budget,
  read: ReadProgram,
  making: Making,
  begin?: (stage: 'optimise' | 'write') => void,
): Result<Compiled, CompileFailure> | undefined {
  const made = makeWithin(budget, read.program, making, begin);
  if (made === undefined || !made.ok) return made;
  begin?.('write');
  const { program, passes, layout } = made.value;
  const aqo = writeAqo(program);
  const { plan, diagnostics } = read;
  return ok({
    aqo,
    aqoDigest: aqoDigest(aqo),
    qasm: writeQasm(program),
    program,
    metrics: metricsOf(program),
    diagnostics,
    ...(plan === undefined ? {} : { plan: plan.bytes }),
    ...(passes === undefined
      ? {}
      : { passes, report: writeReport(making.level, making.target, { passes, ...(layout && { layout }) }) }),
    ...(layout === undefined ? {} : { layout }),
  });
}
