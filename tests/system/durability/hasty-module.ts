import type { StoreModule } from '@qfs/core';

/** The planted fault: commits return before anything is on the medium. */
export const hastyModule: StoreModule = {
  name: 'hasty',
  migrations: [],
  operations: {},
  open: (database) => database.exec('COMMIT; PRAGMA synchronous = OFF; BEGIN IMMEDIATE'),
};
