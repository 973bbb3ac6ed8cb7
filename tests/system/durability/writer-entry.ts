import type { StoreModule } from '@qfs/core';
import { blobModule, runWriterWorker } from '@qfs/storage';

/** What a promise of durability rests on in this program. */
const promises: StoreModule = {
  name: 'promises',
  migrations: ['CREATE TABLE promises (text TEXT NOT NULL) STRICT'],
  operations: {
    'promises.make': (database, text: string) => database.run('INSERT INTO promises (text) VALUES (?)', text),
  },
};

/** The planted fault: commits return before anything is on the medium. */
const hasty: StoreModule = {
  name: 'hasty',
  migrations: [],
  operations: {},
  open: (database) => database.exec('COMMIT; PRAGMA synchronous = OFF; BEGIN IMMEDIATE'),
};

runWriterWorker((fault) => (fault === 'commit' ? [blobModule, promises, hasty] : [blobModule, promises]));
