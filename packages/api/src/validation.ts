import { createHash } from 'node:crypto';
import { type ErrorCode, isErrorCode, QASM_SOURCE_BYTES_MAX, QfsError, VALIDATE_MS_MAX } from '@qfs/core';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { ValidateCircuitRequest, ValidateCircuitResponse } from '@qfs/rpc/internal';
import { diagnosticFromMessage } from '@qfs/rpc/json';
import type { DoorDependencies } from './door.ts';
import type { ProgramDefaults } from './program-defaults.ts';
import type { SubmissionItem } from './submission.ts';

type Compiler = DoorDependencies['compiler'];

/** What the compiler thinks of a program, within the time that a program may take to check. */
export async function validate(
  compiler: Compiler,
  request: Pick<ValidateCircuitRequest, 'language' | 'source' | 'level'> &
    Partial<Pick<ValidateCircuitRequest, 'entrypoint' | 'options'>>,
  context: CallContext,
): Promise<ValidateCircuitResponse> {
  const endMs = performance.now() + VALIDATE_MS_MAX;
  const deadlineMs = Math.min(endMs, context.deadlineMs ?? endMs);
  try {
    return await compiler.validateCircuit(request, callOptions({ ...context, deadlineMs }));
  } catch (thrown) {
    if (!(thrown instanceof QfsError) || thrown.code !== 'DEADLINE_EXCEEDED') throw thrown;
    const message = `The program took longer to check than ${VALIDATE_MS_MAX} ms.`;
    throw new QfsError('VALIDATION_TIMEOUT', message, { cause: thrown });
  }
}

export interface CheckedPrograms {
  /** How many qubits the widest of them acts on; 0 of those that are compiled only to fail. */
  readonly activeQubits: number;
  readonly defaults: ProgramDefaults;
}

/**
 * Checks every program of a submission, equal ones once. A mistake in an Eigen-Lang program is found again
 * by the compiler: the job is accepted, and ends with line and column.
 * @throws QfsError for the first other one that cannot run
 */
export async function checkPrograms(
  compiler: Compiler,
  items: readonly SubmissionItem[],
  context: CallContext,
): Promise<CheckedPrograms> {
  let activeQubits = 0;
  const verdicts = new Map<string, ValidateCircuitResponse>();
  const defaults: Readonly<Record<string, string>>[] = [];
  for (const [index, item] of items.entries()) {
    const field = items.length === 1 ? 'program' : `items[${index}].program`;
    checkProgramSize(item.program, field);
    const { language, program: source, entrypoint = '', compilerOptions: options = {} } = item;
    const digest = createHash('sha256').update(source).digest('hex');
    const key = JSON.stringify([language, entrypoint, options, digest]);
    const request = { language, source, entrypoint, options, level: 'semantic' };
    const verdict = verdicts.get(key) ?? (await validate(compiler, request, context));
    verdicts.set(key, verdict);
    defaults.push(verdict.defaults);
    if (LATER.has(verdict.reason)) continue;
    refuse(verdict, field);
    refuseUnbound(verdict, item, field);
    refuseMisfit(verdict, item, field);
    activeQubits = Math.max(activeQubits, verdict.metrics?.activeQubits ?? 0);
  }
  return { activeQubits, defaults };
}

/** What a job ends with, where other programs are refused. */
const LATER: ReadonlySet<string> = new Set<ErrorCode>([
  'EIGEN_SYNTAX',
  'EIGEN_FORBIDDEN',
  'EIGEN_MEANING',
  'EIGEN_UNSUPPORTED',
]);

export function checkProgramSize(program: Uint8Array, field: string): void {
  if (program.length <= QASM_SOURCE_BYTES_MAX) return;
  throw new QfsError(
    'PAYLOAD_TOO_LARGE',
    `${field} has ${program.length} bytes; at most ${QASM_SOURCE_BYTES_MAX} are allowed.`,
    { violations: [{ field, description: 'is too large' }] },
  );
}

/** Turns the verdict of the compiler on a program that cannot run into an error with its findings. */
function refuse(verdict: ValidateCircuitResponse, field: string): void {
  if (verdict.valid && verdict.executable) return;
  const code = isErrorCode(verdict.reason) ? verdict.reason : 'QASM_SEMANTIC';
  const diagnostics = verdict.diagnostics.map(diagnosticFromMessage);
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const place = first === undefined ? '' : ` Line ${first.line}, column ${first.column}: ${first.message}`;
  throw new QfsError(code, `${field} cannot be run.${place}`, {
    diagnostics,
    violations: [{ field, description: first?.message ?? code }],
  });
}

function refuseUnbound(verdict: ValidateCircuitResponse, item: SubmissionItem, field: string): void {
  const inputs = new Set([...Object.keys(item.inputs ?? {}), ...verdict.valued]);
  const sets = item.parameters ?? [];
  const unbound = (verdict.metrics?.parameters ?? []).filter(
    (name) =>
      !inputs.has(name) &&
      (sets.length === 0 || sets.some(({ values = {} }) => !Object.hasOwn(values, name))),
  );
  if (unbound.length === 0) return;
  const names = unbound.map((name) => `'${name}'`).join(', ');
  throw new QfsError('PARAMETER_UNBOUND', `${field} declares input ${names}, which has no value.`, {
    violations: unbound.map((name) => ({ field, description: `input '${name}' has no value` })),
  });
}

/** An observable that speaks of other qubits than the program has is not accepted only to fail later. */
function refuseMisfit({ metrics }: ValidateCircuitResponse, item: SubmissionItem, field: string): void {
  if (metrics === undefined) return;
  for (const { name = '', terms = [] } of item.observables ?? []) {
    const misfit = terms.find(({ paulis = '' }) => paulis.length !== metrics.qubits);
    if (misfit === undefined) continue;
    const { paulis = '' } = misfit;
    const which = name === '' ? 'An observable' : `The observable '${name}'`;
    const message = `${which} of ${field} has ${paulis.length} letters, but the program has ${metrics.qubits} qubits.`;
    throw new QfsError('OBSERVABLE_INVALID', message, {
      violations: [{ field, description: `the observable '${paulis.slice(0, 80)}' does not fit` }],
    });
  }
}
