import { parentPort } from 'node:worker_threads';
import { ProgramCache } from '../program-cache.ts';
import { ResultsSize } from '../results-size.ts';
import { simulateSets } from '../simulate.ts';
import { failureOf } from './failure.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const programs = new ProgramCache();

/** A thread of the engine's team: one task at a time; no result depends on those before it. */
function answer({ pieces, options }: ToWorker): FromWorker {
  try {
    const common = { options, size: new ResultsSize(), programs };
    const results = pieces.map((piece) => simulateSets(piece, common));
    return { kind: 'done', results };
  } catch (thrown) {
    return { kind: 'failed', failure: failureOf(thrown) };
  }
}

parentPort?.on('message', (task: ToWorker) => parentPort?.postMessage(answer(task)));
