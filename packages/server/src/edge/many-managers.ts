import type { CallOptions } from '@connectrpc/connect';
import { assert, QfsError } from '@qfs/core';
import type { Client, DriverManagerService } from '@qfs/rpc';
import { CancelOutcome, type Execution } from '@qfs/rpc/internal';
import { hadNoEffect } from './losses.ts';
import { mergedDevices, mergedStatus } from './merged-devices.ts';
import { UnderWay } from './under-way.ts';

type Managers = Client<typeof DriverManagerService>;

/**
 * A driver manager in another process. Its name is part of the ids of its executions, so it must outlive
 * restarts.
 */
export interface NamedManager {
  readonly name: string;
  readonly client: Managers;
}

/**
 * A manager that has not answered for this long is taken for gone, and others are asked about its executions:
 * a backend elsewhere knows them still, and of a simulation that died with the process they say that it is
 * lost.
 */
export const GONE_MS = 5_000;

/**
 * Several driver managers as one: devices of one id are one device with the slots of all, an execution goes
 * to the manager that has the fewest, and whoever asks about it later reaches the same one.
 */
export function manyManagers(
  managers: readonly NamedManager[],
  nowMs: () => number = () => performance.now(),
): Managers {
  const all = new ManagerTable(managers, nowMs);
  const inTurn = <Answer>(call: (client: Managers) => Promise<Answer>) =>
    all.first(all.byLoad(), ({ client }) => call(client));
  return {
    listDevices: async (request, options) =>
      mergedDevices(await all.each(({ client }) => client.listDevices(request, options))),
    getDeviceStatus: async (request, options) =>
      mergedStatus(await all.each(({ client }) => client.getDeviceStatus(request, options))),
    executeCircuit: (request, options) => inTurn((client) => client.executeCircuit(request, options)),
    runExecution: (request, options) => inTurn((client) => client.runExecution(request, options)),
    calibrateDevice: (request, options) => inTurn((client) => client.calibrateDevice(request, options)),
    estimateExecution: (request, options) => inTurn((client) => client.estimateExecution(request, options)),
    submitExecution: (request, options) =>
      all.first(all.forToken(request.idempotencyToken ?? ''), async (manager) => {
        const answer = await all.submitting(request.idempotencyToken ?? '', manager, () =>
          manager.client.submitExecution(request, options),
        );
        manager.underWay.begun(answer.remoteId);
        return { ...answer, remoteId: `${answer.remoteId}@${manager.name}` };
      }),
    getExecution: (request, options) =>
      all.of(request.remoteId, async (manager, remoteId) => {
        const { execution, ...answer } = await manager.client.getExecution({ ...request, remoteId }, options);
        return { ...answer, ...all.told(manager, execution, request.remoteId) };
      }),
    watchExecution: (request, options) => watch(all, request, options),
    cancelExecution: (request, options) =>
      all.of(request.remoteId, async (manager, remoteId) => {
        const answer = await manager.client.cancelExecution({ ...request, remoteId }, options);
        if (answer.outcome === CancelOutcome.CANCELLED) manager.underWay.ended(remoteId);
        return answer;
      }),
    fetchExecution: (request, options) =>
      all.of(request.remoteId, async (manager, remoteId) => {
        const answer = await manager.client.fetchExecution({ ...request, remoteId }, options);
        manager.underWay.ended(remoteId);
        return answer;
      }),
  };
}

async function* watch(
  all: ManagerTable,
  request: Parameters<Managers['watchExecution']>[0],
  options: CallOptions | undefined,
) {
  const watching = await all.of(request.remoteId, async (manager, remoteId) => {
    const messages = manager.client.watchExecution({ ...request, remoteId }, options)[Symbol.asyncIterator]();
    return { manager, messages, first: await messages.next() };
  });
  const { manager, messages } = watching;
  try {
    for (let next = watching.first; next.done !== true; next = await messages.next()) {
      const { execution, ...message } = next.value;
      yield { ...message, ...all.told(manager, execution, request.remoteId) };
    }
  } finally {
    await messages.return?.();
  }
}

interface Manager extends NamedManager {
  readonly underWay: UnderWay;
  /** Since when it has not answered. */
  awaySinceMs: number | undefined;
}

const isAbout = (thrown: unknown, code: string): boolean => QfsError.from(thrown).code === code;

class ManagerTable {
  readonly #managers: readonly Manager[];
  readonly #nowMs: () => number;
  /** Who was given a submission and has not answered: its repetition goes there again. */
  readonly #unanswered = new Map<string, Manager>();

  constructor(managers: readonly NamedManager[], nowMs: () => number) {
    this.#managers = managers.map((manager) => ({
      ...manager,
      underWay: new UnderWay(),
      awaySinceMs: undefined,
    }));
    this.#nowMs = nowMs;
  }

  /** Those that answer before those that are gone, the idle before the busy. */
  byLoad(): readonly Manager[] {
    assert(this.#managers.length > 0, 'no role of this process calls driver managers');
    const away = ({ awaySinceMs }: Manager): number => (awaySinceMs === undefined ? 0 : 1);
    return this.#managers.toSorted((a, b) => away(a) - away(b) || a.underWay.size - b.underWay.size);
  }

  forToken(token: string): readonly Manager[] {
    const given = this.#unanswered.get(token);
    if (given === undefined || this.#isGone(given)) return this.byLoad();
    return [given, ...this.byLoad().filter((manager) => manager !== given)];
  }

  async submitting<Answer>(token: string, manager: Manager, submit: () => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await submit();
      this.#unanswered.delete(token);
      return answer;
    } catch (thrown) {
      const error = QfsError.from(thrown);
      if (error.code === 'ROLE_UNAVAILABLE' && !hadNoEffect(error)) this.#unanswered.set(token, manager);
      else this.#unanswered.delete(token);
      throw thrown;
    }
  }

  /** The answer of the first that takes the call and has the device. */
  async first<Answer>(
    managers: readonly Manager[],
    call: (manager: Manager) => Promise<Answer>,
  ): Promise<Answer> {
    let refusal: unknown;
    for (const manager of managers) {
      try {
        return await this.#call(manager, () => call(manager));
      } catch (thrown) {
        const goesOn = hadNoEffect(QfsError.from(thrown)) || isAbout(thrown, 'DEVICE_NOT_FOUND');
        if (!goesOn) throw thrown;
        // Whoever is away may have the device that the others do not know.
        if (refusal === undefined || isAbout(refusal, 'DEVICE_NOT_FOUND')) refusal = thrown;
      }
    }
    throw refusal;
  }

  /** The answers of all that give one; the failure of one that is away, or else of any, if none does. */
  async each<Answer>(call: (manager: Manager) => Promise<Answer>): Promise<readonly Answer[]> {
    const managers = this.byLoad();
    const outcomes = await Promise.allSettled(
      managers.map((manager) => this.#call(manager, () => call(manager))),
    );
    const answers = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
    if (answers.length > 0) return answers;
    const reasons = outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map(({ reason }) => reason as unknown);
    throw reasons.find((reason) => !isAbout(reason, 'DEVICE_NOT_FOUND')) ?? reasons[0];
  }

  /** Calls the manager of an execution, or others about it once that one is gone. */
  async of<Answer>(
    remoteId = '',
    call: (manager: Manager, remoteId: string) => Promise<Answer>,
  ): Promise<Answer> {
    const at = remoteId.lastIndexOf('@');
    const [id, name] = at < 0 ? [remoteId, ''] : [remoteId.slice(0, at), remoteId.slice(at + 1)];
    const owner = this.#managers.find((manager) => manager.name === name);
    if (owner !== undefined && (!this.#isGone(owner) || this.#managers.length === 1)) {
      return this.#call(owner, () => call(owner, id));
    }
    owner?.underWay.clear();
    const others = this.byLoad().filter((manager) => manager !== owner);
    return this.first(owner === undefined ? others : [...others, owner], (manager) => call(manager, id));
  }

  /** An execution as its manager tells of it, under the id by which it is known here. */
  told(manager: Manager, execution: Execution | undefined, remoteId = '') {
    if (execution === undefined) return {};
    manager.underWay.told(execution);
    return { execution: { ...execution, remoteId } };
  }

  #isGone({ awaySinceMs }: Manager): boolean {
    return awaySinceMs !== undefined && this.#nowMs() - awaySinceMs >= GONE_MS;
  }

  async #call<Answer>(manager: Manager, call: () => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await call();
      manager.awaySinceMs = undefined;
      return answer;
    } catch (thrown) {
      if (isAbout(thrown, 'ROLE_UNAVAILABLE')) manager.awaySinceMs ??= this.#nowMs();
      else manager.awaySinceMs = undefined;
      throw thrown;
    }
  }
}
