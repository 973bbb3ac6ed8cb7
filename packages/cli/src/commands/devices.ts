import { deviceJson, deviceStatusName } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

export const devices: Command = {
  notes: ['WAIT is when a job that is submitted now may begin.'],
  arguments: [],
  options: [],
  asksServer: true,
  examples: ['devices', 'devices list --json'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const listed = await withServer(invocation, (client) => client.devices());
    if (options.json) {
      printJson({ devices: listed.map(deviceJson) }, terminal);
      return EXIT.ok;
    }
    if (options.quiet) {
      terminal.out(listed.map(({ deviceId }) => `${deviceId}\n`).join(''));
      return EXIT.ok;
    }
    const rows = listed.map((device) => [
      device.deviceId,
      deviceStatusName(device.status),
      device.backendType,
      device.capabilities.qubits ?? '',
      `${device.queueDepth}`,
      `${device.estimatedWaitSec} s`,
    ]);
    terminal.out(columns([['DEVICE', 'STATUS', 'TYPE', 'QUBITS', 'QUEUE', 'WAIT'], ...rows]));
    return EXIT.ok;
  },
};
