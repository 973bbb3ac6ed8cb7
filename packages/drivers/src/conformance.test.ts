import { test } from 'node:test';
import { DRIVER_CONFORMANCE } from './conformance.ts';
import { BELL } from './testing/bell.ts';
import { bench } from './testing/bench.ts';

const { fault, simulator } = await bench();
const { fault: forgetful } = await bench({ idempotentSubmission: false });

const CANDIDATES = {
  'the local simulator': { driver: simulator, deviceId: 'sim:local', circuit: BELL },
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
