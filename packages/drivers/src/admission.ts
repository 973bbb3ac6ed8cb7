import { JOB_ITEMS_MAX, OBSERVABLES_MAX, PARAMETER_SETS_MAX, QfsError, SEED_MAX, SHOTS_MIN } from '@qfs/core';
import type { Device, ExecutionItem, ExecutionRequest } from './contract.ts';

function refuse(field: string, description: string): never {
  throw new QfsError('JOB_SPEC_INVALID', `${field} ${description}.`, {
    violations: [{ field, description }],
  });
}

function checkWhole(field: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  refuse(field, `is ${value}; it must be a whole number from ${least} to ${most}`);
}

function admitItem(item: ExecutionItem, field: string, device: Device): void {
  // Without shots there is still the exact expectation value to compute.
  checkWhole(`${field}.shots`, item.shots, item.observables.length > 0 ? 0 : SHOTS_MIN, device.shotsMax);
  checkWhole(`${field}.seed`, item.seed, 0, SEED_MAX);
  checkWhole(`${field}.parameters`, item.parameters.length, 0, PARAMETER_SETS_MAX);
  checkWhole(`${field}.observables`, item.observables.length, 0, OBSERVABLES_MAX);
  if (!device.formats.includes(item.format)) {
    throw new QfsError(
      'NOT_IMPLEMENTED',
      `${field} is ${item.format}; ${device.id} takes ${device.formats.join(', ')}.`,
    );
  }
}

/** Holds a request to the bounds that need no look into the circuits; JOB_SPEC_INVALID names the field. */
export function admit(request: ExecutionRequest, device: Device): void {
  const { items, attempt, timeLimitMs } = request;
  if (items.length < 1 || items.length > JOB_ITEMS_MAX) {
    refuse('items', `has ${items.length} entries; a batch has 1 to ${JOB_ITEMS_MAX}`);
  }
  checkWhole('attempt', attempt, 1, Number.MAX_SAFE_INTEGER);
  if (timeLimitMs !== undefined && !(timeLimitMs > 0))
    refuse('time_limit', `is ${timeLimitMs} ms; it must be positive`);
  for (const [index, item] of items.entries()) admitItem(item, `items[${index}]`, device);
}
