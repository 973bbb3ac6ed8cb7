import { QfsError } from '@qfs/core';
import type { Engine, EngineItem, EngineOptions } from '../engine-contract.ts';
import { estimate, simulate } from '../simulate.ts';
import { CAPABILITIES } from './engine.ts';
import { checkBudget, defaultMemoryBudgetBytes } from './memory-budget.ts';

/**
 * The same engine without a process of its own, for the command line and for tests. It blocks its caller's
 * thread while it computes, and cannot be interrupted: a signal is looked at before work begins, a time
 * limit is ignored.
 */
export function createInlineEngine(settings: { readonly memoryBudgetBytes?: number } = {}): Engine {
  const memoryBudgetBytes = settings.memoryBudgetBytes ?? defaultMemoryBudgetBytes();
  const batches = new Map<string, { items: readonly EngineItem[]; options: EngineOptions }>();
  let nextId = 1;
  const estimated: Engine['estimate'] = async (items, options) => {
    const needed = estimate(items, options);
    checkBudget(needed, memoryBudgetBytes);
    return needed;
  };
  return {
    capabilities: async () => CAPABILITIES,
    estimate: estimated,
    prepare: async (items, options, estimate) => {
      if (estimate === undefined) await estimated(items, options);
      const id = `batch-${nextId++}`;
      batches.set(id, { items, options });
      return { id };
    },
    run: async (handle, { signal }) => {
      const batch = batches.get(handle.id);
      if (batch === undefined) throw new QfsError('INTERNAL', `There is no prepared batch '${handle.id}'.`);
      if (signal?.aborted) throw cancelled();
      return simulate(batch.items, batch.options);
    },
    execute: async (items, options, { signal }) => {
      if (signal?.aborted) throw cancelled();
      const { method } = await estimated(items, options);
      return { results: simulate(items, options), method };
    },
    dispose: async (handle) => {
      batches.delete(handle.id);
    },
    close: async () => {
      batches.clear();
    },
  };
}

const cancelled = (): QfsError => new QfsError('CANCELLED', 'The work was cancelled before it began.');
