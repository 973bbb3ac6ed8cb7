import { QfsError } from '@qfs/core';
import type { DriverManagerService, ServiceImpl } from '@qfs/rpc';
import { CancelOutcome, type Execution, ExecutionState } from '@qfs/rpc/internal';

type Handlers = ServiceImpl<typeof DriverManagerService>;

/** Executions that ended without results to fetch. */
const FRUITLESS: ReadonlySet<ExecutionState> = new Set([ExecutionState.FAILED, ExecutionState.CANCELLED]);
const RETRY_AFTER_MS = 1_000;

/**
 * Lets a driver manager stop without a loss: what it runs is still awaited, told of and fetched, and nothing new is
 * taken. An execution is under way until somebody has its results, or knows that there are none.
 */
export class ExecutionDrain {
  readonly handlers: Handlers;
  readonly #underWay = new Set<string>();
  #emptied = Promise.withResolvers<void>();
  #draining = false;

  constructor(inner: Handlers) {
    this.handlers = {
      ...inner,
      submitExecution: async (request, context) => {
        if (this.#draining) throw stopping();
        const answer = await inner.submitExecution(request, context);
        if (answer.remoteId !== undefined) this.#underWay.add(answer.remoteId);
        return answer;
      },
      getExecution: async (request, context) => {
        const answer = await inner.getExecution(request, context);
        this.#told(answer.execution);
        return answer;
      },
      watchExecution: (request, context) => this.#watching(inner.watchExecution(request, context)),
      cancelExecution: async (request, context) => {
        const answer = await inner.cancelExecution(request, context);
        if (answer.outcome === CancelOutcome.CANCELLED) this.#ended(request.remoteId);
        return answer;
      },
      fetchExecution: async (request, context) => {
        const answer = await inner.fetchExecution(request, context);
        this.#ended(request.remoteId);
        return answer;
      },
    };
  }

  /** Refuses new executions, and resolves when those under way have ended, or after the time that they are given. */
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
      this.#told(message.execution);
      yield message;
    }
  }

  #told(execution: Partial<Pick<Execution, 'remoteId' | 'state'>> | undefined): void {
    const { remoteId, state } = execution ?? {};
    if (remoteId !== undefined && state !== undefined && FRUITLESS.has(state)) this.#ended(remoteId);
  }

  #ended(remoteId: string): void {
    this.#underWay.delete(remoteId);
    if (this.#underWay.size === 0) this.#emptied.resolve();
  }
}

const stopping = (): QfsError =>
  new QfsError('SHUTTING_DOWN', 'This driver manager stops; it takes no more executions.', {
    retryAfterMs: RETRY_AFTER_MS,
  });
