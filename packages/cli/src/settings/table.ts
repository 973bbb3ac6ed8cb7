import type { ArgumentRow, Completion, OptionRow } from '../command.ts';

/** One setting: where it may be given, and what it means. Loading, `config`, options, and the reference derive from it. */
export interface Setting {
  /** In `config.toml`. */
  readonly key: string;
  /** Further names that files of other versions use. */
  readonly keyAliases?: readonly string[];
  readonly flag?: string;
  /** Variables, the first that is set wins. */
  readonly environment: readonly string[];
  readonly preset?: string;
  readonly kind: 'text' | 'address' | 'duration' | 'file' | 'secret' | 'words';
  readonly help: string;
  readonly completes?: Completion;
}

/** What the client takes without one; loading the client only for this would slow down every command. */
export const ENDPOINT_PRESET = 'http://127.0.0.1:50051';

export const SETTINGS = [
  {
    key: 'endpoint',
    keyAliases: ['system_api_endpoint'],
    flag: '--endpoint <address>',
    environment: ['EIGEN_ENDPOINT', 'EIGEN_SYSTEM_API_ENDPOINT'],
    preset: ENDPOINT_PRESET,
    kind: 'address',
    help: "the server's gRPC address",
  },
  {
    key: 'web',
    flag: '--web <address>',
    environment: ['EIGEN_WEB'],
    kind: 'address',
    help: 'its page and REST; by default port 8000 of the same host',
  },
  {
    key: 'token',
    environment: ['EIGEN_TOKEN'],
    kind: 'secret',
    help: 'the access token itself',
  },
  {
    key: 'token_file',
    flag: '--token-file <file>',
    environment: ['EIGEN_TOKEN_FILE'],
    kind: 'file',
    completes: 'files',
    help: 'a file that holds the access token and nothing else',
  },
  {
    key: 'token_command',
    environment: [],
    kind: 'words',
    help: 'a command and its arguments, as a list; what it prints is the access token',
  },
  {
    key: 'ca_file',
    flag: '--ca-file <file>',
    environment: ['EIGEN_CA_FILE'],
    kind: 'file',
    completes: 'files',
    help: 'certificates in PEM form to trust, for https://',
  },
  {
    key: 'tenant',
    flag: '--tenant <name>',
    environment: ['EIGEN_TENANT'],
    kind: 'text',
    help: 'the tenant to act in, where the token allows more than one',
  },
  {
    key: 'project',
    flag: '--project <name>',
    environment: ['EIGEN_PROJECT'],
    kind: 'text',
    help: 'the project to act in',
  },
  {
    key: 'call_timeout',
    flag: '--call-timeout <time>',
    environment: ['EIGEN_CALL_TIMEOUT'],
    preset: '30s',
    kind: 'duration',
    help: 'how long one call may take',
  },
] as const satisfies readonly Setting[];

export type SettingKey = (typeof SETTINGS)[number]['key'];

export const KEY_ARGUMENT: ArgumentRow = {
  name: 'setting',
  help: SETTINGS.map(({ key }) => key).join(', '),
  completes: SETTINGS.map(({ key }) => key),
};

export interface ProfileOptions {
  readonly profile?: string;
}

export const PROFILE_OPTION: OptionRow = { flags: '--profile <name>', help: 'the profile it is said for' };
