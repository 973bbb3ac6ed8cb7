import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Timers } from '@qfs/core';

/**
 * Imports a module in a process of its own, to learn whether that ends well: a module may loop for ever or
 * end its process, and nothing could be done about it in ours. Resolves with what is wrong, or with
 * undefined.
 */
export function probe(entryUrl: string, timers: Timers, timeoutMs: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const child = fork(fileURLToPath(new URL('./probe-process.ts', import.meta.url)), [entryUrl], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const stop = timers.after(timeoutMs, () => {
    resolve(`it is not imported within ${timeoutMs / 1000} s`);
    child.kill('SIGKILL');
  });
  child.on('message', (fault) => {
    resolve(fault === '' ? undefined : String(fault));
    child.kill('SIGKILL');
  });
  child.on('error', (error) => resolve(error.message));
  child.on('exit', (code) => {
    stop();
    resolve(`it ends its process with exit code ${code} when it is imported`);
  });
  return promise;
}
