import { QfsError } from '@qfs/core';
import { directClient, LogService } from '@qfs/rpc';

const LAST = 3n;

/** A log of three entries that says what it is told. */
export const memoryLog = () =>
  directClient(LogService, {
    getLogStatus: () => ({ transport: 'local', appliedIndex: LAST, term: 1n, level: 1 }),
    async *readLog({ from, to, types }) {
      for (let index = from || LAST; index <= (to || LAST); index++) {
        const type = index === 1n ? 'GENESIS' : 'NOOP';
        if (types.length === 0 || types.includes(type)) yield { index, type, bodyJson: '{}' };
      }
    },
    async *verifyLog() {
      yield { index: 1n, to: LAST };
      yield { index: LAST, to: LAST, done: true, ok: true };
    },
    async *replayLog() {
      yield { index: LAST, to: LAST, done: true, ok: false, reason: 'planted' };
    },
    proveEntry: ({ index }) => {
      if (index > LAST) throw new QfsError('LOG_INDEX_UNKNOWN', `There is no entry ${index}.`);
      return { index, treeSize: LAST };
    },
  });
