import { createLogService, createSealService } from '@qfs/consensus/service';
import { createLogChecks } from './log-checks.ts';
import type { Store } from './store.ts';

/** The log of this node as services. */
export function createLogServices(store: Store) {
  const { log } = store;
  return {
    handlers: createLogService({ log, checks: createLogChecks(store) }),
    seals: createSealService(log),
  };
}
