import { tokenJson } from '@qfs/client';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

export const tokenRevoke: Command = {
  notes: ['The next call with it is refused. To revoke it again changes nothing.'],
  arguments: [{ name: 'token', help: 'id of the token, as "token list" shows it' }],
  options: [],
  asksServer: true,
  examples: ['token revoke 7f3k2m9q'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const token = await withServer(invocation, (client) => client.tokens.revoke(names[0]!));
    if (options.json) printJson({ token: tokenJson(token) }, terminal);
    else terminal.out(options.quiet ? `${token.tokenId}\n` : `${token.tokenId} is revoked.\n`);
    return EXIT.ok;
  },
};
