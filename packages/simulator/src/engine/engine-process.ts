import { type CircuitResult, writeResults } from '@qfs/circuit';
import type { EngineEstimate } from '../engine-contract.ts';
import { ProgramCache } from '../program-cache.ts';
import { estimate, simulate } from '../simulate.ts';
import { failureOf } from './failure.ts';
import { checkBudget } from './memory-budget.ts';
import { Outbox } from './outbox.ts';
import { cut, join } from './pieces.ts';
import { bytesOf, type Failure, type FromProcess, type Request, type ToProcess } from './protocol.ts';
import { Team } from './team.ts';

/** Lists of pieces per thread: enough that a long one at the end keeps few threads waiting. */
const LISTS_PER_THREAD = 4;

const [workers = 1, memoryBudgetBytes = 0] = process.argv.slice(2).map(Number);
const team = new Team(workers, memoryBudgetBytes);
/** Batches that still want an answer. */
const open = new Set<number>();
const programs = new ProgramCache();

const outbox = new Outbox<FromProcess>((messages) => process.send?.([...messages]));

const send = (message: FromProcess): void => outbox.add(message, bytesOf(message));

function finish(id: number, message: FromProcess): void {
  if (open.delete(id)) send(message);
}

function runBatch({ id, items, options, estimate: needed }: Extract<Request, { kind: 'run' }>): void {
  const { memoryBytes, method, apart = [] } = needed;
  const lists = cut(items, workers * LISTS_PER_THREAD, { items: new Set(apart), threads: workers });
  const results: (readonly (readonly CircuitResult[])[])[] = [];
  const failures: Failure[] = [];
  let left = lists.length;
  let started = false;
  const conclude = (): void => {
    // The first failure in the order of the batch, so that timing cannot choose the message.
    const failure = failures.find((found) => found !== undefined);
    if (failure !== undefined) finish(id, { kind: 'failed', id, failure });
    else {
      const document = (): Uint8Array => writeResults(join(items, lists.flat(), results.flat()));
      finish(
        id,
        attempt(id, () => ({ kind: 'done', id, results: document(), method })),
      );
    }
  };
  for (const [at, pieces] of lists.entries()) {
    team.submit({
      message: { pieces, options },
      memoryBytes,
      wanted: () => open.has(id),
      started: () => {
        if (!started) send({ kind: 'started', id });
        started = true;
      },
      finished: (answer) => {
        if (answer.kind === 'done') results[at] = answer.results;
        else failures[at] = answer.failure;
        left -= 1;
        if (left === 0) conclude();
      },
    });
  }
  if (left === 0) conclude();
}

function attempt(id: number, work: () => FromProcess): FromProcess {
  try {
    return work();
  } catch (thrown) {
    return { kind: 'failed', id, failure: failureOf(thrown) };
  }
}

function receive(message: ToProcess): void {
  if (message.kind === 'cancel') {
    open.delete(message.id);
    return;
  }
  if (message.kind === 'estimate') {
    // On this thread, which never simulates for long: admission does not wait for a free thread.
    const { id, items, options } = message;
    send(attempt(id, () => ({ kind: 'estimated', id, estimate: estimate(items, options, programs) })));
    return;
  }
  open.add(message.id);
  if (message.kind === 'run') runBatch(message);
  else execute(message);
}

/** What is brief is done here and now: to tell another thread of it would take longer. */
function execute(request: Extract<Request, { kind: 'execute' }>): void {
  const { id, items, options } = request;
  let needed: EngineEstimate;
  try {
    needed = estimate(items, options, programs);
    checkBudget(needed, memoryBudgetBytes);
  } catch (thrown) {
    finish(id, { kind: 'failed', id, failure: failureOf(thrown) });
    return;
  }
  if (needed.brief !== true) runBatch({ ...request, kind: 'run', estimate: needed });
  else {
    const { method } = needed;
    finish(
      id,
      attempt(id, () => ({ kind: 'done', id, results: simulate(items, options, programs), method })),
    );
  }
}

process.on('message', (messages: readonly ToProcess[]) => messages.forEach(receive));
// Nobody is left to answer to: end at once, also while threads compute.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
send({ kind: 'ready' });
