import { type GetIdentityResponse, identityJson, timeJson } from '@qfs/client';
import { columns } from '../columns.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

export const tokenWhoami: Command = {
  arguments: [],
  options: [],
  asksServer: true,
  examples: ['token whoami', 'whoami --profile lab'],
  async run(invocation) {
    const { terminal, options } = invocation;
    const identity = await withServer(invocation, (client) => client.identity());
    if (options.json) printJson(identityJson(identity), terminal);
    else if (options.quiet) terminal.out(`${identity.subject}\n`);
    else terminal.out(columns(factsOf(identity)));
    return EXIT.ok;
  },
};

function factsOf(identity: GetIdentityResponse): string[][] {
  const { limits } = identity;
  const bound = (value: number | undefined, of: string): string | null => (value ? `${value} ${of}` : null);
  const rows: readonly (readonly [string, string | null])[] = [
    ['subject', identity.subject],
    ['tenant', identity.tenantId],
    ['project', identity.projectId],
    ['roles', identity.roles.join(', ')],
    ['may', identity.permissions.join(', ')],
    ['known by', identity.method],
    ['token', identity.tokenId],
    ['expires', timeJson(identity.expiresAt)],
    ['limit', bound(limits?.tenantOpenJobsMax, 'open jobs of the tenant')],
    ['limit', bound(limits?.projectOpenJobsMax, 'open jobs of the project')],
    ['limit', bound(limits?.tenantRequestsPerSecond, 'requests per second of the tenant')],
    ['limit', bound(limits?.keyRequestsPerSecond, 'requests per second of the key')],
    ['limit', bound(limits?.shotsPerJobMax, 'shots per job')],
    ['limit', bound(limits?.tokensMax, 'tokens')],
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, value]] : []));
}
