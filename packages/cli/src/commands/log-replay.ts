import { hex } from '@qfs/core/exact';
import type { Command } from '../command.ts';
import { checkLog } from '../log/check-log.ts';
import { FROM_OPTION, type FromOptions } from '../log/from-option.ts';

export const logReplay: Command<FromOptions> = {
  notes: ['Begins with GENESIS, or with the snapshot before --from.'],
  arguments: [],
  options: [FROM_OPTION],
  asksServer: true,
  examples: ['log replay --from 0'],
  run: (invocation) =>
    checkLog(
      invocation,
      (client, signal) => client.log.replay(BigInt(invocation.options.from ?? 0), signal),
      {
        doing: 'Applying',
        found: ({ index, jobs, stateRoot }) =>
          `${index} entries applied again give the same outcomes, effects and state, root ${hex(stateRoot)}` +
          (jobs > 0n ? `, and the same ${jobs} jobs.` : '.'),
      },
    ),
};
