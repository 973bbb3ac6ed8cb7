import type { Command } from '../command.ts';

/** Parts of the help, in its order. */
export const PARTS = {
  circuits: 'Circuits, without a server',
  jobs: 'Jobs of a server',
  kept: 'What is kept of a job, and what it proves',
  server: 'The server',
  here: 'This program',
} as const;

export interface CommandRow {
  readonly part: keyof typeof PARTS;
  readonly summary: string;
  /** Modules are loaded when they are used: most of the time before an answer goes into loading rooms. */
  readonly load: () => Promise<Command<never>>;
}

const row = (part: keyof typeof PARTS, summary: string, load: CommandRow['load']): CommandRow => ({
  part,
  summary,
  load,
});

/** Every command by its name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, CommandRow>> = {
  run: row('circuits', 'Run a circuit here and show its counts', async () => (await import('./run.ts')).run),
  check: row(
    'circuits',
    'Say whether programs can run, and all that is wrong with them',
    async () => (await import('./check.ts')).check,
  ),
  draw: row('circuits', 'Draw a circuit as text or SVG', async () => (await import('./draw.ts')).draw),
  visualize: row(
    'circuits',
    'Draw a circuit, or the program of a job.yaml, as SVG',
    async () => (await import('./visualize.ts')).visualize,
  ),
  convert: row(
    'circuits',
    'Write a program in another language',
    async () => (await import('./convert.ts')).convert,
  ),
  compile: row(
    'circuits',
    'Compile a program to the bytes that a server executes',
    async () => (await import('./compile.ts')).compileCommand,
  ),

  'job init': row(
    'jobs',
    'Write a job.yaml and a program that run as they are',
    async () => (await import('./job-init.ts')).jobInit,
  ),
  'job lint': row(
    'jobs',
    'Say all that is wrong with a job.yaml and its programs',
    async () => (await import('./job-lint.ts')).jobLint,
  ),
  'job schema': row(
    'jobs',
    'Print the JSON Schema of job.yaml',
    async () => (await import('./job-schema.ts')).jobSchema,
  ),
  submit: row('jobs', 'Hand circuits to a server', async () => (await import('./submit.ts')).submit),
  status: row('jobs', 'Say where a job is', async () => (await import('./status.ts')).status),
  watch: row('jobs', 'Follow a job to its end', async () => (await import('./watch.ts')).watch),
  results: row(
    'jobs',
    'Show the counts of a job that is DONE',
    async () => (await import('./results.ts')).results,
  ),
  list: row('jobs', 'List jobs, newest first', async () => (await import('./list.ts')).list),
  explain: row(
    'jobs',
    'Say why a job is where it is, or what the compiler does with a program',
    async () => (await import('./explain.ts')).explain,
  ),
  cancel: row('jobs', 'Stop a job that has not ended', async () => (await import('./cancel.ts')).cancel),
  redrive: row(
    'jobs',
    'Submit a job that has ended again, as a new one',
    async () => (await import('./redrive.ts')).redrive,
  ),
  delete: row(
    'jobs',
    'Give up every byte of a job that has ended, for ever',
    async () => (await import('./delete.ts')).deleteJob,
  ),
  open: row('jobs', 'Print the address of the page of a job', async () => (await import('./open.ts')).open),

  artifacts: row(
    'kept',
    'List what is kept of a job, with sizes and hashes',
    async () => (await import('./artifacts.ts')).artifacts,
  ),
  get: row('kept', 'Write one artifact, byte for byte', async () => (await import('./get.ts')).get),
  receipt: row(
    'kept',
    'Write the receipt of a job, byte for byte',
    async () => (await import('./receipt.ts')).receipt,
  ),
  verify: row(
    'kept',
    'Check a receipt, step by step, without a server',
    async () => (await import('./verify.ts')).verify,
  ),
  replay: row(
    'kept',
    'Run a job again, and show that its counts come out the same',
    async () => (await import('./replay.ts')).replay,
  ),

  devices: row('server', 'List the devices', async () => (await import('./devices.ts')).devices),
  'device show': row(
    'server',
    'Show one device: qubits, gates, coupling, queue',
    async () => (await import('./device-show.ts')).deviceShow,
  ),
  reserve: row(
    'server',
    'Hold a slot of a device for some time',
    async () => (await import('./reserve.ts')).reserve,
  ),
  reservations: row(
    'server',
    'List the slots that are held',
    async () => (await import('./reservations.ts')).reservations,
  ),
  release: row('server', 'Give a held slot back', async () => (await import('./release.ts')).release),
  'log status': row(
    'server',
    'Who writes the log, where it stands, and the roots of its state',
    async () => (await import('./log-status.ts')).logStatus,
  ),
  'log tail': row(
    'server',
    'Show the newest entries of the log, and those to come',
    async () => (await import('./log-tail.ts')).logTail,
  ),
  'log verify': row(
    'server',
    'Compute chain, tree and signatures of the log again',
    async () => (await import('./log-verify.ts')).logVerify,
  ),
  'log replay': row(
    'server',
    'Apply every entry of the log again and compare',
    async () => (await import('./log-replay.ts')).logReplay,
  ),
  'token create': row(
    'server',
    'Draw an API token; its secret is shown once',
    async () => (await import('./token-create.ts')).tokenCreate,
  ),
  'token list': row('server', 'List API tokens', async () => (await import('./token-list.ts')).tokenList),
  'token revoke': row(
    'server',
    'End an API token at once',
    async () => (await import('./token-revoke.ts')).tokenRevoke,
  ),
  'token whoami': row(
    'server',
    'Say who the server takes you for',
    async () => (await import('./token-whoami.ts')).tokenWhoami,
  ),
  health: row('server', 'Say whether the server is ready', async () => (await import('./health.ts')).health),

  'config show': row(
    'here',
    'Show every setting and where it came from',
    async () => (await import('./config-show.ts')).configShow,
  ),
  'config get': row('here', 'Print one setting', async () => (await import('./config-get.ts')).configGet),
  'config set': row(
    'here',
    'Write one setting to config.toml',
    async () => (await import('./config-set.ts')).configSet,
  ),
  'config unset': row(
    'here',
    'Remove one setting from config.toml',
    async () => (await import('./config-unset.ts')).configUnset,
  ),
  'config path': row(
    'here',
    'Print where config.toml is',
    async () => (await import('./config-path.ts')).configPathCommand,
  ),
  completion: row(
    'here',
    'Write the completion script of a shell',
    async () => (await import('./completion.ts')).completion,
  ),
  version: row('here', 'Say which version this is', async () => (await import('./version.ts')).version),
};

/** Commands of two words, by the first, as one line of the help. */
export const FAMILIES: Readonly<Record<string, string>> = {
  log: 'The log of the server: look at it, and check it',
  token: 'API tokens of your tenant, and who you are',
  config: 'Settings and profiles of this program',
};

/** Other names, for hands that know them from elsewhere. */
export const ALIASES: Readonly<Record<string, string>> = {
  result: 'results',
  resubmit: 'redrive',
  config: 'config show',
  whoami: 'token whoami',
  'devices list': 'devices',
  'device list': 'devices',
  'devices show': 'device show',
};
