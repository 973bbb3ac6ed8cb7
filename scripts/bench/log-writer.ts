import { localLogModule, nodePqcProvider, verifyNodeSignature } from '@qfs/consensus/local';
import { applyLogEntry, openStateMap, PROTOCOL_LEVEL } from '@qfs/fabric';
import { runWriterWorker } from '@qfs/storage';

/** The writer's thread with the log and nothing else. */
runWriterWorker(() => [
  localLogModule({
    applier: (record, state) => applyLogEntry(record, state, verifyNodeSignature),
    stateMap: openStateMap,
    pqc: nodePqcProvider(),
    level: PROTOCOL_LEVEL,
  }),
]);
