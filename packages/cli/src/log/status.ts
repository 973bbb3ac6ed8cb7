import type { GetLogStatusResponse } from '@qfs/client';
import { hex } from '@qfs/core/exact';

export function statusRows(status: GetLogStatusResponse): readonly (readonly string[])[] {
  const { checkpoint } = status;
  return [
    ['cluster', status.clusterId],
    ['node', status.nodeId],
    ['transport', status.transport],
    [
      'applied',
      `entry ${status.appliedIndex}, term ${status.term}, tick ${status.tick}, epoch ${status.epoch}`,
    ],
    ['level', String(status.level)],
    ['link hash', hex(status.linkHash)],
    ['effects hash', hex(status.effectsHash)],
    ['archived', status.archivedIndex === 0n ? 'nothing' : `up to entry ${status.archivedIndex}`],
    ...(checkpoint === undefined
      ? [['checkpoint', 'none yet']]
      : [
          ['checkpoint', `${checkpoint.treeSize} entries, ${checkpoint.signatures.length} signatures`],
          ['log root', hex(checkpoint.logRoot)],
          ['state root', hex(checkpoint.stateRoot)],
        ]),
    ...status.subsystems.map(({ name, root }) => [`  ${name}`, hex(root)]),
  ];
}

export function statusDocument(status: GetLogStatusResponse): object {
  const { checkpoint } = status;
  return {
    cluster_id: status.clusterId,
    node_id: status.nodeId,
    transport: status.transport,
    applied_index: Number(status.appliedIndex),
    term: Number(status.term),
    tick: Number(status.tick),
    epoch: Number(status.epoch),
    level: status.level,
    link_hash: hex(status.linkHash),
    effects_hash: hex(status.effectsHash),
    archived_index: Number(status.archivedIndex),
    ...(checkpoint === undefined
      ? {}
      : {
          checkpoint: {
            tree_size: Number(checkpoint.treeSize),
            log_root: hex(checkpoint.logRoot),
            state_root: hex(checkpoint.stateRoot),
            signatures: checkpoint.signatures.map(({ keyId }) => keyId),
          },
        }),
    subsystems: Object.fromEntries(status.subsystems.map(({ name, root }) => [name, hex(root)])),
  };
}
