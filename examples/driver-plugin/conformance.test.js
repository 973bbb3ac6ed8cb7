import { test } from 'node:test';
import { conformanceHost, DRIVER_CONFORMANCE } from '@qfs/drivers/conformance';
import { createDriver } from './driver.js';

/** What the platform expects of every driver: `npm install --save-dev @qfs/drivers`, then `node --test`. */
const driver = await createDriver(conformanceHost({ bias: 0.5, delay_ms: 20 }));
const source = 'OPENQASM 3.0;\nqubit[2] q;\nbit[2] c;\nc = measure q;\n';
const circuit = { format: 'qasm3_text', circuit: new TextEncoder().encode(source) };

for (const { name, run } of DRIVER_CONFORMANCE) {
  test(name, () => run({ driver, deviceId: 'coin:toss', circuit }));
}
