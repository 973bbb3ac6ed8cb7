import type { ValueOf } from '../codec.ts';
import type { EntryType } from '../entry-type.ts';
import { CHECKPOINT_KEY, CHECKPOINT_RECORD, SEGMENT, SEGMENTS, segmentKey } from '../records.ts';
import { reject } from '../rejections.ts';

/** Entries are archived, so that their bytes may leave the database. */
export const SEGMENT_SEALED: EntryType<ValueOf<typeof SEGMENT>> = {
  type: 'SEGMENT_SEALED',
  level: 1,
  signature: 'optional',
  body: SEGMENT,
  apply: (body, transaction) => {
    const { from, to } = body;
    const last = transaction.keysUnder(SEGMENTS).at(-1);
    const sealed = last === undefined ? 0 : transaction.existing(last, SEGMENT).to;
    if (from !== sealed + 1 || to < from) {
      return reject('SEGMENT_INVALID', `entries ${from} to ${to} after ${sealed} that are sealed`);
    }
    const covered = transaction.get(CHECKPOINT_KEY, CHECKPOINT_RECORD)?.treeSize ?? 0;
    if (to > covered) return reject('SEGMENT_INVALID', `checkpoints cover ${covered} entries, not ${to}`);
    transaction.put(segmentKey(from), SEGMENT, body);
    return undefined;
  },
};
