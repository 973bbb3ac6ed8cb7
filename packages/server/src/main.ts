import { readFileSync } from 'node:fs';
import { QfsError } from '@qfs/core';
import { helpText, loadConfiguration, parseCommandLine, printable } from './config/index.ts';
import { BACKUP_HELP, backUp } from './host/backup.ts';
import { startPlatform } from './host/platform.ts';
import { isOperatorCommand, operatorCall, operatorHelp } from './host/security/operator-commands.ts';
import { createLogger } from './observe/logging.ts';
import { VERSION } from './version.ts';

const EXIT_USER_ERROR = 2;
const EXIT_FAILED = 4;
/** Where `eigen-cli` looks unless it is told. */
const ENDPOINT_DEFAULT = 'http://127.0.0.1:50051';
/** A second signal, or a drain that takes longer, ends the process at once. */
const DRAIN_MS_MAX = 20_000;
/** A terminal signals the whole group, npm and the launcher pass it on: copies so close are one Ctrl-C. */
const SAME_SIGNAL_MS = 250;

const fail = (error: unknown): never => {
  const known = error instanceof QfsError && error.code !== 'INTERNAL';
  process.stderr.write(known ? `${error.message}\n` : `${(error as Error).stack ?? String(error)}\n`);
  process.exit(known && error.code === 'REQUEST_INVALID' ? EXIT_USER_ERROR : EXIT_FAILED);
};

function readConfigFile(path: string | undefined): { path: string; text: string } | undefined {
  if (path === undefined) return undefined;
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const message = `The configuration file ${path} cannot be read: ${(error as Error).message}`;
    throw new QfsError('REQUEST_INVALID', message, { cause: error });
  }
}

function load(args: readonly string[]): ReturnType<typeof loadConfiguration> & { command: string } {
  const { command, flags, configPath } = parseCommandLine(args);
  const file = readConfigFile(configPath ?? process.env.QFS_CONFIG);
  const environment = process.env;
  return { command, ...loadConfiguration({ flags, environment, ...(file === undefined ? {} : { file }) }) };
}

/** How often a server that npm started looks whether npm is still there. */
const PARENT_CHECK_MS = 500;

/**
 * npm and its shell end on SIGTERM without handing it on. The server then finds itself with another parent,
 * and would keep the data directory and the ports for nobody.
 */
function endWithNpm(end: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    end();
  }, PARENT_CHECK_MS);
  timer.unref();
}

async function serve(config: ReturnType<typeof loadConfiguration>['values']): Promise<void> {
  const logger = createLogger(config.log_level, 'qfs');
  const platform = await startPlatform({
    config,
    logger,
    onFailure: (error) => {
      logger.fatal({ err: error }, 'the store failed; nothing more can be acknowledged');
      void end(EXIT_FAILED);
    },
  });
  let endingSince: number | undefined;
  async function end(code: number): Promise<void> {
    if (endingSince !== undefined) {
      if (code === 0 && performance.now() - endingSince < SAME_SIGNAL_MS) return;
      process.exit(code === 0 ? EXIT_FAILED : code);
    }
    endingSince = performance.now();
    setTimeout(() => process.exit(EXIT_FAILED), DRAIN_MS_MAX).unref();
    await platform.stop();
    process.exit(code);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0));
  endWithNpm(() => void end(0));
  process.on('SIGHUP', () => void platform.reload());
  const { readyLine, isOpen } = platform;
  process.stdout.write(`${JSON.stringify(readyLine)}\n`);
  if (process.stderr.isTTY && readyLine.rest !== undefined) {
    const endpoint = readyLine.grpc === ENDPOINT_DEFAULT ? '' : `EIGEN_ENDPOINT=${readyLine.grpc} `;
    process.stderr.write(
      `\nQFS is ready at ${readyLine.rest} (docs: ${readyLine.rest}/docs). ` +
        `${isOpen ? 'Open to everybody who reaches it' : 'It demands credentials'}.\n` +
        `Try:  ${endpoint}bin/eigen-cli submit examples/bell.qasm --wait\n` +
        `      curl -s ${readyLine.rest}/tasks -H 'Content-Type: application/json' -d @examples/bell.json\n` +
        'Ctrl-C stops it; accepted jobs go on at the next start.\n\n',
    );
  }
}

async function runOperatorCommand(args: readonly string[]): Promise<void> {
  const call = operatorCall(args);
  const { stdout, stderr } = await call.run(load(call.settings).values);
  process.stderr.write(stderr);
  process.stdout.write(stdout);
}

/** `backup TO [options]` */
function runBackup([target, ...options]: readonly string[]): void {
  if (target === undefined || target.startsWith('-')) {
    throw new QfsError('REQUEST_INVALID', 'Where to? Write "backup FOLDER"; the folder is new or empty.');
  }
  process.stdout.write(`${JSON.stringify(backUp(load(options).values.data_dir, target))}\n`);
}

try {
  const args = process.argv.slice(2);
  if (isOperatorCommand(args[0])) await runOperatorCommand(args);
  else if (args[0] === 'backup') runBackup(args.slice(1));
  else {
    const { command, ...loaded } = load(args);
    if (command === 'help') process.stdout.write(helpText([...operatorHelp(), ...BACKUP_HELP]));
    else if (command === 'version') process.stdout.write(`qfs ${VERSION}\n`);
    else if (command === 'config') process.stdout.write(`${JSON.stringify(printable(loaded), null, 2)}\n`);
    else await serve(loaded.values);
  }
} catch (error) {
  fail(error);
}
