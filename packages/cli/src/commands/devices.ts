import { deviceStatusName } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
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
      const documents = listed.map((device) => ({
        device_id: device.deviceId,
        name: device.name,
        backend_type: device.backendType,
        status: deviceStatusName(device.status),
        queue_depth: device.queueDepth,
        estimated_wait_seconds: device.estimatedWaitSec,
        capabilities: device.capabilities,
      }));
      terminal.out(`${JSON.stringify({ devices: documents }, null, 2)}\n`);
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
