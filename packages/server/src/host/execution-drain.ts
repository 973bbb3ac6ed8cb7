import { QfsError } from '@qfs/core';
import type { DriverManagerService, ServiceImpl } from '@qfs/rpc';
import { CancelOutcome } from '@qfs/rpc/internal';
import { UnderWay } from '../edge/under-way.ts';

type Handlers = ServiceImpl<typeof DriverManagerService>;

const RETRY_AFTER_MS = 1_000;

/**
 * Lets a driver manager stop without a loss: what it runs is still awaited, told of and fetched, and nothing
 * new is taken.
 */
export class ExecutionDrain {
  readonly handlers: Handlers;
  readonly #underWay = new UnderWay();
  #emptied = Promise.withResolvers<void>();
  #draining = false;
  #runs = 0;

  constructor(inner: Handlers) {
    this.handlers = {
      ...inner,
      submitExecution: async (request, context) => {
        if (this.#draining) throw stopping();
        const answer = await inner.submitExecution(request, context);
        this.#underWay.begun(answer.remoteId);
        return answer;
      },
      getExecution: async (request, context) => {
        const answer = await inner.getExecution(request, context);
        this.#note(() => this.#underWay.told(answer.execution));
        return answer;
      },
      watchExecution: (request, context) => this.#watching(inner.watchExecution(request, context)),
      cancelExecution: async (request, context) => {
        const answer = await inner.cancelExecution(request, context);
        if (answer.outcome === CancelOutcome.CANCELLED)
          this.#note(() => this.#underWay.ended(request.remoteId));
        return answer;
      },
      runExecution: async (request, context) => {
        if (this.#draining) throw stopping();
        this.#runs += 1;
        const run = `run ${this.#runs}`;
        this.#underWay.begun(run);
        try {
          return await inner.runExecution(request, context);
        } finally {
          this.#note(() => this.#underWay.ended(run));
        }
      },
      fetchExecution: async (request, context) => {
        const answer = await inner.fetchExecution(request, context);
        this.#note(() => this.#underWay.ended(request.remoteId));
        return answer;
      },
    };
  }

  /**
   * Refuses new executions, and resolves when those under way have ended, or after the time that they are
   * given.
   */
  async drain(msMax: number): Promise<void> {
    this.#draining = true;
    if (this.#underWay.size === 0) return;
    this.#emptied = Promise.withResolvers();
    const timer = setTimeout(() => this.#emptied.resolve(), msMax);
    await this.#emptied.promise;
    clearTimeout(timer);
  }

  async *#watching(watched: ReturnType<Handlers['watchExecution']>) {
    for await (const message of watched) {
      this.#note(() => this.#underWay.told(message.execution));
      yield message;
    }
  }

  #note(change: () => void): void {
    change();
    if (this.#underWay.size === 0) this.#emptied.resolve();
  }
}

const stopping = (): QfsError =>
  new QfsError('SHUTTING_DOWN', 'This driver manager stops; it takes no more executions.', {
    retryAfterMs: RETRY_AFTER_MS,
  });
