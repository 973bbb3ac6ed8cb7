import { parentPort } from 'node:worker_threads';
import { ResultsSize } from '../results-size.ts';
import { simulateSets } from '../simulate.ts';
import { failureOf } from './failure.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** A thread of the engine's team: one task at a time, computed without any state that outlives it. */
function answer({ pieces, options }: ToWorker): FromWorker {
  try {
    const size = new ResultsSize();
    const results = pieces.map(({ item, from, to, shots }) =>
      simulateSets(item, from, to, options, size, shots),
    );
    return { kind: 'done', results };
  } catch (thrown) {
    return { kind: 'failed', failure: failureOf(thrown) };
  }
}

parentPort?.on('message', (task: ToWorker) => parentPort?.postMessage(answer(task)));
