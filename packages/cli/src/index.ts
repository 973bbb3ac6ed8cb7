/** `@qfs/cli`: `eigen-cli`. */
export { runCli } from './cli.ts';
export { COMMANDS } from './commands/index.ts';
export { commandsReference } from './reference.ts';
export type { Terminal } from './terminal.ts';
