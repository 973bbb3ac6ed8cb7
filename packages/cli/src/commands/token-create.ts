import { tokenJson } from '@qfs/client';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choice, repeated, timeSpan } from '../options.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';
import { tokenFacts } from '../token-facts.ts';

interface CreateOptions {
  readonly name?: string;
  readonly role?: string;
  readonly scope?: readonly string[];
  readonly subject?: string;
  readonly ttl?: number;
}

const ROLES = ['admin', 'user', 'readonly'] as const;
const TTL_MS_MAX = 100 * 365 * 86_400_000;

export const tokenCreate: Command<CreateOptions> = {
  notes: [
    'The secret goes to the standard output and is never shown again; what is known about it to the standard error.',
    'With --tenant or --project the token is for that tenant or project.',
  ],
  arguments: [],
  options: [
    { flags: '--name <text>', help: 'what it is for, to be read by people' },
    {
      flags: '--role <name>',
      help: `${ROLES.join(', ')} (default: user)`,
      parse: choice('--role', ROLES),
      completes: ROLES,
    },
    {
      flags: '--scope <permission>',
      help: 'allow no more than this, as jobs:read; may be repeated',
      parse: repeated,
    },
    { flags: '--subject <name>', help: 'who acts with it (default: you)' },
    {
      flags: '--ttl <time>',
      help: 'when it ends, as 30d (default: what the server says)',
      parse: timeSpan('--ttl', TTL_MS_MAX),
    },
  ],
  asksServer: true,
  examples: [
    'token create --name notebook --ttl 30d',
    'token create --role readonly --quiet > reader.token',
    'token create --scope jobs:read --scope jobs:submit',
  ],
  async run(invocation) {
    const { terminal, options } = invocation;
    const { name = '', role, scope = [], subject = '', ttl = 0 } = options;
    const { secret, token } = await withServer(invocation, (client, { entries }) =>
      client.tokens.create({
        name,
        subject,
        tenantId: (entries.get('tenant')?.value as string | undefined) ?? '',
        projectId: (entries.get('project')?.value as string | undefined) ?? '',
        roles: role === undefined ? [] : [role],
        scopes: [...scope],
        ttlSeconds: Math.ceil(ttl / 1000),
      }),
    );
    if (options.json) printJson({ token: tokenJson(token!), secret }, terminal);
    else {
      terminal.note(tokenFacts(token!));
      terminal.out(`${secret}\n`);
    }
    return EXIT.ok;
  },
};
