import type { DocumentItem, WorkloadKind } from '../contract.ts';
import type { Findings } from '../findings.ts';
import type { ValueOf } from '../shapes/shape.ts';
import type { WORKLOAD } from '../versions/shapes.ts';

export type Workload = ValueOf<typeof WORKLOAD>;

/** Repetitions of a benchmark that does not say how many. */
const REPETITIONS_DEFAULT = 2;

/** The items of a job of this kind: those of a benchmark stand there as often as they are run. */
export function itemsOfWorkload(
  workload: Workload | undefined,
  items: readonly DocumentItem[],
  isListed: boolean,
  findings: Findings,
): readonly DocumentItem[] {
  const path = 'spec.workload.repetitions';
  if (workload?.kind !== 'BenchmarkJob') {
    if (workload?.repetitions !== undefined) {
      findings.add(
        'JOB_CONFLICT',
        path,
        `${path} is for a BenchmarkJob alone`,
        'Leave it out, or change the kind.',
      );
    }
    return items;
  }
  if (!isListed) return Array.from({ length: workload.repetitions ?? REPETITIONS_DEFAULT }, () => items[0]!);
  if (workload.repetitions !== undefined) {
    findings.add(
      'JOB_CONFLICT',
      path,
      `${path} is given, and so is spec.items`,
      'Give spec.program for one circuit.',
    );
  }
  return items;
}

/** What members of a workload say of the rest of the document. */
export function checkWorkload(
  workload: Workload | undefined,
  { seed, target }: { readonly seed: number | undefined; readonly target: string | undefined },
  findings: Findings,
): WorkloadKind {
  if (workload === undefined) return 'QuantumJob';
  const { backend_target: backend, kind = 'QuantumJob' } = workload;
  if (backend !== undefined && target !== undefined && backend !== target) {
    const path = 'spec.workload.backend_target';
    findings.add(
      'JOB_CONFLICT',
      path,
      `${path} is ${backend}, but spec.target is ${target}`,
      'Keep spec.target.',
    );
  }
  if (kind === 'BenchmarkJob' && seed === undefined) {
    const path = 'spec.workload.seed';
    findings.add(
      'JOB_KEY_MISSING',
      path,
      `${path} is missing`,
      'A BenchmarkJob compares counts, which equal seeds alone make equal.',
    );
  }
  return kind;
}
