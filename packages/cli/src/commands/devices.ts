import { deviceJson, deviceStatusName } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';

export const devices: Command<ServerOptions> = {
  name: 'devices',
  summary: 'List the devices of a server',
  arguments: [],
  options: [ENDPOINT_OPTION],
  examples: ['devices'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const listed = await withServer(invocation, (client) => client.devices());
    if (options.json) {
      printJson({ devices: listed.map(deviceJson) }, terminal);
      return EXIT.ok;
    }
    const rows = listed.map((device) => [
      device.deviceId,
      deviceStatusName(device.status),
      device.backendType,
      `${device.queueDepth}`,
      `${device.estimatedWaitSec} s`,
    ]);
    terminal.out(columns([['DEVICE', 'STATUS', 'TYPE', 'QUEUE', 'WAIT'], ...rows]));
    return EXIT.ok;
  },
};
