import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GateInstruction, type Program, readResults, readTarget, writeAqo } from '@qfs/circuit';
import { type DeviceDescription, targetOfDevice } from '@qfs/circuit/device';
import { createInlineEngine } from '@qfs/simulator/engine';
import { type Driver, isTerminal } from '../contract.ts';
import { BELL, BELL_ITEM, bellRequest } from '../testing/bell.ts';
import { FakeTime } from '../testing/fake-time.ts';
import { deviceNoise } from './device-noise.ts';
import { createEmulatorDriver } from './emulator-driver.ts';
import { shippedDevices } from './load-devices.ts';

const LINE = 'emulator:line-16';
const line = shippedDevices().find(({ id }) => id === LINE)!;

async function emulator(devices: readonly DeviceDescription[] = shippedDevices()) {
  const time = new FakeTime();
  return {
    time,
    driver: await createEmulatorDriver({ engine: createInlineEngine(), clock: time, timers: time, devices }),
  };
}

async function run(driver: Driver, request = bellRequest(LINE)) {
  const remoteId = await (await driver.prepare(request)).submit(`token ${JSON.stringify(request.options)}`);
  for await (const { state, error } of driver.watch!(remoteId, new AbortController().signal)) {
    if (isTerminal(state) && state !== 'succeeded') throw error ?? new Error(state);
  }
  return driver.fetch(remoteId);
}

const circuitOf = (...body: GateInstruction[]): Uint8Array => {
  const program: Program = {
    qubits: 16,
    qubitRegisters: [{ name: 'q', offset: 0, size: 16 }],
    variables: [],
    subroutines: [],
    body,
  };
  return writeAqo(program);
};
const gate = (name: string, qubits: number[], ...parameters: number[]): GateInstruction => ({
  kind: 'gate',
  gate: name,
  parameters,
  qubits,
});

test('a Bell pair on a noisy line has wrong outcomes now and then, the same ones for the same seed', async () => {
  const { driver } = await emulator();
  const request = { ...bellRequest(LINE), items: [{ ...BELL_ITEM, shots: 5_000 }] };
  const first = await run(driver, request);
  const read = readResults(first.results);
  assert.ok(read.ok);
  const { counts } = read.value.items[0]!.results[0]!;
  const wrong = (counts.get('01') ?? 0) + (counts.get('10') ?? 0);
  // Two readout errors of about 1.2 % and the gates.
  assert.ok(wrong > 50 && wrong < 250, `${wrong} wrong outcomes`);
  assert.deepEqual((await run((await emulator()).driver, request)).results, first.results);
});

test('results name the device, its noise and its calibration, whose bytes never change', async () => {
  const { driver } = await emulator();
  const { calibration, metadata } = await run(driver);
  const snapshot = await driver.calibration(LINE);
  assert.deepEqual(calibration, snapshot);
  assert.deepEqual(await (await emulator()).driver.calibration(LINE), snapshot);
  const document = JSON.parse(new TextDecoder().decode(snapshot!.bytes));
  assert.deepEqual(Object.keys(document), [
    'calibration',
    'device_id',
    'device_version',
    'noise_digest',
    'noise_model',
  ]);
  assert.equal(metadata.noise_digest, document.noise_digest);
  assert.equal(metadata.device_version, document.device_version);
  assert.equal(metadata.target_compiled, 'false');
});

test('a noise model that the job brings replaces that of the device, and the calibration is not told', async () => {
  const { driver } = await emulator();
  const request = { ...bellRequest(LINE), options: { noise_model: 'depolarizing:0' } };
  const { calibration, results } = await run(driver, request);
  assert.equal(calibration, undefined);
  const read = readResults(results);
  assert.deepEqual(read.ok && [...read.value.items[0]!.results[0]!.counts.keys()], ['00', '11']);
});

test('a device without calibration is ideal', async () => {
  const { calibration: _, ...ideal } = line;
  assert.equal(deviceNoise(ideal), undefined);
  const { driver } = await emulator([ideal]);
  assert.equal(await driver.calibration(LINE), undefined);
  assert.equal((await run(driver)).metadata.noise_digest, undefined);
});

test('a job is charged by task and shots of all parameter sets, as it was estimated', async () => {
  const { driver } = await emulator();
  const items = [BELL_ITEM, { ...BELL_ITEM, parameters: [new Map(), new Map()] }];
  const { cost } = await driver.prepare({ ...bellRequest(LINE), items });
  assert.deepEqual([cost.price, cost.priceUnit], [0.3 + 300 * 0.00035, 'credits']);
  const { metadata } = await run(driver, { ...bellRequest(LINE), items });
  assert.deepEqual([metadata.cost, metadata.cost_unit], [String(cost.price), 'credits']);
});

test('strict refuses what the device does not do natively, by name and place', async () => {
  const { driver } = await emulator();
  const strictly = (circuit: Uint8Array) =>
    driver.prepare({
      ...bellRequest(LINE),
      items: [{ ...BELL_ITEM, format: 'aqo_json', circuit }],
      options: { strict: 'true' },
    });
  await assert.rejects(strictly(BELL.circuit), {
    code: 'CIRCUIT_NOT_NATIVE',
    message:
      /^Item 0 cannot run on emulator:line-16 .*: operation 1 \(h on 0\) is no basis gate; those are id/,
  });
  await assert.rejects(strictly(circuitOf(gate('sx', [0]), gate('cz', [3, 5]))), {
    message: /operation 2 \(cz on 3, 5\) acts on qubits that are not coupled/,
  });
  await strictly(circuitOf(gate('sx', [0]), gate('rz', [0], 1), gate('cz', [5, 4])));
  await assert.rejects(driver.prepare({ ...bellRequest(LINE), options: { strict: 'yes' } }), {
    code: 'JOB_SPEC_INVALID',
    message: 'strict is "yes"; it can be true or false.',
  });
});

test('results say whether the circuits were what the device does natively', async () => {
  const native = { ...BELL_ITEM, format: 'aqo_json' as const, circuit: circuitOf(gate('cz', [5, 4])) };
  const compiledOf = async (...items: (typeof native | typeof BELL_ITEM)[]) =>
    (await run((await emulator()).driver, { ...bellRequest(LINE), items })).metadata.target_compiled;
  assert.equal(await compiledOf(native), 'true');
  assert.equal(await compiledOf(native, BELL_ITEM), 'false');
});

test('a device publishes the target that circuits are compiled for', async () => {
  const { driver } = await emulator();
  const target = readTarget(driver.findDevice(LINE)!.target!);
  assert.ok(target.ok);
  assert.deepEqual(target.value, targetOfDevice(line));
  assert.deepEqual(target.value.coupling?.at(-1), [14, 15]);
  const { t1, t2, gateError, readoutError } = line.calibration!.qubits[0]!;
  assert.ok(t1 > t2 && target.value.errors?.qubits[0] === gateError);
  assert.equal(target.value.errors.readout[0], (readoutError[0]! + readoutError[1]!) / 2);
});

test('a pair of a directed device is used in its order only', async () => {
  const { driver } = await emulator([{ ...line, directed: true }]);
  const strictly = (circuit: Uint8Array) =>
    driver.prepare({
      ...bellRequest(LINE),
      items: [{ ...BELL_ITEM, format: 'aqo_json', circuit }],
      options: { strict: 'true' },
    });
  await strictly(circuitOf(gate('cz', [4, 5])));
  await assert.rejects(strictly(circuitOf(gate('cz', [5, 4]))), { code: 'CIRCUIT_NOT_NATIVE' });
});

test('every execution spends its time in the queue, and may be cancelled there', async () => {
  const { driver, time } = await emulator([{ ...line, queue: { slots: 1, waitMs: 60_000 } }]);
  const prepared = await driver.prepare(bellRequest(LINE));
  const first = await prepared.submit('first');
  const second = await prepared.submit('second');
  assert.equal((await driver.status(LINE)).estimatedWaitMs, 60_000);
  await time.pass(59_999);
  assert.equal((await driver.poll!(first)).state, 'queued');
  assert.equal(await driver.cancel(second), 'cancelled');
  await time.pass(1);
  assert.equal((await driver.poll!(first)).state, 'succeeded');
});

test('two devices of one id are refused by name', async () => {
  await assert.rejects(emulator([line, line]), {
    code: 'REQUEST_INVALID',
    message: /Two devices are called emulator:line-16/,
  });
});

test('the noise of a device adds up to its measured errors', () => {
  const noise = deviceNoise(line)!;
  const [relaxation, depolarizing] = noise.gates.get('*1')!.get('0')!;
  assert.deepEqual([relaxation?.kind, depolarizing?.kind], ['thermal_relaxation', 'depolarizing']);
  assert.deepEqual([...noise.gates.get('rz')!], []);
  assert.deepEqual([...noise.gates.get('*2')!.keys()].slice(0, 3), ['0,1', '1,0', '1,2']);
  // 0.000348 · 3/2 in all, of which relaxation over 32 ns takes about 0.0002.
  const probability = depolarizing?.kind === 'depolarizing' ? depolarizing.probability : 0;
  assert.ok(probability > 2e-4 && probability < 4e-4, `${probability}`);
});
