import { reservedJson, timeJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { timeSpan } from '../options.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { DEVICE_ARGUMENT } from './device-show.ts';

interface ReserveOptions {
  readonly purpose?: string;
  readonly ttl: number;
}

const TTL_MS = 5 * 60_000;

export const reserve: Command<ReserveOptions> = {
  notes: ['The reservation ends by itself. Jobs use its slot with "submit --reservation ID".'],
  arguments: [DEVICE_ARGUMENT],
  options: [
    {
      flags: '--ttl <time>',
      help: 'for how long',
      preset: TTL_MS,
      presetText: '5m',
      parse: timeSpan('--ttl'),
    },
    { flags: '--purpose <text>', help: 'what for, to be read by others' },
  ],
  asksServer: true,
  examples: ['reserve sim:local --ttl 10m --purpose demo'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const request = {
      deviceId: names[0]!,
      ttlSeconds: Math.ceil(options.ttl / 1000),
      purpose: options.purpose ?? '',
    };
    const reserved = await withServer(invocation, (client) => client.reserve(request));
    const { expiresAt, reservationId } = reserved;
    if (options.json) printJson(reservedJson(names[0]!, reserved), terminal);
    else if (options.quiet) terminal.out(`${reservationId}\n`);
    else
      terminal.out(
        columns([
          ['reservation', reservationId],
          ['ends', timeJson(expiresAt) ?? ''],
        ]),
      );
    return EXIT.ok;
  },
};
