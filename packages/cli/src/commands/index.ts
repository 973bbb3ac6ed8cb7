import type { Command } from '../command.ts';

/**
 * Every command, in the order of the help: what needs no server, jobs, what is around them. A module is
 * loaded when its command is used: most of the time before the first answer goes into loading rooms.
 */
export const COMMANDS = {
  run: async () => (await import('./run.ts')).run,
  check: async () => (await import('./check.ts')).check,
  draw: async () => (await import('./draw.ts')).draw,
  convert: async () => (await import('./convert.ts')).convert,
  submit: async () => (await import('./submit.ts')).submit,
  status: async () => (await import('./status.ts')).status,
  results: async () => (await import('./results.ts')).results,
  watch: async () => (await import('./watch.ts')).watch,
  cancel: async () => (await import('./cancel.ts')).cancel,
  redrive: async () => (await import('./redrive.ts')).redrive,
  delete: async () => (await import('./delete.ts')).deleteJob,
  list: async () => (await import('./list.ts')).list,
  artifacts: async () => (await import('./artifacts.ts')).artifacts,
  get: async () => (await import('./get.ts')).get,
  receipt: async () => (await import('./receipt.ts')).receipt,
  verify: async () => (await import('./verify.ts')).verify,
  replay: async () => (await import('./replay.ts')).replay,
  log: async () => (await import('./log.ts')).log,
  devices: async () => (await import('./devices.ts')).devices,
  version: async () => (await import('./version.ts')).version,
} as const satisfies Readonly<Record<string, () => Promise<Command<never>>>>;

/** The commands that a command line may need: the one it names, or all when it names none of them. */
export async function commandsFor(line: readonly string[]): Promise<readonly Command<never>[]> {
  const named = Object.entries(COMMANDS).filter(([name]) => name === line[0]);
  const wanted = named.length > 0 ? named : Object.entries(COMMANDS);
  return Promise.all(wanted.map(([, load]) => load()));
}
