import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import {
  type CborInput,
  checkpointMessage,
  concat,
  type Entry,
  encodeCheckpoint,
  encodeEntry,
  encodeLeaf,
  envelopeMessage,
  hex,
  keyIdOf,
  leafHash,
  type Member,
  membershipHash,
  NO_CLUSTER_ID,
  nodeIdOf,
  type SignatureVerifier,
  sha3_256,
  sha256,
  signedMessage,
  statementKeyMessage,
  treeNodeHash,
  uint64,
  utf8,
} from '@qfs/core/exact';
import type { Receipt } from '../receipt.ts';
import { type JobStatement, STATEMENT_PAYLOAD_TYPE, writeStatement } from '../statement.ts';

interface Signer {
  readonly spki: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

const signerOf = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): Signer => ({
  spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
  sign: (message) => new Uint8Array(sign(null, message, privateKey)),
});

const KEY_TYPES: Readonly<Record<string, string>> = { 'ML-DSA-65': 'ml-dsa-65', Ed25519: 'ed25519' };

/** Signatures as node:crypto judges them. */
export const verifySignature: SignatureVerifier = (algorithm, spki, message, signature) => {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), type: 'spki', format: 'der' });
    return key.asymmetricKeyType === KEY_TYPES[algorithm] && verify(null, message, key, signature);
  } catch {
    return false;
  }
};

export const JOB_ID = 'job_0190b0a0c0d07e8f8a0b0c0d0e0f0a0b';
const ENTRY_ID = `entry_${'a'.repeat(26)}`;

/** A log of one member made by hand, as the specification says: no code of the log itself is used. */
export class MadeLog {
  readonly #mlDsa = signerOf(generateKeyPairSync('ml-dsa-65'));
  readonly #ed25519 = signerOf(generateKeyPairSync('ed25519'));
  readonly member: Member;
  readonly genesis: Uint8Array;
  readonly clusterId: Uint8Array;
  readonly #leaves: Uint8Array[] = [];
  #link = new Uint8Array(32);

  constructor() {
    const { spki } = this.#mlDsa;
    this.member = { nodeId: nodeIdOf(spki), keyId: keyIdOf(spki), algorithm: 'ML-DSA-65', spki };
    const { nodeId, keyId } = this.member;
    const entry = this.#entry('GENESIS', {
      members: [{ node_id: nodeId, key_id: keyId, algorithm: 'ML-DSA-65', spki }],
    });
    const signature = this.#mlDsa.sign(signedMessage(NO_CLUSTER_ID, encodeEntry(entry), entry));
    this.genesis = encodeEntry({ ...entry, signature });
    this.clusterId = sha3_256(this.genesis);
    this.append('GENESIS', this.genesis);
  }

  #entry(type: string, body: { readonly [name: string]: CborInput }): Entry<CborInput> {
    const { nodeId, keyId } = this.member;
    return {
      type,
      level: 1,
      entryId: ENTRY_ID,
      actor: nodeId,
      keyId,
      nonce: 0,
      tick: 0,
      body,
    } as Entry<CborInput>;
  }

  entryBytes(type: string, body: { readonly [name: string]: CborInput }): Uint8Array {
    return encodeEntry(this.#entry(type, body));
  }

  /** Appends bytes as the members judged them; answers the entry's place. */
  append(type: string, bytes: Uint8Array, accepted = true): Receipt['entry'] {
    const index = this.#leaves.length + 1;
    const previousLink = this.#link;
    this.#link = sha3_256(
      concat(utf8('qfs/entry/v1'), this.clusterId, uint64(index), uint64(1), previousLink, bytes),
    ) as Uint8Array<ArrayBuffer>;
    this.#leaves.push(leafHash(encodeLeaf({ index, entryHash: this.#link, tick: 0, accepted, type })));
    return { index, term: 1, previousLink, bytes };
  }

  /** A receipt of an entry under a checkpoint of everything appended so far. */
  receiptOf(entry: Receipt['entry'], payload: Uint8Array): Receipt {
    const statement = encodeCheckpoint({
      clusterId: this.clusterId,
      treeSize: this.#leaves.length,
      logRoot: rootOf(this.#leaves),
      stateRoot: new Uint8Array(32),
      membershipHash: membershipHash([this.member]),
      configHash: new Uint8Array(32),
      level: 1,
      tick: 0,
    });
    const { nodeId, keyId } = this.member;
    const { spki } = this.#ed25519;
    const message = envelopeMessage(STATEMENT_PAYLOAD_TYPE, payload);
    return {
      clusterId: hex(this.clusterId),
      jobId: JOB_ID,
      envelope: {
        payloadType: STATEMENT_PAYLOAD_TYPE,
        payload,
        signatures: [
          { algorithm: 'ML-DSA-65', keyId, signature: this.#mlDsa.sign(message) },
          { algorithm: 'Ed25519', keyId: keyIdOf(spki), signature: this.#ed25519.sign(message) },
        ],
      },
      entry,
      inclusion: { treeSize: this.#leaves.length, hashes: pathOf(entry.index - 1, this.#leaves) },
      checkpoint: {
        statement,
        signatures: [{ keyId, signature: this.#mlDsa.sign(checkpointMessage(statement)) }],
      },
      membership: {
        genesis: this.genesis,
        statementKeys: [
          {
            keyId: keyIdOf(spki),
            nodeId,
            algorithm: 'Ed25519',
            spki,
            binding: this.#mlDsa.sign(statementKeyMessage(this.clusterId, nodeId, spki)),
          },
        ],
      },
    };
  }

  /** The statement of a finished job whose only output is `results.json`. */
  statement(change: Partial<JobStatement> = {}): Uint8Array {
    return writeStatement({
      outputs: [{ name: 'results.json', sha256: hex(sha256(RESULTS)) }],
      clusterId: hex(this.clusterId),
      jobId: JOB_ID,
      acceptedIndex: 2,
      state: 'DONE',
      attempt: 1,
      target: 'sim:local',
      seed: 7,
      priority: 50,
      shots: 1024,
      options: {},
      inputs: [{ name: 'program.qasm', sha256: hex(sha256(utf8('program'))) }],
      resultsDigest: `sha256:${hex(sha256(RESULTS))}`,
      ...change,
    });
  }

  /** JOB_FINISHED that names a statement. */
  finished(statement: Uint8Array, change: { readonly [name: string]: CborInput } = {}): Uint8Array {
    const artifact = (name: string, bytes: Uint8Array) => ({
      name,
      sha256: sha256(bytes),
      size: bytes.length,
      type: name === 'results.json' ? 'results' : 'statement',
    });
    return this.entryBytes('JOB_FINISHED', {
      job_id: JOB_ID,
      attempt: 1,
      fencing: { term: 1, n: 1 },
      state: 'DONE',
      manifest: [artifact('results.json', RESULTS), artifact('statement.json', statement)],
      finished_at_ms: 1,
      ...change,
    });
  }
}

export const RESULTS = utf8('{"items":[]}\n');

/** RFC 9162 §2.1.1. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0]!;
  const split = splitOf(leaves.length);
  return treeNodeHash(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

/** RFC 9162 §2.1.3.1; `at` counts from 0. */
function pathOf(at: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  return at < split
    ? [...pathOf(at, leaves.slice(0, split)), rootOf(leaves.slice(split))]
    : [...pathOf(at - split, leaves.slice(split)), rootOf(leaves.slice(0, split))];
}

function splitOf(length: number): number {
  let split = 1;
  while (split * 2 < length) split *= 2;
  return split;
}
