import type { Observable } from '@qfs/circuit';
import {
  type Codec,
  checked,
  DocumentFault,
  finite,
  integer,
  list,
  number,
  oneOf,
  optional,
  Reader,
  required,
  type Schema,
  struct,
  text,
} from '@qfs/circuit/codec';
import {
  CIRCUIT_QUBITS_MAX,
  err,
  HYBRID_ITERATIONS_MAX,
  HYBRID_PARAMETERS_MAX,
  HYBRID_TERMS_MAX,
  ok,
  QfsError,
  type Result,
} from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';
import { METHODS, type MethodName } from '@qfs/optimise';
import { type PlanValue, planValue } from './plan-value.ts';

/** The search that the kernel runs. */
export interface PlannedMinimisation {
  readonly method: MethodName;
  /** One per parameter of the plan, in their order. */
  readonly start: readonly number[];
  readonly iterationsMax?: number;
  readonly tolerance?: number;
}

/**
 * What a hybrid program asks for beside its circuit; kept as `plan.json` next to the compiled circuit. The
 * circuit is compiled once; every evaluation binds its inputs.
 */
export interface HybridPlan {
  readonly entrypoint: string;
  /** The inputs of the circuit, in the order of their declarations. */
  readonly parameters: readonly { readonly name: string; readonly initial?: number }[];
  /** What is minimised, or evaluated once where nothing is minimised. Letters are of the program's qubits. */
  readonly observable?: Observable;
  readonly minimisation?: PlannedMinimisation;
  /** What the program returns. */
  readonly outputs?: PlanValue;
}

const label = text(/^[^\p{Cc}]{0,255}$/u, 'a name of at most 255 characters');

const OBSERVABLE: Codec<Observable> = struct<Observable>({
  name: optional('name', label),
  terms: required(
    'terms',
    list(
      struct<Observable['terms'][number]>({
        coefficient: required('coefficient', finite),
        paulis: required(
          'paulis',
          text(new RegExp(`^[IXYZ]{1,${CIRCUIT_QUBITS_MAX}}$`), 'a string of the letters I, X, Y and Z'),
        ),
      }),
      0,
      HYBRID_TERMS_MAX,
    ),
  ),
});

const PLAN: Codec<HybridPlan> = checked(
  struct<HybridPlan>(
    {
      entrypoint: required('entrypoint', label),
      parameters: required(
        'parameters',
        list(
          struct<HybridPlan['parameters'][number]>({
            name: required('name', label),
            initial: optional('initial', finite),
          }),
          0,
          HYBRID_PARAMETERS_MAX,
        ),
      ),
      observable: optional('observable', OBSERVABLE),
      minimisation: optional(
        'minimisation',
        struct<PlannedMinimisation>({
          method: required('method', oneOf(Object.keys(METHODS) as MethodName[])),
          start: required('start', list(finite, 1, HYBRID_PARAMETERS_MAX)),
          iterationsMax: optional('iterations_max', integer(1, HYBRID_ITERATIONS_MAX)),
          tolerance: optional('tolerance', number(Number.MIN_VALUE, Number.MAX_VALUE)),
        }),
      ),
      outputs: optional('outputs', planValue),
    },
    { version: '1.0' },
  ),
  faultOf,
);

/** What members of a plan say of each other. */
function faultOf({ parameters, observable, minimisation }: HybridPlan): string | undefined {
  const names = new Set(parameters.map(({ name }) => name));
  if (names.size < parameters.length) return 'two parameters have the same name';
  const letters = observable?.terms[0]?.paulis.length;
  if (observable?.terms.some(({ paulis }) => paulis.length !== letters)) {
    return 'the terms of the observable have different numbers of letters';
  }
  if (minimisation === undefined) return undefined;
  if (observable === undefined) return 'there is nothing to minimise: the observable is missing';
  if (minimisation.start.length !== parameters.length) {
    return `there are ${minimisation.start.length} start values for ${parameters.length} parameters`;
  }
  return undefined;
}

/** Canonical bytes (RFC 8785): equal plans give equal bytes. */
export const writePlan = (plan: HybridPlan): Uint8Array => utf8(PLAN.write(plan));

/** Reads a plan; PLAN_INVALID names the first place that is not as it must be. */
export function readPlan(bytes: Uint8Array): Result<HybridPlan, QfsError> {
  const json = parseJson(bytes);
  if (!json.ok) return invalid(json.error.message);
  try {
    return ok(PLAN.read(json.value, new Reader(1)));
  } catch (fault) {
    if (fault instanceof DocumentFault) return invalid(fault.message);
    throw fault;
  }
}

const invalid = (problem: string): Result<never, QfsError> =>
  err(new QfsError('PLAN_INVALID', `The plan cannot be used: ${problem}.`));

/** JSON Schema (2020-12) of `plan.json`. */
export const planSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:qfs:plan:1.0',
  title: 'Plan of a hybrid program',
  ...PLAN.schema,
});
