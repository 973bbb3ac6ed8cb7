import { totalmem } from 'node:os';
import { QfsError } from '@qfs/core';
import type { EngineEstimate } from '../engine-contract.ts';

/** Refuses an estimate beyond the budget. */
export function checkBudget({ memoryBytes }: EngineEstimate, memoryBudgetBytes: number): void {
  if (memoryBytes <= memoryBudgetBytes) return;
  throw new QfsError(
    'CIRCUIT_TOO_LARGE',
    `The circuit needs ${memoryBytes} bytes of memory; ${memoryBudgetBytes} are allowed. ` +
      'Use fewer qubits, or raise the memory budget of the simulator.',
    { metadata: { needed_bytes: String(memoryBytes), allowed_bytes: String(memoryBudgetBytes) } },
  );
}

/** Half of the memory, or of the container's limit where that is smaller. */
export function defaultMemoryBudgetBytes(): number {
  const limit = process.constrainedMemory();
  const available = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.floor(available / 2);
}
