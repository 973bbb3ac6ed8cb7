import { QfsError } from '@qfs/core';
import { hex } from '@qfs/core/exact';
import { columns } from '../columns.ts';
import type { Command, Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { checkLog } from '../log/check-log.ts';
import { entryDocument, entryRow } from '../log/entry.ts';
import { statusDocument, statusRows } from '../log/status.ts';
import { wholeNumber } from '../options.ts';
import { printJson } from '../print-json.ts';
import { ENDPOINT_OPTION, type ServerOptions, withServer } from '../server.ts';

interface LogOptions extends ServerOptions {
  readonly from?: number;
  readonly follow?: boolean;
  readonly type?: readonly string[];
}

type View = (invocation: Invocation<LogOptions>) => Promise<ExitCode>;

/** Entries that `tail` shows before those to come. */
const TAIL_ENTRIES = 10n;

const VIEWS: Readonly<Record<string, View>> = {
  async status(invocation) {
    const { terminal, options } = invocation;
    const status = await withServer(invocation, (client) => client.log.status());
    if (options.json) printJson(statusDocument(status), terminal);
    else terminal.out(columns(statusRows(status)));
    return EXIT.ok;
  },

  async tail(invocation) {
    const { terminal, options } = invocation;
    const stop = new AbortController();
    const release = terminal.onInterrupt(() => stop.abort());
    try {
      await withServer(invocation, async (client) => {
        const { appliedIndex } = await client.log.status();
        const first = appliedIndex > TAIL_ENTRIES ? appliedIndex - TAIL_ENTRIES + 1n : 1n;
        const from = options.from === undefined ? first : BigInt(options.from);
        const range = { from, follow: options.follow === true, types: [...(options.type ?? [])] };
        for await (const entry of client.log.read(range, stop.signal)) {
          if (options.json) printJson(entryDocument(entry), terminal);
          else terminal.out(entryRow(entry));
        }
      });
    } catch (thrown) {
      if (!stop.signal.aborted) throw thrown;
      return EXIT.interrupted;
    } finally {
      release();
    }
    return EXIT.ok;
  },

  verify: (invocation) =>
    checkLog(
      invocation,
      (client, signal) => client.log.verify(BigInt(invocation.options.from ?? 0), signal),
      {
        doing: 'Verifying',
        found: ({ index, checkpoints }) =>
          `The chain of ${index} entries, the log tree and ${checkpoints} checkpoints are as they were written.`,
      },
    ),

  replay: (invocation) =>
    checkLog(
      invocation,
      (client, signal) => client.log.replay(BigInt(invocation.options.from ?? 0), signal),
      {
        doing: 'Applying',
        found: ({ index, jobs, stateRoot }) =>
          `${index} entries applied again give the same outcomes, effects and state, root ${hex(stateRoot)}` +
          (jobs > 0n ? `, and the same ${jobs} jobs.` : '.'),
      },
    ),
};

export const log: Command<LogOptions> = {
  name: 'log',
  summary: 'Look at the log of the server, and check it',
  notes: [
    'status: who writes the log, where it stands, its newest checkpoint and the roots of the state.',
    'tail: the newest entries, or those from --from on; with --follow those to come as well.',
    'verify: computes chain, tree and signatures again.',
    'replay: applies every entry again, from GENESIS or from the snapshot before --from, and compares.',
  ],
  arguments: [{ name: 'view', help: `${Object.keys(VIEWS).join(', ')}` }],
  options: [
    {
      flags: '--from <index>',
      help: 'the first entry; 0 for the beginning',
      parse: wholeNumber('--from', 0, Number.MAX_SAFE_INTEGER),
    },
    { flags: '-f, --follow', help: 'tail: go on with the entries to come' },
    {
      flags: '--type <name>',
      help: 'tail: entries of this type alone; may be repeated',
      parse: (text, earlier) => [...((earlier as string[] | undefined) ?? []), text],
    },
    ENDPOINT_OPTION,
  ],
  examples: ['log status', 'log tail --follow --type JOB_FINISHED', 'log verify', 'log replay --from 0'],
  async run(invocation) {
    const [name] = invocation.arguments;
    const view = Object.hasOwn(VIEWS, name!) ? VIEWS[name!] : undefined;
    if (view !== undefined) return view(invocation);
    const known = Object.keys(VIEWS).join(', ');
    throw new QfsError('REQUEST_INVALID', `There is no view "${name}" of the log; there are ${known}.`);
  },
};
