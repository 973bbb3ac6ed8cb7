import { timeJson, tokenJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { tokenState } from '../token-facts.ts';

interface ListOptions {
  readonly ended?: boolean;
}

export const tokenList: Command<ListOptions> = {
  arguments: [],
  options: [{ flags: '--ended', help: 'those that expired or were revoked too' }],
  asksServer: true,
  examples: ['token list', 'token list --ended --json'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const ended = options.ended === true;
    const tokens = await withServer(invocation, (client) => client.tokens.list({ ended }));
    if (options.json) printJson({ tokens: tokens.map(tokenJson) }, terminal);
    else if (options.quiet) terminal.out(tokens.map(({ tokenId }) => `${tokenId}\n`).join(''));
    else {
      const rows = tokens.map((token) => [
        token.tokenId,
        tokenState(token),
        token.roles.join(','),
        token.subject,
        timeJson(token.expiresAt) ?? 'never',
        timeJson(token.lastUsedAt) ?? 'never',
        token.name,
      ]);
      terminal.out(columns([['TOKEN', 'STATE', 'ROLES', 'SUBJECT', 'EXPIRES', 'USED', 'NAME'], ...rows]));
    }
    return EXIT.ok;
  },
};
