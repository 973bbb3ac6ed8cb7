import { orderCounts, readResults } from '@qfs/circuit';
import { type CallContext, callOptions } from '@qfs/rpc';
import type { DoorDependencies } from './door.ts';

/** The bytes of `results.json`, as they are stored. */
export async function resultBytes(
  { qfs }: Pick<DoorDependencies, 'qfs'>,
  jobId: string,
  context: CallContext,
): Promise<Uint8Array> {
  return (await qfs.retrieveArtifact({ jobId, name: 'results.json' }, callOptions(context))).data;
}

/** Counts of the first parameter set of the first item, in the order of every door. */
export function firstCounts(bytes: Uint8Array): Map<string, number> {
  const results = readResults(bytes);
  if (!results.ok) throw results.error;
  return orderCounts(results.value.items[0]?.results[0]?.counts ?? new Map());
}

/** One artifact of a job. Where it cannot be had, a job that is not there is said first. */
export async function readArtifact(
  { kernel, qfs }: Pick<DoorDependencies, 'kernel' | 'qfs'>,
  jobId: string,
  name: string,
  context: CallContext,
) {
  const options = callOptions(context);
  try {
    return await qfs.retrieveArtifact({ jobId, name }, options);
  } catch (thrown) {
    await kernel.getJobStatus({ jobId }, options);
    throw thrown;
  }
}
