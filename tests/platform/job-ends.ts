import { createClient } from '@qfs/client';

export interface JobEnds {
  readonly accepted: ReadonlyMap<string, number>;
  readonly finished: ReadonlyMap<string, number>;
}

/** How often each job was accepted and ended in the log. */
export async function jobEnds(grpc: string): Promise<JobEnds> {
  const client = createClient({ endpoint: grpc });
  const [accepted, finished] = [new Map<string, number>(), new Map<string, number>()];
  for await (const entry of client.log.read({ from: 1n, types: ['JOB_ACCEPTED', 'JOB_FINISHED'] })) {
    const { job_id: id } = JSON.parse(entry.bodyJson) as { job_id: string };
    const counts = entry.type === 'JOB_ACCEPTED' ? accepted : finished;
    // A second end may have been proposed by nobody: not even one that was refused.
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  client.close();
  return { accepted, finished };
}
