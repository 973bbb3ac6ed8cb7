import { type Reservation, reservationJson, timeJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

interface ReservationsOptions {
  readonly device?: string;
}

export const reservations: Command<ReservationsOptions> = {
  arguments: [],
  options: [{ flags: '--device <device>', help: 'only those of this device' }],
  asksServer: true,
  examples: ['reservations', 'reservations --device sim:local --json'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const listed = await withServer(invocation, (client) => client.reservations(options.device));
    if (options.json) printJson({ reservations: listed.map(reservationJson) }, terminal);
    else if (options.quiet) terminal.out(listed.map(({ reservationId }) => `${reservationId}\n`).join(''));
    else terminal.out(columns([['RESERVATION', 'DEVICE', 'ENDS', 'JOB', 'PURPOSE'], ...listed.map(rowOf)]));
    return EXIT.ok;
  },
};

const rowOf = (reservation: Reservation): string[] => [
  reservation.reservationId,
  reservation.deviceId,
  timeJson(reservation.expiresAt) ?? '',
  reservation.jobId,
  reservation.purpose,
];
