import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readResults } from '@qfs/circuit';
import { type Clock, DRIVER_MANIFEST_BYTES_MAX, type Timers } from '@qfs/core';
import { DRIVER_CONFORMANCE } from '../conformance.ts';
import type { Driver } from '../contract.ts';
import { bench } from '../testing/bench.ts';
import { packageFolder } from './find-plugins.ts';
import { loadPlugins, type PluginsOptions } from './load-plugins.ts';
import { readManifest } from './manifest.ts';
import { pluginConfig } from './plugin-config.ts';

const EXAMPLE = 'examples/driver-plugin';
const folder = mkdtempSync(join(tmpdir(), 'qfs-plugins-'));
after(() => rmSync(folder, { recursive: true }));

const clock: Clock = { nowMs: () => 0, monotonicMs: () => performance.now() };
const timers: Timers = {
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

async function load(options: Partial<PluginsOptions> = {}) {
  const log: string[] = [];
  const drivers = await loadPlugins({
    folders: [],
    packages: [],
    settings: {},
    environment: {},
    present: [],
    clock,
    timers,
    log: (level, message) => log.push(`${level} ${message}`),
    ...options,
  });
  return { drivers, log };
}

const MANIFEST = {
  name: 'probe',
  version: '1.0.0',
  api_version: '1.0',
  entry: './driver.js',
  config_schema: {},
  capabilities: { idempotent_submission: true, reproducibility: 'exact', cancellation: 'supported' },
};

let plugins = 0;

/** A plugin of this code on disk. */
function plugin(code: string, manifest: object = {}): string {
  plugins += 1;
  const path = join(folder, `plugin-${plugins}`);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), '{"type": "module"}');
  writeFileSync(join(path, 'driver.js'), code);
  writeFileSync(join(path, 'driver.json'), JSON.stringify({ ...MANIFEST, ...manifest }));
  return path;
}

async function reasonOf(path: string, options: Partial<PluginsOptions> = {}): Promise<string> {
  const { drivers } = await load({ folders: [path], ...options });
  const { availability, detail } = await drivers[0]!.status('any');
  assert.equal(availability, 'error');
  return detail ?? '';
}

const coin = (await load({ folders: [EXAMPLE] })).drivers[0]!;
const circuit = new TextEncoder().encode('OPENQASM 3.0;\nqubit[2] q;\nbit[2] c;\nbit d;\nc = measure q;\n');
const candidate = {
  driver: coin,
  deviceId: 'coin:toss',
  circuit: { format: 'qasm3_text' as const, circuit },
};
for (const { name, run } of DRIVER_CONFORMANCE) test(`the example plugin: ${name}`, () => run(candidate));

test('the settings of the example reach it, and its secret no log', async () => {
  const settings = { coin: { bias: 1, api_key: 'env:COIN_KEY' } };
  const { drivers, log } = await load({ folders: [EXAMPLE], settings, environment: { COIN_KEY: 'hunter2' } });
  assert.deepEqual(log.slice(0, 1), ['info coin: tossing with the key ***']);
  const item = { ...candidate.circuit, parameters: [], shots: 5, seed: 1, observables: [], memory: false };
  const request = { jobId: 'job', attempt: 1, deviceId: 'coin:toss', items: [item], options: {} };
  const remoteId = await (await drivers[0]!.prepare(request)).submit('token');
  const read = readResults((await drivers[0]!.fetch(remoteId)).results);
  assert.deepEqual(read.ok && [...read.value.items[0]!.results[0]!.counts], [['1 11', 5]]);
});

test('plugins are found in a folder of folders and among installed packages', async () => {
  const many = join(folder, 'many');
  cpSync(EXAMPLE, join(many, 'one'), { recursive: true });
  mkdirSync(join(many, 'notes'));
  assert.deepEqual(
    (await load({ folders: [many] })).drivers.map(({ name }) => name),
    ['coin'],
  );
  await assert.rejects(load({ folders: [join(folder, 'nowhere')] }), {
    message: /There is no folder .*nowhere/,
  });
  await assert.rejects(load({ folders: [join(many, 'notes')] }), {
    message: /No folder in .*notes has a driver\.json/,
  });
  for (const name of ['@nobody/nothing', '../escape']) {
    await assert.rejects(load({ packages: [name] }), {
      message: /There is no installed package .*Install it/,
    });
  }
});

test('an installed package is found from any folder below', () => {
  const installed = join(folder, 'site', 'node_modules', '@lab', 'qfs-driver-coin');
  cpSync(EXAMPLE, installed, { recursive: true });
  const below = join(folder, 'site', 'deep', 'down');
  assert.equal(packageFolder('@lab/qfs-driver-coin', [below]), installed);
});

test('a backend that is not ready is told of in the log, without secrets, and the driver is there', async () => {
  const path = plugin(
    driverCode("healthcheck: async () => ({ ready: false, reason: 'maintenance until noon' }),"),
  );
  const { drivers, log } = await load({ folders: [path] });
  assert.equal(drivers[0]?.devices()[0]?.id, 'probe:one');
  assert.match(log[0] ?? '', /^warn Driver probe is loaded and not ready: maintenance until noon$/);
});

test('a plugin that throws, hangs, ends its process or exports nothing is shown in error with its reason', async () => {
  assert.match(
    await reasonOf(plugin('throw new Error("out of coins");')),
    /is not loaded: Error: out of coins\.$/,
  );
  assert.match(
    await reasonOf(plugin('while (true);'), { loadMsMax: 700 }),
    /it is not imported within 0\.7 s/,
  );
  assert.match(await reasonOf(plugin('process.exit(3);')), /it ends its process with exit code 3/);
  assert.match(await reasonOf(plugin('export const x = 1;')), /it exports no function createDriver/);
  assert.match(
    await reasonOf(plugin('export const createDriver = () => { throw new Error("no"); };')),
    /: no\.$/,
  );
  const waiting = plugin('export const createDriver = () => new Promise(() => undefined);');
  assert.match(await reasonOf(waiting, { loadMsMax: 2_000 }), /createDriver takes longer than 2 s/);
});

test('what a failed plugin leaves is listed, found by any of its ids, and takes no work', async () => {
  const { drivers } = await load({ folders: [plugin('throw new Error("x");')] });
  const driver = drivers[0]!;
  assert.deepEqual(
    driver.devices().map(({ id }) => id),
    ['probe:error'],
  );
  assert.equal(driver.findDevice('probe:qpu-1')?.id, 'probe:qpu-1');
  assert.equal(driver.findDevice('other:qpu-1'), undefined);
  const request = { jobId: 'job', attempt: 1, deviceId: 'probe:qpu-1', items: [], options: {} };
  await assert.rejects(driver.prepare(request), {
    code: 'DEVICE_OFFLINE',
    message: /Driver probe is not loaded: Error: x/,
  });
});

/** A driver whose parts are replaced by text. */
const driverCode = (change: string): string => `
const device = { id: 'probe:one', name: 'One', backendType: 'probe', qubitsMax: 1, shotsMax: 1, formats: ['aqo_json'],
  slots: 1, methods: [], properties: {} };
const none = async () => undefined;
export const createDriver = () => ({
  name: 'probe',
  capabilities: { apiVersion: '1.0', idempotentSubmission: true, reproducibility: 'exact', cancellation: 'supported' },
  devices: () => [device], findDevice: (id) => (id === 'probe:one' ? device : undefined),
  status: none, prepare: none, poll: none, cancel: none, fetch: none, calibration: none, close: none,
  ${change}
});`;

const HANDSHAKES: Readonly<Record<string, readonly [change: string, reason: RegExp]>> = {
  'another name': ["name: 'other',", /the driver is called other, its manifest says probe/],
  'a missing method': ['fetch: undefined,', /the driver has no method fetch/],
  'no way to watch': ['poll: undefined,', /has neither poll nor watch/],
  'other capabilities': [
    "capabilities: { apiVersion: '1.0', idempotentSubmission: false, reproducibility: 'exact', cancellation: 'supported' },",
    /capability idempotentSubmission is false, its manifest says true/,
  ],
  "somebody else's device": [
    "devices: () => [{ ...device, id: 'sim:local' }],",
    /a device is called sim:local; ids are probe:name/,
  ],
  'a device that it does not find': ['findDevice: () => undefined,', /findDevice does not know probe:one/],
  'a device twice': ['devices: () => [device, device],', /two of its devices are called probe:one/],
  'a device without slots': ['devices: () => [{ ...device, slots: 0 }],', /slots of probe:one is 0/],
  'a device without formats': [
    'devices: () => [{ ...device, formats: [] }],',
    /formats of probe:one are some of aqo_json/,
  ],
};

for (const [name, [change, reason]] of Object.entries(HANDSHAKES)) {
  test(`the handshake refuses ${name}`, async () =>
    assert.match(await reasonOf(plugin(driverCode(change))), reason));
}

test('another version of the contract is refused before the plugin runs', async () => {
  assert.match(
    await reasonOf(plugin('process.exit();', { api_version: '2.0' })),
    /it speaks version 2\.0 of the driver contract/,
  );
});

test('names and devices of drivers that are there are kept; the plugin is the one that fails', async () => {
  const { simulator } = await bench();
  const present: Driver[] = [simulator, coin];
  const { drivers, log } = await load({ folders: [EXAMPLE], present });
  assert.equal(drivers[0]?.name, 'driver-plugin');
  assert.match(log[0] ?? '', /a driver coin is loaded already/);
  const family: Driver = Object.assign(Object.create(simulator), {
    name: 'family',
    devices: () => [],
    findDevice: () => simulator.devices()[0],
  });
  const taken = await reasonOf(plugin(driverCode('')), { present: [family] });
  assert.match(taken, /its device probe:one is one of driver family/);
});

const SCHEMA = readManifest(
  new TextEncoder().encode(
    JSON.stringify({
      ...MANIFEST,
      config_schema: {
        url: { type: 'string', required: true, help: 'Where the service is.' },
        retries: { type: 'number', default: 2, help: 'How often.' },
        verbose: { type: 'boolean', help: 'More words.' },
        token: { type: 'string', secret: true, help: 'The token.' },
      },
    }),
  ),
  'driver.json',
);

test('settings have types, defaults and references to the environment and to files', () => {
  const path = join(folder, 'token');
  writeFileSync(path, 'hunter2\n');
  const environment = { LAB_URL: 'https://lab', LAB_VERBOSE: 'true', LAB_RETRIES: '5' };
  const given = { url: 'env:LAB_URL', verbose: 'env:LAB_VERBOSE', token: `file:${path}` };
  assert.deepEqual(pluginConfig(SCHEMA, given, environment), {
    values: { url: 'https://lab', retries: 2, verbose: true, token: 'hunter2' },
    secrets: ['hunter2'],
  });
  assert.equal(pluginConfig(SCHEMA, { url: 'x', retries: 'env:LAB_RETRIES' }, environment).values.retries, 5);
});

test('wrong settings are refused by name, and a secret is never repeated', () => {
  const refused = (given: Record<string, unknown>, message: RegExp): void =>
    assert.throws(() => pluginConfig(SCHEMA, given, {}), { code: 'REQUEST_INVALID', message });
  refused({}, /probe\.url is missing: Where the service is\./);
  refused({ url: 'x', colour: 1 }, /no setting "colour"; its settings: retries, token, url, verbose/);
  refused({ url: 'x', retries: 'many' }, /probe\.retries must be a number: How often\./);
  refused({ url: 'env:NOWHERE' }, /the environment variable NOWHERE, which is not set/);
  refused({ url: 'file:/nowhere/x' }, /the file \/nowhere\/x, which cannot be read \(ENOENT\)/);
  assert.throws(
    () => pluginConfig(SCHEMA, { url: 'x', token: 'hunter2' }, {}),
    (thrown: Error) =>
      /probe\.token is a secret; give it as env:NAME or file:PATH/.test(thrown.message) &&
      !/hunter2/.test(thrown.message),
  );
});

test('a manifest is refused at its first wrong place', () => {
  const refused = (change: object, message: RegExp): void =>
    assert.throws(
      () =>
        readManifest(new TextEncoder().encode(JSON.stringify({ ...MANIFEST, ...change })), 'x/driver.json'),
      {
        code: 'REQUEST_INVALID',
        message,
      },
    );
  refused({ name: 'Big' }, /x\/driver\.json cannot be read: \$\.name: expected a name of a-z/);
  refused({ entry: '../escape.js' }, /\$\.entry: expected a path such as \.\/driver\.js/);
  refused({ entry: './driver.ts' }, /\$\.entry/);
  refused(
    { config_schema: { key: { type: 'string', help: 'x', secret: true, default: 'y' } } },
    /a secret is a string without default/,
  );
  refused(
    { config_schema: { key: { type: 'number', help: 'x', default: 'y' } } },
    /the default is no number/,
  );
  refused({ config_schema: { 'a b': { type: 'string', help: 'x' } } }, /"a b" is no name of a setting/);
  refused({ extra: 1 }, /the key "extra" is not allowed here/);
  const bytes = (size: number) => new TextEncoder().encode(JSON.stringify(MANIFEST).padEnd(size));
  assert.equal(readManifest(bytes(DRIVER_MANIFEST_BYTES_MAX), 'x').name, 'probe');
  assert.throws(() => readManifest(bytes(DRIVER_MANIFEST_BYTES_MAX + 1), 'x'), {
    message: /more than 65536 bytes/,
  });
});
