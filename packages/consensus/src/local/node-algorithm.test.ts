import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkpointMessage } from '@qfs/core/exact';
import { acceptance, TestLog } from '../testing/test-log.ts';
import { readIdentity } from './identity.ts';
import { nodePqcProvider, verifyNodeSignature } from './node-pqc.ts';

for (const algorithm of ['ML-DSA-44', 'ML-DSA-87'] as const) {
  test(`REC-4, LOG-27: a node with a key of ${algorithm} keeps it, whatever a later start asks for`, async () => {
    await using log = new TestLog({ pqc: nodePqcProvider(algorithm) });
    await log.log.propose([acceptance()]);
    await log.call('log.checkpoint', {});
    const { spki, algorithm: kept } = readIdentity(log.reader);
    assert.equal(kept, algorithm);
    const { checkpoint } = (await log.log.prove(2))!;
    const message = checkpointMessage(checkpoint.statement);
    assert.ok(verifyNodeSignature(algorithm, spki, message, checkpoint.signatures[0]!.signature));
    const seal = await log.log.sealStatement('text/plain', Uint8Array.of(1));
    assert.deepEqual(
      seal.signatures.map((one) => one.algorithm),
      [algorithm, 'Ed25519'],
    );
  });
}
