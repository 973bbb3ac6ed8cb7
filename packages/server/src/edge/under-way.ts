import { type Execution, ExecutionState } from '@qfs/rpc/internal';

/** Executions that ended without results to fetch. */
const FRUITLESS: ReadonlySet<ExecutionState> = new Set([ExecutionState.FAILED, ExecutionState.CANCELLED]);

/** Executions of a driver manager until somebody has their results, or knows that there are none. */
export class UnderWay {
  readonly #remoteIds = new Set<string>();

  get size(): number {
    return this.#remoteIds.size;
  }

  begun(remoteId: string | undefined): void {
    if (remoteId !== undefined) this.#remoteIds.add(remoteId);
  }

  ended(remoteId: string | undefined): void {
    if (remoteId !== undefined) this.#remoteIds.delete(remoteId);
  }

  /** What was said of an execution. */
  told({ remoteId, state }: Partial<Pick<Execution, 'remoteId' | 'state'>> = {}): void {
    if (state !== undefined && FRUITLESS.has(state)) this.ended(remoteId);
  }

  clear(): void {
    this.#remoteIds.clear();
  }
}
