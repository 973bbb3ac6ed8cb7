import { isTenantId, permissionsOf, ROLES, TokenAdmin, type TokenRecord } from '@qfs/api';
import { LOCAL_PRINCIPAL } from '@qfs/consensus/local';
import { nearestName, QfsError, TOKEN_SECONDS_DEFAULT } from '@qfs/core';
import { systemClock as clock, systemRandomness as randomness } from '@qfs/storage';
import type { Configuration } from '../../config/index.ts';
import { AuditFile, auditPath } from './audit-file.ts';
import { type AuthStore, LIMIT_NAMES, type LimitName, openAuthStore } from './auth-store.ts';

/** What a command prints: its result alone on stdout, what people should know on stderr. */
export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** And what the audit log is told, when it changed something. */
interface CommandOutcome extends CommandOutput {
  readonly audited?: { readonly action: string; readonly tenant: string; readonly resource: string };
}

interface Given {
  readonly flags: ReadonlyMap<string, string>;
  readonly words: readonly string[];
}

interface OperatorCommand {
  readonly usage: string;
  readonly help: string;
  readonly flags: readonly string[];
  readonly run: (store: AuthStore, given: Given) => CommandOutcome;
}

const DAY_S = 24 * 3_600;
const fail = (message: string): QfsError => new QfsError('REQUEST_INVALID', message);

/** What whoever may write the data directory can do, whether the server runs or not. */
const COMMANDS: Readonly<Record<string, OperatorCommand>> = {
  'token create': {
    usage:
      'token create [--role admin] [--name N] [--subject S] [--tenant T] [--project P] [--scope A,B] [--days D]',
    help: `Prints a new API token, once. Days: ${TOKEN_SECONDS_DEFAULT / DAY_S} unless said, 0 for ever.`,
    flags: ['--role', '--name', '--subject', '--tenant', '--project', '--scope', '--days'],
    run: createToken,
  },
  'token list': {
    usage: 'token list [--tenant T]',
    help: 'The tokens of a tenant as JSON lines, without their secrets.',
    flags: ['--tenant'],
    run: (store, { flags }) => lines(store.list(tenantOf(flags)).map(shownToken)),
  },
  'token revoke': {
    usage: 'token revoke ID [--tenant T]',
    help: 'Ends a token at once.',
    flags: ['--tenant'],
    run: revokeToken,
  },
  'limits set': {
    usage: 'limits set NAME=VALUE… [--tenant T] [--project P]',
    help: `Bounds of a tenant, or of a project in it: ${Object.keys(LIMIT_NAMES).join(', ')}. VALUE none takes one away.`,
    flags: ['--tenant', '--project'],
    run: setLimits,
  },
  'limits list': {
    usage: 'limits list [--tenant T]',
    help: 'The limits of a tenant as JSON lines.',
    flags: ['--tenant'],
    run: (store, { flags }) =>
      lines(
        store.limits(tenantOf(flags)).map(({ tenantId, projectId, name, value }) => ({
          ...{ tenant_id: tenantId, project_id: projectId === '' ? null : projectId, name, value },
        })),
      ),
  },
};

/** First words of the commands, by which they are told from options of the server. */
export const isOperatorCommand = (word: string | undefined): boolean => word === 'token' || word === 'limits';

/** Lines for the help screen. */
export const operatorHelp = (): readonly string[] =>
  Object.values(COMMANDS).flatMap(({ usage, help }) => [`  ${usage}`, `      ${help}`]);

type AuditedData = Pick<Configuration, 'data_dir' | 'audit_path'>;

export interface OperatorCall {
  /** Arguments that are settings of the server, such as `--data-dir`. */
  readonly settings: readonly string[];
  readonly run: (config: AuditedData) => Promise<CommandOutput>;
}

/** Reads `token …` and `limits …`. @throws QfsError REQUEST_INVALID */
export function operatorCall(args: readonly string[]): OperatorCall {
  const name = args.slice(0, 2).join(' ');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    const nearest = nearestName(name, Object.keys(COMMANDS));
    const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
    throw fail(`There is no command "${name}".${hint}\n${operatorHelp().join('\n')}`);
  }
  const flags = new Map<string, string>();
  const words: string[] = [];
  const settings: string[] = [];
  const rest = args.slice(2);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const at = word.indexOf('=');
    const flag = at < 0 ? word : word.slice(0, at);
    if (!word.startsWith('--')) words.push(word);
    else {
      const value = at < 0 ? rest.shift() : word.slice(at + 1);
      if (value === undefined) throw fail(`${flag} needs a value. Usage: ${command.usage}`);
      if (command.flags.includes(flag)) flags.set(flag, value);
      else settings.push(flag, value);
    }
  }
  return {
    settings,
    run: (config) => onStore(config, (store) => command.run(store, { flags, words })),
  };
}

async function onStore(
  config: AuditedData,
  run: (store: AuthStore) => CommandOutcome,
): Promise<CommandOutput> {
  const store = openAuthStore(config.data_dir, clock, () => undefined);
  try {
    const { audited, ...output } = run(store);
    if (audited !== undefined) await writeDown(config, audited);
    return output;
  } finally {
    store.close();
  }
}

async function writeDown(config: AuditedData, what: NonNullable<CommandOutcome['audited']>): Promise<void> {
  const errors: unknown[] = [];
  const audit = new AuditFile({
    path: auditPath(config),
    clock,
    onEvent: () => undefined,
    onError: (error) => void errors.push(error),
  });
  const who = { subject: 'operator', project: '', requestId: '', traceId: '', remote: '' };
  audit.record({ ...who, ...what, outcome: 'done', reason: '' });
  await audit.close();
  if (errors.length > 0) throw errors[0];
}

const tenantOf = (flags: ReadonlyMap<string, string>): string =>
  flags.get('--tenant') ?? LOCAL_PRINCIPAL.tenant_id;
const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').filter((word) => word !== '');

function createToken(store: AuthStore, { flags }: Given): CommandOutcome {
  const owner = {
    tenantId: tenantOf(flags),
    projectId: flags.get('--project') ?? LOCAL_PRINCIPAL.project_id,
  };
  const days = flags.get('--days');
  if (days !== undefined && !/^\d{1,4}$/.test(days))
    throw fail(`--days is "${days}"; it is a whole number, 0 for ever.`);
  const wanted = {
    ...{ ...owner, name: flags.get('--name') ?? '', subject: flags.get('--subject') ?? '' },
    ...{ roles: listOf(flags.get('--role') ?? 'user'), scopes: listOf(flags.get('--scope')) },
    ttlSeconds: days === '0' ? Number.POSITIVE_INFINITY : Number(days ?? 0) * DAY_S,
  };
  const isFirst = !store.isUsed();
  const manager = {
    identity: { ...owner, subject: 'operator', roles: [...ROLES] },
    permissions: permissionsOf(ROLES),
  };
  const admin = new TokenAdmin({ store, clock, randomness, limitsOf: store.limitsOf });
  const { token, secret } = admin.create(manager, wanted);
  const ends =
    token.expiresMs === undefined ? 'never expires' : `expires ${new Date(token.expiresMs).toISOString()}`;
  const first = isFirst ? 'From now on the server demands a token, also on loopback.\n' : '';
  return {
    stdout: `${secret}\n`,
    stderr:
      `Token ${token.tokenId} of ${token.subject} in ${token.tenantId}/${token.projectId}: ${token.roles.join(', ')}; ` +
      `it ${ends}. It is shown only now.\n${first}`,
    audited: { action: 'tokens:manage', tenant: token.tenantId, resource: token.tokenId },
  };
}

function revokeToken(store: AuthStore, { flags, words }: Given): CommandOutcome {
  const [tokenId] = words;
  if (tokenId === undefined) throw fail(`Which token? Usage: ${COMMANDS['token revoke']!.usage}`);
  const tenantId = tenantOf(flags);
  const token = store.revoke(tenantId, tokenId, clock.nowMs());
  if (token !== undefined) {
    const audited = { action: 'tokens:manage', tenant: tenantId, resource: tokenId };
    return { ...lines([shownToken(token)]), audited };
  }
  throw new QfsError(
    'TOKEN_NOT_FOUND',
    `${tenantId} has no token '${tokenId}'. "token list" shows those it has.`,
  );
}

function setLimits(store: AuthStore, { flags, words }: Given): CommandOutcome {
  const tenantId = tenantOf(flags);
  const projectId = flags.get('--project') ?? '';
  if (!isTenantId(tenantId) || (projectId !== '' && !isTenantId(projectId))) {
    throw fail('Ids of tenants and projects are letters, digits, dots and dashes.');
  }
  if (words.length === 0) throw fail(`Which limits? Usage: ${COMMANDS['limits set']!.usage}`);
  const changes = words.map((word) => readLimit(word, projectId));
  for (const { name, value } of changes) store.setLimit({ tenantId, projectId, name }, value);
  return {
    stdout: '',
    stderr: 'Set. Running servers follow within a second.\n',
    audited: { action: 'limits:set', tenant: tenantId, resource: [projectId, ...words].join(' ').trim() },
  };
}

function readLimit(
  word: string,
  projectId: string,
): { readonly name: LimitName; readonly value: number | undefined } {
  const [, name = '', text = ''] = /^([a-z_]+)=(none|\d{1,9})$/.exec(word) ?? [];
  if (!Object.hasOwn(LIMIT_NAMES, name)) {
    throw fail(
      `"${word}" is no limit; write NAME=NUMBER or NAME=none with ${Object.keys(LIMIT_NAMES).join(', ')}.`,
    );
  }
  const row = LIMIT_NAMES[name as LimitName];
  if (projectId !== '' && !('project' in row)) throw fail(`Projects have no limit "${name}"; tenants have.`);
  return { name: name as LimitName, value: text === 'none' ? undefined : Number(text) };
}

const timeOf = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();

const shownToken = (token: TokenRecord): object => ({
  ...{ token_id: token.tokenId, name: token.name, subject: token.subject, tenant_id: token.tenantId },
  ...{ project_id: token.projectId, roles: token.roles, scopes: token.scopes },
  ...{ created_at: timeOf(token.createdMs), expires_at: timeOf(token.expiresMs) },
  ...{ last_used_at: timeOf(token.lastUsedMs), revoked_at: timeOf(token.revokedMs) },
});

const lines = (rows: readonly object[]): CommandOutput => ({
  stdout: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  stderr: '',
});
