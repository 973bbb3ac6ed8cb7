import type { Client } from '@qfs/client';
import { hex } from '@qfs/core/exact';
import type { Invocation } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { startProgress } from '../progress.ts';
import { withServer } from '../server.ts';

/** How far a check is, and at its end what it found. */
interface CheckMessage {
  readonly index: bigint;
  readonly to: bigint;
  readonly done: boolean;
  readonly ok: boolean;
  readonly reason: string;
}

interface Wording<Message> {
  /** The beginning of the line of progress. */
  readonly doing: string;
  readonly found: (message: Message) => string;
}

/** Runs a check of the whole log with its progress, and says what it found. */
export async function checkLog<Message extends CheckMessage>(
  invocation: Invocation<object>,
  start: (client: Client, signal: AbortSignal) => AsyncIterable<Message>,
  { doing, found }: Wording<Message>,
): Promise<ExitCode> {
  const { terminal, options } = invocation;
  const stop = new AbortController();
  const release = terminal.onInterrupt(() => stop.abort());
  const progress = startProgress(terminal);
  try {
    let last: Message | undefined;
    await withServer(invocation, async (client) => {
      for await (const message of start(client, stop.signal)) {
        last = message;
        progress.say(`${doing} entry ${message.index} of ${message.to}`);
      }
    });
    progress.end();
    const { index = 0n, ok = false, reason = 'the check ended without a verdict' } = last ?? {};
    if (options.json) printJson({ ok, index: Number(index), ...(ok ? facts(last) : { reason }) }, terminal);
    else terminal.out(ok ? `${found(last!)}\n` : `Entry ${index}: ${reason}.\n`);
    return ok ? EXIT.ok : EXIT.server;
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
    return EXIT.interrupted;
  } finally {
    progress.end();
    release();
  }
}

/** What a check counted, by the names of the protocol. */
function facts(message: object | undefined): object {
  const { checkpoints, jobs, stateRoot } = (message ?? {}) as {
    readonly checkpoints?: bigint;
    readonly jobs?: bigint;
    readonly stateRoot?: Uint8Array;
  };
  return {
    ...(checkpoints === undefined ? {} : { checkpoints: Number(checkpoints) }),
    ...(jobs === undefined ? {} : { jobs: Number(jobs) }),
    ...(stateRoot === undefined ? {} : { state_root: hex(stateRoot) }),
  };
}
