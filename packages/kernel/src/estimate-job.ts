import { type CallContext, callOptions } from '@qfs/rpc';
import { compileSources } from './pipeline/compile-job.ts';
import { HybridJob, isHybrid } from './pipeline/hybrid-job.ts';
import type { PipelineRooms } from './pipeline/rooms.ts';
import { executionItems } from './pipeline/submit-job.ts';
import { type JobRequest, totalShots } from './spec/job-spec.ts';

/**
 * What a job would need and cost: it is compiled and shown to its device, and nothing is kept. Of a hybrid
 * program it is what the evaluation at the end needs.
 * @throws QfsError whatever would keep the job from running there
 */
export async function estimateJob(rooms: PipelineRooms, context: CallContext, request: JobRequest) {
  const { devices, drivers } = rooms;
  const { spec, target, seed = 0 } = request;
  await devices.admit(target, request.activeQubits, context);
  const device = await devices.find(target, context);
  const compiled = await compileSources(rooms, context, spec, request.programs, device.compileTarget);
  const circuits = device.takesText ? compiled.texts : compiled.circuits;
  const items = isHybrid(compiled)
    ? [...new HybridJob({ spec, seed, device }, compiled).preview(circuits)]
    : executionItems(spec, circuits, seed, compiled.items);
  const { method, memoryBytes, cost, costUnit } = await drivers.estimateExecution(
    { deviceId: target, items, options: { ...spec.options } },
    callOptions(context),
  );
  return { target, shots: BigInt(totalShots(spec.items)), method, memoryBytes, cost, costUnit };
}
