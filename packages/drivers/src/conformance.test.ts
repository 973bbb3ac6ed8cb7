import { after, test } from 'node:test';
import { createEngine } from '@qfs/simulator/engine';
import { DRIVER_CONFORMANCE } from './conformance.ts';
import { createEmulatorDriver } from './emulator/emulator-driver.ts';
import { shippedDevices } from './emulator/load-devices.ts';
import { createSimulatorDriver } from './simulator/simulator-driver.ts';
import { BELL } from './testing/bell.ts';
import { bench } from './testing/bench.ts';
import { FakeTime } from './testing/fake-time.ts';

const { fault, simulator } = await bench();
const { fault: forgetful } = await bench({ idempotentSubmission: false });
// The same driver over the engine in its own process, as the platform runs it.
const engine = createEngine({ workers: 1 });
after(() => engine.close());
const supervised = await createSimulatorDriver({ engine, clock: new FakeTime(), slots: 2 });

const time = new FakeTime();
const emulator = await createEmulatorDriver({ engine, clock: time, timers: time, devices: shippedDevices() });

const CANDIDATES = {
  'an emulated device': { driver: emulator, deviceId: 'emulator:line-16', circuit: BELL },
  'the local simulator over the engine process': { driver: supervised, deviceId: 'sim:local', circuit: BELL },
  'the local simulator in this process': { driver: simulator, deviceId: 'sim:local', circuit: BELL },
  'the fault driver': { driver: fault, deviceId: 'fault:ok', circuit: BELL },
  'the fault driver without idempotent submission': {
    driver: forgetful,
    deviceId: 'fault:ok',
    circuit: BELL,
  },
};

for (const [subject, candidate] of Object.entries(CANDIDATES)) {
  for (const { name, run } of DRIVER_CONFORMANCE) test(`${subject}: ${name}`, () => run(candidate));
}
