/** Bodies of the entries by which members and admins act. */
import {
  type CborInput,
  type CheckpointStatement,
  checkpointMessage,
  encodeCheckpoint,
  levelSupportMessage,
} from '@qfs/core/exact';
import { ACCOUNT, type Body, digest, signInsecurely, type TestLedger, type THREE } from './test-ledger.ts';

/** An operator key that the admin sets. */
export const configBody = (key: string, value: number, more: Body = {}): Body => ({
  on_behalf_of: ACCOUNT,
  key,
  value,
  ...more,
});

type Member = (typeof THREE)[number];

/** Members announce a level. */
export function levelBody(
  ledger: TestLedger,
  level: number,
  members: readonly Member[],
  change: Body = {},
): Body {
  const announcements: CborInput = members.map(({ nodeId, keyId, spki }) => ({
    node_id: nodeId,
    key_id: keyId,
    signature: signInsecurely(spki, levelSupportMessage(ledger.clusterId(), level, nodeId)),
  }));
  return { on_behalf_of: ACCOUNT, level, announcements, ...change };
}

export const statementOf = (
  ledger: TestLedger,
  treeSize: number,
  change: Partial<CheckpointStatement> = {},
): Uint8Array =>
  encodeCheckpoint({
    clusterId: ledger.clusterId(),
    treeSize,
    logRoot: digest('log root'),
    stateRoot: digest('state root'),
    membershipHash: digest('members'),
    configHash: digest('configuration'),
    level: 1,
    tick: 0,
    ...change,
  });

export const signaturesOf = (members: readonly Member[], signed: Uint8Array): CborInput =>
  members.map(({ keyId, spki }) => ({
    key_id: keyId,
    signature: signInsecurely(spki, checkpointMessage(signed)),
  }));

/** Members vouch for the first entries. */
export function certificateBody(ledger: TestLedger, treeSize: number, members: readonly Member[]): Body {
  const signed = statementOf(ledger, treeSize);
  return { statement: signed, signatures: signaturesOf(members, signed) };
}
