import type { Findings } from '../findings.ts';

/** Names of places that are no devices, by how they begin, and why there is no such place. */
const NO_DEVICES: readonly (readonly [RegExp, string])[] = [
  [/^cluster(?::|$)/, 'there are no clusters of workers to cut a job up for'],
  [/^runtime:/, 'no device is chosen for a job; "eigen-cli devices" lists those to choose from'],
];

/** Finds fault with a target that no server has. */
export function checkTarget(target: string | undefined, findings: Findings): string {
  for (const [form, why] of NO_DEVICES) {
    if (target !== undefined && form.test(target)) {
      findings.add('JOB_UNSUPPORTED', 'spec.target', `spec.target is ${target}, which is no device: ${why}`);
    }
  }
  return target ?? '';
}
