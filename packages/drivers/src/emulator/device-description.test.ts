import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { deviceVersion, readDevice } from '@qfs/circuit/device';
import {
  DEVICE_BYTES_MAX,
  DEVICE_QUBITS_MAX,
  DEVICE_SLOTS_MAX,
  DEVICE_WAIT_MS_MAX,
  QfsError,
  SHOTS_MAX,
} from '@qfs/core';
import { loadDevices, shippedDevices } from './load-devices.ts';

const TWO = {
  version: '1.0',
  id: 'emulator:two',
  name: 'Two qubits',
  qubits: 2,
  coupling: [[0, 1]],
  directed: true,
  basis_gates: ['rz', 'sx', 'cx'],
  durations: { rz: 0, sx: 3e-8, cx: 3e-7, measure: 1e-6 },
  calibration: {
    taken_at: '2026-01-31T12:00:00Z',
    qubits: [
      { t1: 1e-4, t2: 1e-4, gate_error: 1e-3, readout_error: [0.01, 0.02] },
      { t1: 2e-4, t2: 1e-4, gate_error: 1e-3, readout_error: [0.01, 0.02] },
    ],
    pairs: [{ qubits: [0, 1], gate_error: 0.01 }],
  },
  shots_max: 1000,
  queue: { slots: 1, wait_ms: 0 },
};

const { calibration } = TWO;

function refusal(change: object): string {
  try {
    readDevice(JSON.stringify({ ...TWO, ...change }), 'two.json');
  } catch (thrown) {
    assert.ok(thrown instanceof QfsError && thrown.code === 'REQUEST_INVALID', String(thrown));
    return thrown.message;
  }
  return 'accepted';
}

test('a device is read, and its version changes with anything in it', () => {
  const device = readDevice(JSON.stringify(TWO), 'two.json');
  assert.equal(device.id, 'emulator:two');
  assert.equal(deviceVersion(device), deviceVersion(readDevice(JSON.stringify(TWO, null, 3), 'other.json')));
  const renamed = readDevice(JSON.stringify({ ...TWO, name: 'Two' }), 'two.json');
  assert.notEqual(deviceVersion(renamed), deviceVersion(device));
});

test('without calibration and price a device is ideal and free', () => {
  const { calibration: _, ...bare } = TWO;
  assert.equal(readDevice(JSON.stringify(bare), 'bare.json').calibration, undefined);
});

const REFUSALS: Readonly<Record<string, readonly [change: object, refusal: RegExp]>> = {
  'another version': [{ version: '2.0' }, /\$\.version: expected one of 1\.0, found "2\.0"/],
  'an id of another driver': [
    { id: 'sim:two' },
    /\$\.id: expected an id such as emulator:line-16, found "sim:two"/,
  ],
  'an unknown key': [{ colour: 'red' }, /the key "colour" is not allowed here/],
  'a gate that nobody knows': [{ basis_gates: ['warp'], durations: {} }, /basis_gates names "warp"/],
  'a pair outside': [{ coupling: [[0, 2]] }, /coupling names the pair 0, 2, but there are 2 qubits/],
  'a pair of one qubit': [{ coupling: [[1, 1]] }, /coupling\[0\]: the pair 1, 1 is one qubit twice/],
  'a duration of nothing': [
    { durations: { h: 1 } },
    /durations names "h", which is neither a basis gate nor/,
  ],
  'too few calibrated qubits': [
    { calibration: { ...calibration, qubits: [] } },
    /calibration.qubits has 0 entries for 2 qubits/,
  ],
  'a pair that is not coupled': [
    {
      qubits: 3,
      calibration: {
        ...calibration,
        qubits: [...calibration.qubits, calibration.qubits[0]],
        pairs: [{ qubits: [1, 2], gate_error: 0 }],
      },
    },
    /calibration.pairs names 1, 2, which coupling does not/,
  ],
  'T2 beyond twice T1': [
    {
      calibration: {
        ...calibration,
        qubits: [{ ...calibration.qubits[0], t2: 3e-4 }, calibration.qubits[1]],
      },
    },
    /calibration\.qubits\[0\]: t2 is 0.0003, more than twice t1/,
  ],
  'a time without zone': [
    { calibration: { ...calibration, taken_at: '2026-01-31' } },
    /taken_at: expected a time/,
  ],
};

for (const [name, [change, expected]] of Object.entries(REFUSALS)) {
  test(`${name} is refused at its place, and the file is named`, () => {
    assert.match(refusal(change), expected);
    assert.match(refusal(change), /^The device two.json cannot be read: /);
  });
}

test('bounds stand on both sides', () => {
  const free = { calibration: undefined, coupling: 'all_to_all' };
  for (const [field, most] of [
    ['qubits', DEVICE_QUBITS_MAX],
    ['shots_max', SHOTS_MAX],
  ] as const) {
    assert.equal(refusal({ ...free, [field]: most }), 'accepted');
    assert.match(refusal({ ...free, [field]: most + 1 }), new RegExp(`\\$\\.${field}: expected an integer`));
  }
  const queue = { slots: DEVICE_SLOTS_MAX, wait_ms: DEVICE_WAIT_MS_MAX };
  assert.equal(refusal({ queue }), 'accepted');
  assert.match(refusal({ queue: { ...queue, slots: DEVICE_SLOTS_MAX + 1 } }), /queue\.slots/);
  assert.match(refusal({ queue: { ...queue, wait_ms: DEVICE_WAIT_MS_MAX + 1 } }), /queue\.wait_ms/);
});

test('files and folders of devices are read; what is missing or too large is named', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'qfs-devices-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'two.json');
  const text = JSON.stringify(TWO);
  writeFileSync(path, text.padEnd(DEVICE_BYTES_MAX));
  writeFileSync(join(folder, 'notes.txt'), 'not a device');
  assert.deepEqual(
    loadDevices([folder, path]).map(({ id }) => id),
    ['emulator:two', 'emulator:two'],
  );
  writeFileSync(path, text.padEnd(DEVICE_BYTES_MAX + 1));
  assert.throws(() => loadDevices([path]), { code: 'REQUEST_INVALID', message: /has 4194305 bytes/ });
  assert.throws(() => loadDevices([join(folder, 'none')]), { message: /There is no file or folder .*none/ });
});

test('three devices are shipped: all pairs, a line, and heavy hexagons', () => {
  const devices = shippedDevices();
  assert.deepEqual(
    devices.map(({ id, qubits, calibration }) => `${id} ${qubits} ${calibration?.pairs.length}`),
    ['emulator:all-to-all-11 11 55', 'emulator:heavy-hex-27 27 28', 'emulator:line-16 16 15'],
  );
});
