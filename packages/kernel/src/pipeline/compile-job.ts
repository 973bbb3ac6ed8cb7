import { type Diagnostic, isErrorCode, QfsError } from '@qfs/core';
import { digestOf, utf8 } from '@qfs/core/exact';
import { type HybridPlan, planOfCircuit, readPlan, writePlan } from '@qfs/hybrid';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { Diagnostic as DiagnosticMessage, InputValue } from '@qfs/rpc/api';
import { CircuitFormat, type CircuitPayload, type CompiledItem } from '@qfs/rpc/internal';
import type { KernelOptions } from '../options.ts';
import { type InputSpec, type ItemSpec, itemArtifact, type JobSpec } from '../spec/job-spec.ts';
import type { NewArtifact } from './artifacts.ts';

/** A compiled circuit as a device gets it. */
export type Circuit = Pick<CircuitPayload, 'format' | 'data'>;

/** The compiled batch: what the device gets, and what is kept. */
export interface CompiledJob {
  readonly circuits: readonly Circuit[];
  /** The same circuits as OpenQASM 3, for devices that do not take AQO. */
  readonly texts: readonly Circuit[];
  readonly artifacts: readonly NewArtifact[];
  /** What else was found of each item, in order. */
  readonly items: readonly CompiledFacts[];
  /** Over the AQO digests of all items in order: equal programs give equal digests. */
  readonly digest: string;
  readonly bytes: number;
}

/** What a compilation says of an item beside its circuit. */
export interface CompiledFacts {
  /** Of a hybrid program. */
  readonly plan?: HybridPlan;
  /** The device's qubit where each qubit of the program ends; empty: the same. */
  readonly finalLayout: readonly number[];
  readonly qubits: number;
}

/** Items of a job up to which the reports of their passes are kept: the log names every artifact. */
const REPORTED_ITEMS_MAX = 256;

type Rooms = Pick<KernelOptions, 'compiler' | 'qfs'>;

/**
 * Compiles every item in one call. Nothing is kept unless all of them compile.
 * @throws QfsError with the reason and diagnostics of the first item that does not compile.
 */
export async function compileJob(
  { compiler, qfs }: Rooms,
  context: CallContext,
  jobId: string,
  spec: JobSpec,
  compileTarget: Uint8Array,
): Promise<CompiledJob> {
  const options = callOptions(context);
  const sources = await Promise.all(
    spec.items.map(
      async ({ program }) => (await qfs.retrieveArtifact({ jobId, name: program }, options)).data,
    ),
  );
  return compileSources({ compiler }, context, spec, sources, compileTarget);
}

/** Compiles the programs of a job, given in the order of its items, for what a device can do. */
export async function compileSources(
  { compiler }: Pick<KernelOptions, 'compiler'>,
  context: CallContext,
  spec: JobSpec,
  sources: readonly Uint8Array[],
  compileTarget: Uint8Array,
): Promise<CompiledJob> {
  const { items } = await compiler.compileBatch(
    {
      items: spec.items.map((item, index) => ({
        language: item.language,
        source: sources[index] ?? new Uint8Array(),
        options: { ...item.compilerOptions },
        inputs: inputMessages(item.inputs),
        entrypoint: item.entrypoint,
        target: keepsTarget(item) ? compileTarget : new Uint8Array(),
      })),
    },
    callOptions(context),
  );
  if (items.length !== spec.items.length) {
    throw new QfsError('INTERNAL', `The compiler answered ${items.length} of ${spec.items.length} items.`);
  }
  const compiled = gather(items, spec);
  if (compileTarget.length === 0 || !spec.items.some(keepsTarget)) return compiled;
  const target = { name: 'target.json', type: 'target', data: compileTarget };
  return { ...compiled, artifacts: [...compiled.artifacts, target] };
}

/** A job may have its circuits left as they are. */
const keepsTarget = ({ compilerOptions }: ItemSpec): boolean => compilerOptions.target !== 'none';

export const inputMessages = (
  inputs: Readonly<Record<string, InputSpec>>,
): Record<string, { value: InputValue['value'] }> =>
  Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, { value: inputMessage(input) }]));

function inputMessage(input: InputSpec): InputValue['value'] {
  if ('integer' in input) return { case: 'integer', value: BigInt(input.integer) };
  if ('boolean' in input) return { case: 'boolean', value: input.boolean };
  if ('bits' in input) return { case: 'bits', value: input.bits };
  return { case: 'number', value: input.number };
}

/**
 * The circuits of items, in both forms that devices take.
 * @throws QfsError with the reason and diagnostics of the first item that does not compile
 */
export function circuitsOf(items: readonly CompiledItem[]): {
  readonly circuits: readonly Circuit[];
  readonly texts: readonly Circuit[];
} {
  const circuits = items.map((item, index) => {
    if (item.reason !== '' || item.circuit === undefined) throw compileError(item, index, items.length);
    return item.circuit;
  });
  return { circuits, texts: items.map(({ qasm: data }) => ({ format: CircuitFormat.QASM3_TEXT, data })) };
}

function gather(items: readonly CompiledItem[], spec: JobSpec): CompiledJob {
  const { circuits, texts } = circuitsOf(items);
  const artifacts: NewArtifact[] = [];
  const facts: CompiledFacts[] = [];
  for (const [index, item] of items.entries()) {
    const name = (base: string): string => itemArtifact(base, index, items.length);
    artifacts.push({ name: name('compiled.aqo.json'), type: 'aqo', data: circuits[index]!.data });
    artifacts.push({ name: name('compiled.qasm'), type: 'qasm', data: item.qasm });
    if (item.report.length > 0 && items.length <= REPORTED_ITEMS_MAX) {
      artifacts.push({ name: name('compile.json'), type: 'report', data: item.report });
    }
    const plan = planOf(item) ?? planOfCircuit(spec.metadata.estimator, spec.items[index]!);
    if (plan !== undefined) {
      artifacts.push({ name: name('plan.json'), type: PLAN_TYPE, data: writePlan(plan) });
    }
    facts.push({
      finalLayout: item.finalLayout,
      qubits: item.metrics?.qubits ?? 0,
      ...(plan === undefined ? {} : { plan }),
    });
  }
  const aqoDigests = items.map(({ aqoDigest }) => aqoDigest);
  return {
    circuits,
    texts,
    artifacts,
    items: facts,
    digest: digestOf(utf8(aqoDigests.join('\n'))),
    bytes: artifacts.reduce((sum, { data }) => sum + data.length, 0),
  };
}

/** The type of the artifacts that make a job a hybrid one. */
export const PLAN_TYPE = 'plan';

function planOf({ plan }: CompiledItem): HybridPlan | undefined {
  if (plan.length === 0) return undefined;
  const read = readPlan(plan);
  if (!read.ok) throw read.error;
  return read.value;
}

function compileError(item: CompiledItem, index: number, itemCount: number): QfsError {
  const code = isErrorCode(item.reason) ? item.reason : 'INTERNAL';
  const diagnostics = item.diagnostics.map(diagnosticOf);
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const place = itemCount === 1 ? '' : `Item ${index}: `;
  const message = item.message || first?.message || 'The program did not compile.';
  return new QfsError(code, `${place}${message}`, { diagnostics });
}

function diagnosticOf(message: DiagnosticMessage): Diagnostic {
  const { code, line, column, endLine, endColumn, hint, related } = message;
  return {
    code,
    severity: message.severity === 'warning' || message.severity === 'note' ? message.severity : 'error',
    message: message.message,
    line,
    column,
    end_line: endLine,
    end_column: endColumn,
    ...(hint === '' ? {} : { hint }),
    ...(related.length === 0
      ? {}
      : {
          related: related.map((place) => ({
            message: place.message,
            line: place.line,
            column: place.column,
          })),
        }),
  };
}
