import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './protocol.ts';

interface Task {
  readonly message: ToWorker;
  readonly memoryBytes: number;
  readonly started: () => void;
  readonly finished: (answer: FromWorker) => void;
  /** Asked before the task starts; a task nobody wants any more is dropped. */
  readonly wanted: () => boolean;
}

/**
 * A fixed number of threads, started as they are needed, and the queue before them. A task starts when a
 * thread is free and the memory of all running tasks stays inside the budget; tasks start in order, so none
 * waits for ever.
 */
export class Team {
  readonly #size: number;
  readonly #memoryBudgetBytes: number;
  readonly #idle: Worker[] = [];
  readonly #queue: Task[] = [];
  #threads = 0;
  #running = 0;
  #reservedBytes = 0;

  constructor(size: number, memoryBudgetBytes: number) {
    this.#size = size;
    this.#memoryBudgetBytes = memoryBudgetBytes;
    this.#idle.push(this.#thread());
  }

  submit(task: Task): void {
    this.#queue.push(task);
    this.#dispatch();
  }

  #dispatch(): void {
    for (;;) {
      const task = this.#queue[0];
      if (task === undefined) return;
      if (!task.wanted()) {
        this.#queue.shift();
        continue;
      }
      const fits = this.#reservedBytes + task.memoryBytes <= this.#memoryBudgetBytes;
      if (this.#running > 0 && !fits) return;
      const worker = this.#idle.pop() ?? (this.#threads < this.#size ? this.#thread() : undefined);
      if (worker === undefined) return;
      this.#queue.shift();
      this.#start(worker, task);
    }
  }

  #start(worker: Worker, task: Task): void {
    this.#running += 1;
    this.#reservedBytes += task.memoryBytes;
    worker.once('message', (answer: FromWorker) => {
      this.#running -= 1;
      this.#reservedBytes -= task.memoryBytes;
      this.#idle.push(worker);
      task.finished(answer);
      this.#dispatch();
    });
    task.started();
    worker.postMessage(task.message);
  }

  #thread(): Worker {
    this.#threads += 1;
    const worker = new Worker(new URL('./engine-worker.ts', import.meta.url));
    // A thread ends only when something is broken: the host starts a fresh process and repeats the work.
    worker.on('error', (error) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    });
    worker.on('exit', () => process.exit(1));
    return worker;
  }
}
