import { createInlineEngine } from '@qfs/simulator/engine';
import type { Driver } from '../contract.ts';
import { createFaultDriver } from '../fault/fault-driver.ts';
import { DriverManager, type DriverMetrics } from '../manager.ts';
import { createSimulatorDriver } from '../simulator/simulator-driver.ts';
import { FakeTime } from './fake-time.ts';

export interface Bench {
  readonly time: FakeTime;
  readonly simulator: Driver;
  readonly fault: Driver;
  readonly manager: DriverManager;
}

/** The local simulator and the scripted faults over it, with time that passes on demand. */
export async function bench(
  options: {
    readonly idempotentSubmission?: boolean;
    readonly metrics?: DriverMetrics;
    readonly slots?: number;
  } = {},
): Promise<Bench> {
  const { idempotentSubmission = true, metrics, slots = 2 } = options;
  const time = new FakeTime();
  const simulator = await createSimulatorDriver({ engine: createInlineEngine(), clock: time, slots });
  const fault = createFaultDriver({ inner: simulator, timers: time, idempotentSubmission });
  const drivers = [simulator, fault];
  const manager = new DriverManager({ drivers, clock: time, timers: time, ...(metrics && { metrics }) });
  return { time, simulator, fault, manager };
}
