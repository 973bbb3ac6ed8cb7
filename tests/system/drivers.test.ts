import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { eigenCli } from '../platform/eigen-cli.ts';
import { connectGrpc } from '../platform/grpc-client.ts';
import { call, startPlatform, submit, temporaryDirectory, terminalJob } from '../platform/platform.ts';
import { example } from '../platform/programs.ts';
import { receiptOf } from '../platform/receipts.ts';

const LINE = 'emulator:line-16';
const BELL = { program: example('bell'), shots: 2_000, seed: 3 };

const home = temporaryDirectory();
const plugins = join(home, 'plugins');
cpSync('examples/driver-plugin', join(plugins, 'coin'), { recursive: true });
mkdirSync(join(plugins, 'broken'));
const manifest = JSON.parse(readFileSync('examples/driver-plugin/driver.json', 'utf8')) as object;
writeFileSync(join(plugins, 'broken', 'driver.json'), JSON.stringify({ ...manifest, name: 'broken' }));
writeFileSync(join(plugins, 'broken', 'driver.js'), 'throw new Error("no coins left");');
writeFileSync(join(plugins, 'broken', 'package.json'), '{"type": "module"}');

/** A device of the operator: two ideal qubits that anything runs on at once. */
const own = {
  ...(JSON.parse(readFileSync('devices/line-16.json', 'utf8')) as Record<string, unknown>),
  id: 'emulator:mine',
  name: 'Mine',
  qubits: 2,
  coupling: [[0, 1]],
  calibration: undefined,
};
const ownDevice = join(home, 'mine.json');
writeFileSync(ownDevice, JSON.stringify(own));
const settings = join(home, 'drivers.toml');
writeFileSync(settings, '[coin]\nbias = 1.0\napi_key = "env:COIN_KEY" # a secret\n');

const platform = await startPlatform({
  dataDir: join(home, 'data'),
  args: ['--workers', '2', '--max-retries', '1'],
  environment: {
    QFS_DRIVER_PATH: plugins,
    QFS_DRIVER_CONFIG: settings,
    QFS_DEVICES: ownDevice,
    QFS_LOG_LEVEL: 'info',
    COIN_KEY: 'hunter2',
  },
});
after(() => platform.end('SIGTERM'));
const { rest, grpc } = platform.ready;
const { admin } = platform.of('driver-manager').ready;

interface Device {
  readonly device_id: string;
  readonly status: string;
  readonly capabilities: Readonly<Record<string, string>>;
}

const device = async (id: string): Promise<Device> =>
  (await call(`${rest}/api/v1/devices/${id}`)).json<Device>();
const artifact = async (jobId: string, name: string): Promise<string> =>
  (await call(`${rest}/api/v1/jobs/${jobId}/artifacts/${name}`)).text;
const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

async function done(fields: object): Promise<string> {
  const jobId = await submit(rest, { ...BELL, ...fields });
  const job = await terminalJob(rest, jobId);
  assert.equal(job.state, 'DONE', JSON.stringify(job));
  return jobId;
}

const countsOf = async (jobId: string): Promise<Record<string, number>> =>
  (
    JSON.parse(await artifact(jobId, 'results.json')) as {
      items: { results: { counts: Record<string, number> }[] }[];
    }
  ).items[0]!.results[0]!.counts;

test('shipped devices, those of the operator and of plugins are listed with what they are', async () => {
  const { devices } = (await call(`${rest}/api/v1/devices`)).json<{ devices: Device[] }>();
  assert.deepEqual(
    devices.map(({ device_id, status }) => `${device_id} ${status}`),
    [
      'sim:local ONLINE',
      'emulator:all-to-all-11 ONLINE',
      'emulator:heavy-hex-27 ONLINE',
      'emulator:line-16 ONLINE',
      'emulator:mine ONLINE',
      'broken:error ERROR',
      'coin:toss ONLINE',
    ],
  );
  const { capabilities } = await device(LINE);
  assert.equal(JSON.parse(capabilities.coupling_map!).length, 15);
  assert.equal(capabilities.basis_gates, 'id,rz,sx,x,cz');
  assert.equal(capabilities.calibration_taken_at, '2026-01-01T00:00:00Z');
  assert.match(capabilities.noise!, /^medians: T1 .* µs, T2 .*, readout error/);
});

test('a job on a noisy device keeps the calibration, and the receipt names both', async () => {
  const jobId = await done({ target: LINE });
  const counts = await countsOf(jobId);
  const wrong = (counts['01'] ?? 0) + (counts['10'] ?? 0);
  assert.ok(wrong > 10 && wrong < 150, JSON.stringify(counts));
  const calibration = await artifact(jobId, 'calibration.json');
  const meta = JSON.parse(await artifact(jobId, 'meta.json')) as { execution: Record<string, string> };
  assert.equal(meta.execution.noise_digest, JSON.parse(calibration).noise_digest);
  assert.equal(meta.execution.target_compiled, 'true');
  assert.deepEqual([meta.execution.cost, meta.execution.cost_unit], ['1', 'credits']);
  const receipt = JSON.parse(Buffer.from(await receiptOf(rest, jobId)).toString()) as {
    envelope: { payload: string };
  };
  const statement = JSON.parse(Buffer.from(receipt.envelope.payload, 'base64').toString()) as {
    subject: { name: string; digest: { sha256: string } }[];
    predicate: { calibration_digest: string; execution: Record<string, string> };
  };
  assert.equal(statement.predicate.calibration_digest, sha256(calibration));
  assert.equal(statement.predicate.execution.noise_digest, meta.execution.noise_digest);
  assert.ok(
    statement.subject.some(
      ({ name, digest }) => name === 'calibration.json' && `sha256:${digest.sha256}` === sha256(calibration),
    ),
  );
  const again = await done({ target: LINE });
  assert.equal(await artifact(again, 'results.json'), await artifact(jobId, 'results.json'));
  assert.equal(await artifact(again, 'calibration.json'), calibration);
});

test('a noise model is given as text or as JSON, over REST and gRPC, and gives the same results', async () => {
  const model = {
    convention: 'uniform_pauli',
    gates: { '*': { '*': [{ channel: 'depolarizing', probability: 0.2 }] } },
    readout: {},
  };
  const asText = await done({ options: { noise_model: 'depolarizing:0.2' } });
  const asJson = await done({ options: { noise_model: model } });
  const service = connectGrpc(grpc, 'eigen.api.v1.JobService');
  const { job_id: overGrpc } = await service.call('SubmitJob', {
    qasm: { source: Buffer.from(BELL.program), version: '3.0' },
    metadata: { shots: String(BELL.shots) },
    seed: BELL.seed,
    options: { noise_model: 'depolarizing:0.2' },
  });
  service.close();
  await terminalJob(rest, overGrpc as string);
  const results = await artifact(asText, 'results.json');
  assert.match(results, /"noise_digest":"sha256:/);
  assert.equal(Object.keys(await countsOf(asText)).length, 4);
  for (const jobId of [asJson, overGrpc as string])
    assert.equal(await artifact(jobId, 'results.json'), results);
  assert.notEqual(await artifact(await done({}), 'results.json'), results);
});

test('jobs with noise are run again from their artifacts alone, and give the same bytes', async () => {
  for (const fields of [{ target: LINE }, { options: { noise_model: 'depolarizing:0.2' } }]) {
    const jobId = await done(fields);
    await receiptOf(rest, jobId);
    const replayed = await eigenCli(platform, 'replay', jobId, '--json');
    assert.equal(replayed.code, 0, replayed.stdout + replayed.stderr);
    assert.equal((JSON.parse(replayed.stdout) as { equal: boolean }).equal, true);
  }
});

test('a noise model that cannot be read, and a circuit that is not native, end the job with the place', async () => {
  const refused = async (fields: object): Promise<string> => {
    const job = await terminalJob(rest, await submit(rest, { ...BELL, ...fields }));
    assert.equal(job.state, 'ERROR');
    const error = JSON.parse(await artifact(job.job_id, 'error.json')) as { code: string; message: string };
    return `${error.code}: ${error.message}`;
  };
  assert.match(
    await refused({
      options: { noise_model: { convention: 'uniform_pauli', gates: { cnotty: {} }, readout: {} } },
    }),
    /^JOB_SPEC_INVALID: The noise model cannot be read: \$\.gates: "cnotty" is no gate/,
  );
  assert.match(
    await refused({ target: LINE, compiler_options: { target: 'none' }, options: { strict: 'true' } }),
    /^CIRCUIT_NOT_NATIVE: Item 0 cannot run on emulator:line-16 .* \(h on 0\) is no basis gate/,
  );
});

test('JOB-36: a job is estimated by its device before it is submitted, options and all', async () => {
  const estimate = (fields: object) =>
    call(`${rest}/api/v1/estimate`, 'POST', { language: 'openqasm3', ...BELL, ...fields });
  const known = await estimate({ target: LINE });
  assert.equal(known.status, 200, known.text);
  const { memory_bytes, ...told } = known.json<Record<string, unknown>>();
  assert.deepEqual(told, {
    target: LINE,
    shots: 2000,
    method: 'state_vector',
    cost: 1,
    cost_unit: 'credits',
  });
  assert.ok((memory_bytes as number) > 0);
  const service = connectGrpc(grpc, 'eigen.api.v1.JobService');
  const job = {
    qasm: { source: Buffer.from(BELL.program), version: '3.0' },
    metadata: { shots: '1000' },
    target: 'coin:toss',
  };
  const { cost, cost_unit, shots } = await service.call('EstimateJob', { job });
  service.close();
  assert.deepEqual([cost, cost_unit, shots], [1, 'coins', '1000']);
  const wrong = await estimate({ options: { noise_model: 'depolarizing:2' } });
  assert.equal(wrong.status, 400);
  assert.match(wrong.text, /The noise model cannot be read/);
  const strict = { target: LINE, options: { strict: 'true' } };
  assert.equal((await estimate(strict)).status, 200);
  const foreign = await estimate({ ...strict, compiler_options: { target: 'none' } });
  assert.match(foreign.text, /CIRCUIT_NOT_NATIVE/);
});

test('a circuit that is wider than the device is refused at the door', async () => {
  const program = 'OPENQASM 3.0; include "stdgates.inc"; qubit[3] q; bit[3] c; h q; c = measure q;';
  const answer = await call(`${rest}/api/v1/jobs`, 'POST', {
    language: 'openqasm3',
    program,
    target: 'emulator:mine',
  });
  assert.equal(answer.status, 413);
  assert.match(answer.text, /The circuit acts on 3 qubits; emulator:mine takes at most 2/);
});

test('a plugin runs jobs with its settings, its secret is nowhere, and its price is recorded', async () => {
  const jobId = await done({ target: 'coin:toss' });
  assert.deepEqual(await countsOf(jobId), { '11': BELL.shots });
  const meta = JSON.parse(await artifact(jobId, 'meta.json')) as { execution: Record<string, string> };
  assert.deepEqual(
    [meta.execution.driver, meta.execution.cost, meta.execution.cost_unit],
    ['coin', '2', 'coins'],
  );
  assert.match(platform.stderr(), /coin: tossing with the key \*\*\*/);
  assert.doesNotMatch(platform.stderr(), /hunter2/);
});

test('a plugin that cannot be loaded says why, to whoever looks and to whoever submits', async () => {
  const { detail } = (await call(`${rest}/api/v1/devices/broken:error/status`)).json<{
    detail?: string;
    metadata: { detail: string };
  }>().metadata;
  assert.match(detail, /Driver broken is not loaded: Error: no coins left/);
  const job = await terminalJob(rest, await submit(rest, { ...BELL, target: 'broken:qpu' }));
  assert.equal(job.state, 'ERROR');
  assert.match(JSON.stringify(job), /ATTEMPTS_EXHAUSTED.*no coins left/);
});

test('devices and connections are measured', async () => {
  await call(`${admin}/metrics`);
  const { text } = await call(`${admin}/metrics`);
  assert.match(text, /^eigen_available_devices\{driver="emulator",provider="emulator"\} 4$/m);
  assert.match(text, /^eigen_available_devices\{driver="broken",provider="broken"\} 0$/m);
  assert.match(text, /^eigen_device_queue_depth\{driver="emulator",device_id="emulator:line-16"\} 0$/m);
  assert.match(text, /^eigen_driver_connections\{driver="coin",state="waiting"\} 0$/m);
});

test('what the operator must correct ends the start with one sentence', () => {
  const start = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    const ports = ['--port', '0', '--grpc-port', '0', '--admin-port', '0'];
    const command = [
      'packages/server/src/main.ts',
      '--data-dir',
      join(temporaryDirectory(), 'x'),
      ...ports,
      ...args,
    ];
    const { status, stderr } = spawnSync(process.execPath, command, {
      encoding: 'utf8',
      timeout: 30_000,
      env: { ...process.env, ...environment },
    });
    return `${status} ${stderr.trim().split('\n').at(-1)}`;
  };
  assert.match(
    start(['--drivers', 'sim,warp']),
    /^2 QFS_DRIVERS names "warp"; drivers are sim, emulator, .*fault, or npm:/,
  );
  assert.match(
    start(['--drivers', 'npm:@nobody/nothing']),
    /^2 There is no installed package @nobody\/nothing/,
  );
  assert.match(start(['--driver-path', '/nowhere']), /^2 There is no folder \/nowhere/);
  writeFileSync(join(home, 'bad.json'), JSON.stringify({ ...own, qubits: 0 }));
  assert.match(
    start(['--devices', join(home, 'bad.json')]),
    /^2 The device .*bad\.json cannot be read: \$\.qubits: expected an integer from 1 to 256, found 0/,
  );
  assert.match(start(['--devices', 'devices/line-16.json']), /^2 Two devices are called emulator:line-16/);
});
