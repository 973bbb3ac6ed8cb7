import {
  type Actor,
  type Applied,
  base32,
  type CborInput,
  decodeCbor,
  type Entry,
  encodeEntry,
  equal,
  type JobId,
  type KeyId,
  keyIdOf,
  type LogRecord,
  NO_CLUSTER_ID,
  type NodeId,
  newAccountId,
  newEntryId,
  newJobId,
  nodeIdOf,
  type SignatureVerifier,
  signedMessage,
  taggedHash,
  unhex,
  utf8,
} from '@qfs/core/exact';
import { applyLogEntry } from '../apply.ts';
import { PROTOCOL, type Protocol } from '../protocol.ts';

/** A keyed hash in place of a signature: as deterministic as the state machine that asks for it. */
export const signInsecurely = (spki: Uint8Array, message: Uint8Array): Uint8Array =>
  taggedHash('qfs/insecure-test/v1', spki, message);

export const verifyInsecurely: SignatureVerifier = (algorithm, spki, message, signature) =>
  algorithm === 'INSECURE-TEST' && equal(signature, signInsecurely(spki, message));

const seeded = (name: string, length: number): Uint8Array =>
  taggedHash('qfs/test-bytes/v1', utf8(name)).subarray(0, length);

export const SPKI: Uint8Array = utf8('the public key of a test node');
export const memberOf = (spki: Uint8Array): { nodeId: NodeId; keyId: KeyId; spki: Uint8Array } => ({
  nodeId: nodeIdOf(spki),
  keyId: keyIdOf(spki),
  spki,
});
export const NODE = memberOf(SPKI);
/** The members of a log of three. */
export const THREE = [NODE, memberOf(utf8('a second node')), memberOf(utf8('a third node'))] as const;
export const ACCOUNT = newAccountId(seeded('account', 17));
export const jobId = (name: string): JobId => newJobId(1_700_000_000_000, seeded(name, 10));
export const digest = (name: string): Uint8Array => seeded(name, 32);

/** Fields of an entry that a test wants otherwise. */
export type Change = { readonly [Field in keyof Entry]?: Entry<CborInput>[Field] };

export type Body = { readonly [key: string]: CborInput };

const foundersOf = (members: readonly (typeof NODE)[]): CborInput =>
  members.map(({ nodeId, keyId, spki }) => ({
    node_id: nodeId,
    key_id: keyId,
    algorithm: 'INSECURE-TEST',
    spki,
  }));

export const genesisBody: Body = {
  level: 1,
  members: foundersOf([NODE]),
  admins: [ACCOUNT],
  electors: [{ account: ACCOUNT, weight: 1 }],
  economy_profile: 'sponsored',
  limits: { entry_bytes_max: 262_144, block_bytes_max: 1_048_576, epoch_ticks: 512 },
  created_at_ms: 1_700_000_000_000,
};

export const acceptedBody = (job: JobId, change: Body = {}): Body => ({
  job_id: job,
  account: ACCOUNT,
  target: 'sim:local',
  priority: 50,
  seed: 42,
  attempts_max: 4,
  manifest: [{ name: 'program.qasm', sha256: digest('program'), size: 120, type: 'program' }],
  accepted_at_ms: 1_700_000_000_000,
  ...change,
});

export const finishedBody = (job: JobId, change: Body = {}): Body => ({
  job_id: job,
  attempt: 1,
  fencing: { term: 1, n: 1 },
  state: 'DONE',
  manifest: [{ name: 'results.json', sha256: digest('results'), size: 99, type: 'results' }],
  finished_at_ms: 1_700_000_001_000,
  ...change,
});

export const genesisOfThree: Body = { ...genesisBody, members: foundersOf(THREE) };

/** A log and its state in memory, with a node that proposes. */
export class TestLedger {
  readonly state = new Map<string, Uint8Array>();
  readonly #protocol: Protocol;
  term = 1;
  #index = 0;

  constructor(protocol: Protocol = PROTOCOL) {
    this.#protocol = protocol;
  }

  /** A ledger whose GENESIS is applied. */
  static founded(body: Body = genesisBody, protocol: Protocol = PROTOCOL): TestLedger {
    const ledger = new TestLedger(protocol);
    ledger.applyBytes(ledger.entry('GENESIS', body, {}, true));
    return ledger;
  }

  /** The index of the next entry. */
  get nextIndex(): number {
    return this.#index + 1;
  }

  /** The bytes of an entry of the first node, signed by it or by whoever holds the key that is named. */
  entry(type: string, body: Body, change: Change = {}, signer: Uint8Array | boolean = false): Uint8Array {
    const unsigned: Entry<CborInput> = {
      type,
      level: 1,
      entryId: newEntryId(seeded(`entry ${this.#index + 1}`, 17)),
      actor: NODE.nodeId as Actor,
      keyId: NODE.keyId,
      nonce: 0,
      tick: 0,
      body,
      ...change,
    };
    if (signer === false) return encodeEntry(unsigned);
    const message = signedMessage(this.clusterId(), encodeEntry(unsigned), unsigned);
    return encodeEntry({ ...unsigned, signature: signInsecurely(signer === true ? SPKI : signer, message) });
  }

  propose(type: string, body: Body, change: Change = {}): Applied {
    return this.applyBytes(this.entry(type, body, change));
  }

  /** Proposes what must be signed. */
  proposeSigned(type: string, body: Body, change: Change = {}): Applied {
    return this.applyBytes(this.entry(type, body, change, true));
  }

  applyBytes(bytes: Uint8Array): Applied {
    const applied = this.judge(bytes);
    this.#index += 1;
    if (applied.outcome === 'REJECTED') return applied;
    for (const { key, value } of applied.writes) {
      if (value === undefined) this.state.delete(key);
      else this.state.set(key, value);
    }
    return applied;
  }

  /** What applying would give, without doing it. */
  judge(bytes: Uint8Array): Applied {
    const record: LogRecord = { index: this.#index + 1, term: this.term, bytes };
    return applyLogEntry(record, this.state, verifyInsecurely, this.#protocol);
  }

  /** What one key holds, as text. */
  drawn(key: string): string | undefined {
    const value = this.state.get(key);
    return value === undefined ? undefined : draw(decoded(value));
  }

  /** The state as text: a line per key, bytes as their first characters of base32. */
  drawing(): string {
    const keys = [...this.state.keys()].sort();
    return keys.map((key) => `${key} ${this.drawn(key)}\n`).join('');
  }

  clusterId(): Uint8Array {
    const cluster = this.state.get('system/cluster');
    if (cluster === undefined) return NO_CLUSTER_ID;
    const id = unhex((decoded(cluster) as ReadonlyMap<string, string>).get('cluster_id')!);
    return id.ok ? id.value : NO_CLUSTER_ID;
  }
}

export function decoded(bytes: Uint8Array): unknown {
  const value = decodeCbor(bytes);
  return value.ok ? value.value : value.error;
}

function draw(value: unknown): string {
  if (value instanceof Uint8Array) return `<${value.length}:${base32(value).slice(0, 8)}>`;
  if (value instanceof Map) return `{${[...value].map(([key, item]) => `${key}: ${draw(item)}`).join(', ')}}`;
  if (Array.isArray(value)) return `[${value.map(draw).join(', ')}]`;
  return String(value);
}
