import { runCli } from './cli.ts';
import { processTerminal } from './terminal.ts';

// The code is set and not forced: output into a pipe must be written to its end first.
process.exitCode = await runCli(process.argv.slice(2), processTerminal());
