import { parentPort, workerData } from 'node:worker_threads';
import { assert, QfsError, type StoreModule } from '@qfs/core';
import { systemClock, systemRandomness } from '../system-ports.ts';
import { type FromWorker, sendError, type ToWorker, type WriterWorkerData } from './messages.ts';
import { StoreBroken, StoreSession } from './store-session.ts';

/**
 * The body of the writer's worker thread. The composition root has an entry file that imports the modules and
 * calls this, so that storage knows no other room:
 *
 *     runWriterWorker((settings) => [blobModule, localLogModule(settings), ...]);
 */
export function runWriterWorker(modulesFor: (settings: unknown) => readonly StoreModule[]): void {
  const port = parentPort;
  assert(port !== null, 'runWriterWorker was called outside a worker thread');
  const { path, settings } = workerData as WriterWorkerData;
  const send = (message: FromWorker): void => port.postMessage(message);
  let session: StoreSession;
  try {
    session = new StoreSession({
      path,
      modules: modulesFor(settings),
      clock: systemClock,
      randomness: systemRandomness,
    });
  } catch (thrown) {
    send({ kind: 'refused', error: sendError(QfsError.from(thrown)) });
    return;
  }
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      session.close();
      port.close();
      return;
    }
    try {
      const { outcomes, milliseconds } = session.commit(message.groups);
      const sent = outcomes.map((outcome) =>
        outcome.ok ? outcome : { ok: false as const, error: sendError(outcome.error) },
      );
      send({ kind: 'report', outcomes: sent, milliseconds });
    } catch (thrown) {
      send({ kind: 'broken', reason: String(thrown instanceof StoreBroken ? thrown.cause : thrown) });
      port.close();
    }
  });
  send({ kind: 'ready' });
}
