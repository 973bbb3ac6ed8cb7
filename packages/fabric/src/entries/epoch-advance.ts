import { record, required, type ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import {
  CONFIG,
  CONFIG_KEY,
  CONTEXT,
  CONTEXT_KEY,
  count,
  epochEnd,
  LEVEL_CHANGE,
  LEVEL_CHANGE_KEY,
} from '../records.ts';

const BODY = record(required('epoch', count));

/** The next epoch begins, if its time has come; a call too early or too late is no fault and does nothing. */
export const EPOCH_ADVANCE: EntryType<ValueOf<typeof BODY>> = {
  type: 'EPOCH_ADVANCE',
  level: 1,
  signature: 'optional',
  body: BODY,
  apply: ({ epoch }, transaction) => {
    const standing = transaction.existing(CONTEXT_KEY, CONTEXT);
    const { tick } = transaction.context;
    if (epoch !== standing.epoch + 1 || tick < standing.epochEndTick) return undefined;
    const { limits } = transaction.existing(CONFIG_KEY, CONFIG);
    const change = transaction.get(LEVEL_CHANGE_KEY, LEVEL_CHANGE);
    const due = change?.epoch === epoch;
    if (due) transaction.remove(LEVEL_CHANGE_KEY);
    transaction.put(CONTEXT_KEY, CONTEXT, {
      ...standing,
      epoch,
      epochEndTick: epochEnd(tick, limits),
      level: due ? change.level : standing.level,
    });
    return undefined;
  },
};
