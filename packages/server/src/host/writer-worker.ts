import { artifactModule } from '@qfs/circuitfs';
import { localLogModule, type NodePqcAlgorithm, nodePqcProvider } from '@qfs/consensus/local';
import { openStateMap, PROTOCOL_LEVEL } from '@qfs/fabric';
import { jobStoreModule } from '@qfs/kernel/store';
import { blobModule, runWriterWorker } from '@qfs/storage';
import { applier } from './applier.ts';

/** What the composition root hands to the writer's thread. */
export interface WriterSettings {
  readonly tickMs: number;
  readonly nodeAlgorithm: NodePqcAlgorithm;
}

// The entry file of the writer's thread: every room that keeps something in the one database file. An applied
// entry reaches them in this order: the job must stand before its artifacts get their names.
runWriterWorker((given) => {
  const { tickMs, nodeAlgorithm } = given as WriterSettings;
  return [
    blobModule,
    localLogModule({
      applier,
      stateMap: openStateMap,
      pqc: nodePqcProvider(nodeAlgorithm),
      level: PROTOCOL_LEVEL,
      tickMs,
    }),
    jobStoreModule(),
    artifactModule,
  ];
});
