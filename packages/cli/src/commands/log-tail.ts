import type { Client } from '@qfs/client';
import type { Command, Invocation } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { entryDocument, entryRow } from '../log/entry.ts';
import { FROM_OPTION, type FromOptions } from '../log/from-option.ts';
import { repeated } from '../options.ts';
import { printJson } from '../print-json.ts';
import { withServer } from '../server.ts';

interface TailOptions extends FromOptions {
  readonly follow?: boolean;
  readonly type?: readonly string[];
}

/** Entries that are shown before those to come. */
const TAIL_ENTRIES = 10n;

export const logTail: Command<TailOptions> = {
  notes: [
    'The newest ten entries, or those from --from on. With --json, as with --jsonl, one document per entry.',
  ],
  arguments: [],
  options: [
    FROM_OPTION,
    { flags: '-f, --follow', help: 'go on with the entries to come' },
    { flags: '--type <name>', help: 'entries of this type alone; may be repeated', parse: repeated },
  ],
  asksServer: true,
  streams: true,
  examples: ['log tail --from 1', 'log tail --follow --type JOB_FINISHED --jsonl'],
  async run(invocation) {
    const stop = new AbortController();
    const release = invocation.terminal.onInterrupt(() => stop.abort());
    try {
      await withServer(invocation, (client) => showEntries(client, invocation, stop.signal));
    } catch (thrown) {
      if (!stop.signal.aborted) throw thrown;
      return EXIT.interrupted;
    } finally {
      release();
    }
    return EXIT.ok;
  },
};

async function showEntries(
  client: Client,
  { options, terminal }: Invocation<TailOptions>,
  signal: AbortSignal,
): Promise<void> {
  const { appliedIndex } = await client.log.status();
  const first = appliedIndex > TAIL_ENTRIES ? appliedIndex - TAIL_ENTRIES + 1n : 1n;
  const from = options.from === undefined ? first : BigInt(options.from);
  const range = { from, follow: options.follow === true, types: [...(options.type ?? [])] };
  for await (const entry of client.log.read(range, signal)) {
    if (options.json || options.jsonl) printJson(entryDocument(entry), terminal);
    else terminal.out(options.quiet ? `${entry.index}\n` : entryRow(entry));
  }
}
