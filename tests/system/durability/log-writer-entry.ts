import { localLogModule, nodePqcProvider, verifyNodeSignature } from '@qfs/consensus/local';
import { applyLogEntry, openStateMap, PROTOCOL_LEVEL } from '@qfs/fabric';
import { runWriterWorker } from '@qfs/storage';
import { hastyModule } from './hasty-module.ts';

runWriterWorker((fault) => {
  const log = localLogModule({
    applier: (record, state) => applyLogEntry(record, state, verifyNodeSignature),
    stateMap: openStateMap,
    pqc: nodePqcProvider(),
    level: PROTOCOL_LEVEL,
  });
  return fault === 'commit' ? [log, hastyModule] : [log];
});
