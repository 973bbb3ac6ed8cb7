import type { Command } from '../command.ts';
import { checkLog } from '../log/check-log.ts';
import { FROM_OPTION, type FromOptions } from '../log/from-option.ts';

export const logVerify: Command<FromOptions> = {
  arguments: [],
  options: [FROM_OPTION],
  asksServer: true,
  examples: ['log verify', 'log verify --from 1000 --json'],
  run: (invocation) =>
    checkLog(
      invocation,
      (client, signal) => client.log.verify(BigInt(invocation.options.from ?? 0), signal),
      {
        doing: 'Verifying',
        found: ({ index, checkpoints }) =>
          `The chain of ${index} entries, the log tree and ${checkpoints} checkpoints are as they were written.`,
      },
    ),
};
