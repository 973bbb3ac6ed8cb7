import { type CompileTarget, writeTarget } from '@qfs/circuit';
import {
  type Codec,
  DocumentFault,
  integer,
  list,
  optional,
  Reader,
  required,
  type Schema,
  struct,
  text,
} from '@qfs/circuit/codec';
import { DEVICE_QUBITS_MAX, err, ok, QfsError, type Result } from '@qfs/core';
import { digestOf, utf8 } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';
import type { CircuitSize, Layout, OptimisationLevel, OptimisedProgram, PassReport } from './contract.ts';

/** What the passes did to a circuit: `compile.json` of a job. It says nothing that could differ from run to run. */
export interface CompileReport {
  readonly level: number;
  /** The device, and the digest of its target document. */
  readonly target?: string;
  readonly targetDigest?: string;
  readonly passes: readonly PassReport[];
  readonly layout?: Layout;
}

const COUNT_MAX = Number.MAX_SAFE_INTEGER;
const count = integer(0, COUNT_MAX);
const name = text(/^[^\p{Cc}]{1,128}$/u, 'a name');

const SIZE: Codec<CircuitSize> = struct<CircuitSize>({
  depth: required('depth', count),
  gates: required('gates', count),
  twoQubitGates: required('two_qubit_gates', count),
});

const places = list(integer(0, DEVICE_QUBITS_MAX - 1));

const REPORT: Codec<CompileReport> = struct<CompileReport>(
  {
    level: required('optimization_level', integer(0, 3)),
    target: optional('target', name),
    targetDigest: optional('target_digest', text(/^sha256:[0-9a-f]{64}$/, 'a digest')),
    passes: required(
      'passes',
      list(
        struct<PassReport>({
          pass: required('pass', name),
          before: required('before', SIZE),
          after: required('after', SIZE),
        }),
      ),
    ),
    layout: optional(
      'layout',
      struct<Layout>({ initial: required('initial', places), final: required('final', places) }),
    ),
  },
  { version: '1.0' },
);

/** JSON Schema of a report, published as `docs/reference/compile-report.schema.json`. */
export const reportSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'What the compiler did with a circuit',
  ...REPORT.schema,
});

/** Canonical bytes: equal compilations give equal reports. */
export const writeReport = (
  level: OptimisationLevel,
  target: CompileTarget | undefined,
  { passes, layout }: Pick<OptimisedProgram, 'passes' | 'layout'>,
): Uint8Array =>
  utf8(
    REPORT.write({
      level,
      passes,
      ...(target && { target: target.name, targetDigest: digestOf(writeTarget(target)) }),
      ...(layout && { layout }),
    }),
  );

/** Reads a report; RESULT_INCOMPLETE names the first place that is not as it must be. */
export function readReport(bytes: Uint8Array): Result<CompileReport, QfsError> {
  const json = parseJson(bytes);
  if (!json.ok) return unreadable(json.error.message);
  try {
    return ok(REPORT.read(json.value, new Reader(1)));
  } catch (fault) {
    if (fault instanceof DocumentFault) return unreadable(fault.message);
    throw fault;
  }
}

const unreadable = (problem: string): Result<never, QfsError> =>
  err(new QfsError('RESULT_INCOMPLETE', `compile.json cannot be read: ${problem}.`));
