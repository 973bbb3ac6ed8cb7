import { CountedObjective, layOut } from '@qfs/hybrid';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { DeviceFacts } from '../devices.ts';
import type { KernelOptions } from '../options.ts';
import { type Circuit, type CompiledJob, circuitsOf } from './compile-job.ts';

/** How the objective of an item is found on a device that counts and nothing more. */
export interface CountedCircuits {
  readonly objective: CountedObjective;
  /** Its circuits, as the device takes them. */
  readonly circuits: readonly Circuit[];
}

/**
 * Makes the circuits that measure the objectives of a job, group by group of their terms. They are a function
 * of the compiled circuits, so nothing of them is kept.
 * @returns per item; undefined where there is no objective
 */
export async function countedCircuits(
  { compiler }: Pick<KernelOptions, 'compiler'>,
  context: CallContext,
  { circuits, items }: CompiledJob,
  device: DeviceFacts,
): Promise<readonly (CountedCircuits | undefined)[]> {
  const objectives = items.map(({ plan, finalLayout, qubits }, index) => {
    if (plan?.observable === undefined) return undefined;
    const { observable } = plan;
    const placed = finalLayout.length === 0 ? observable : layOut(observable, finalLayout, qubits);
    return new CountedObjective(circuits[index]!.data, placed);
  });
  const sources = objectives.flatMap((objective) => objective?.circuits ?? []);
  if (sources.length === 0) return objectives.map(() => undefined);
  const compiled = await compiler.compileBatch(
    {
      items: sources.map((source) => ({
        language: 'aqo',
        source,
        options: {},
        inputs: {},
        entrypoint: '',
        target: device.compileTarget,
      })),
    },
    callOptions(context),
  );
  const made = circuitsOf(compiled.items);
  const ofDevice = device.takesText ? made.texts : made.circuits;
  let at = 0;
  return objectives.map((objective) => {
    if (objective === undefined) return undefined;
    const own = ofDevice.slice(at, at + objective.circuits.length);
    at += own.length;
    return { objective, circuits: own };
  });
}
