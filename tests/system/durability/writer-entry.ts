import type { StoreModule } from '@qfs/core';
import { blobModule, runWriterWorker } from '@qfs/storage';
import { hastyModule } from './hasty-module.ts';

/** What a promise of durability rests on in this program. */
const promises: StoreModule = {
  name: 'promises',
  migrations: ['CREATE TABLE promises (text TEXT NOT NULL) STRICT'],
  operations: {
    'promises.make': (database, text: string) => database.run('INSERT INTO promises (text) VALUES (?)', text),
  },
};

runWriterWorker((fault) =>
  fault === 'commit' ? [blobModule, promises, hastyModule] : [blobModule, promises],
);
