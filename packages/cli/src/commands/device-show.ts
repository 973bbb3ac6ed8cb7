import { type DeviceInfo, deviceJson, deviceStatusName } from '@qfs/client';
import { columns } from '../columns.ts';
import type { ArgumentRow, Command } from '../command.ts';
import { drawCoupling, readCoupling } from '../device/coupling.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { ago, inAbout } from '../time-span.ts';

export const DEVICE_ARGUMENT: ArgumentRow = { name: 'device', help: 'id of the device, as sim:local' };

export const deviceShow: Command = {
  notes: [
    'The coupling is drawn as walks along the chip: every pair that a two-qubit gate may act on, once.',
  ],
  arguments: [DEVICE_ARGUMENT],
  options: [],
  asksServer: true,
  examples: ['device show sim:local'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const device = await withServer(invocation, (client) => client.device(names[0]!));
    if (options.json) printJson(deviceJson(device), terminal);
    else if (options.quiet) terminal.out(`${device.deviceId}\n`);
    else terminal.out(deviceText(device, terminal.columns ?? COLUMNS));
    return EXIT.ok;
  },
};

/** Width of the drawing where no terminal says otherwise. */
const COLUMNS = 80;
/** What stands in rows of its own. */
const PLACED = new Set(['qubits', 'basis_gates', 'coupling_map', 'calibration_taken_at', 'directed']);

function deviceText(device: DeviceInfo, width: number): string {
  const { capabilities } = device;
  const { basis_gates: gates = '', calibration_taken_at: takenAt, coupling_map: map = '' } = capabilities;
  const coupling = readCoupling(map);
  const rows: [string, string][] = [
    ['device', device.deviceId],
    ['name', device.name],
    ['status', deviceStatusName(device.status)],
    ['type', device.backendType],
    ['qubits', capabilities.qubits ?? ''],
    ['gates', gates.split(',').join(' ')],
    ['queue', `${device.queueDepth}`],
    ['wait', inAbout(device.estimatedWaitSec * 1000)],
    ['calibrated', takenAt === undefined ? '' : `${takenAt}, ${ago(Date.parse(takenAt))}`],
    ...Object.entries(capabilities)
      .filter(([name]) => !PLACED.has(name) || (name === 'coupling_map' && coupling === undefined))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  const facts = columns(rows.filter(([, value]) => value !== ''));
  if (coupling === undefined) return facts;
  const drawing = drawCoupling(coupling, width - INDENT.length, capabilities.directed === 'true');
  return `${facts}coupling\n${drawing.replace(/^(?=.)/gm, INDENT)}`;
}

const INDENT = '  ';
