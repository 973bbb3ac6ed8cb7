/** The receipt of a job, as bytes and as parts: clauses REC-3 to REC-9. */
import { equal, err, hex, ok, type Result, unhex, utf8, utf8Decode } from '@qfs/core/exact';
import { type JsonValue, jcs, parseJson } from '@qfs/core/json';
import { base64, unbase64 } from './base64.ts';

export const RECEIPT_VERSION = 'qfs-receipt/1';
/** Bytes of the receipt of a job of one item. */
export const RECEIPT_BYTES_MAX = 32 * 1024;
/** Bytes that a reader takes at most: the largest entry and statement, as base64. */
export const RECEIPT_READ_BYTES_MAX = 4 * 1024 * 1024;

export interface EnvelopeSignature {
  readonly algorithm: string;
  readonly keyId: string;
  readonly signature: Uint8Array;
}

export interface ReceiptStatementKey {
  readonly keyId: string;
  readonly nodeId: string;
  readonly algorithm: string;
  readonly spki: Uint8Array;
  readonly binding: Uint8Array;
}

export interface Receipt {
  /** 64 hexadecimal digits. */
  readonly clusterId: string;
  readonly jobId: string;
  readonly envelope: {
    readonly payloadType: string;
    readonly payload: Uint8Array;
    readonly signatures: readonly EnvelopeSignature[];
  };
  readonly entry: {
    readonly index: number;
    readonly term: number;
    readonly previousLink: Uint8Array;
    readonly bytes: Uint8Array;
  };
  readonly inclusion: { readonly treeSize: number; readonly hashes: readonly Uint8Array[] };
  readonly checkpoint: {
    readonly statement: Uint8Array;
    readonly signatures: readonly { readonly keyId: string; readonly signature: Uint8Array }[];
  };
  readonly membership: {
    readonly genesis: Uint8Array;
    readonly statementKeys: readonly ReceiptStatementKey[];
  };
}

/** The bytes of a receipt: canonical JSON and one line feed. */
export function writeReceipt(receipt: Receipt): Uint8Array {
  const { envelope, entry, inclusion, checkpoint, membership } = receipt;
  const document = {
    version: RECEIPT_VERSION,
    cluster_id: receipt.clusterId,
    job_id: receipt.jobId,
    envelope: {
      payloadType: envelope.payloadType,
      payload: base64(envelope.payload),
      signatures: envelope.signatures.map(({ algorithm, keyId, signature }) => ({
        algorithm,
        keyid: keyId,
        sig: base64(signature),
      })),
    },
    entry: {
      index: entry.index,
      term: entry.term,
      previous_link: hex(entry.previousLink),
      bytes: base64(entry.bytes),
    },
    inclusion: { tree_size: inclusion.treeSize, hashes: inclusion.hashes.map(hex) },
    checkpoint: {
      statement: base64(checkpoint.statement),
      signatures: checkpoint.signatures.map(({ keyId, signature }) => ({
        key_id: keyId,
        signature: base64(signature),
      })),
    },
    membership: {
      genesis: base64(membership.genesis),
      changes: [],
      statement_keys: membership.statementKeys.map(({ keyId, nodeId, algorithm, spki, binding }) => ({
        key_id: keyId,
        node_id: nodeId,
        algorithm,
        spki: base64(spki),
        binding: base64(binding),
      })),
    },
  };
  return utf8(`${jcs(document)}\n`);
}

/** Reads a receipt; refuses every byte sequence but the one that `writeReceipt` writes for it. */
export function readReceipt(bytes: Uint8Array): Result<Receipt, string> {
  if (bytes.length > RECEIPT_READ_BYTES_MAX) {
    return err(`${bytes.length} bytes are more than the ${RECEIPT_READ_BYTES_MAX} of a receipt`);
  }
  const text = utf8Decode(bytes);
  if (!text.ok) return text;
  const parsed = parseJson(text.value);
  if (!parsed.ok)
    return err(`line ${parsed.error.line}, column ${parsed.error.column}: ${parsed.error.message}`);
  try {
    const receipt = readDocument(new Node(parsed.value, 'the receipt'));
    return equal(writeReceipt(receipt), bytes)
      ? ok(receipt)
      : err('it is not canonical: its own parts, written again, give other bytes');
  } catch (thrown) {
    if (thrown instanceof Misshapen) return err(thrown.message);
    throw thrown;
  }
}

function readDocument(root: Node): Receipt {
  const version = root.at('version').text();
  if (version !== RECEIPT_VERSION) throw new Misshapen(`version is ${version}, not ${RECEIPT_VERSION}`);
  const envelope = root.at('envelope');
  const entry = root.at('entry');
  const inclusion = root.at('inclusion');
  const checkpoint = root.at('checkpoint');
  const membership = root.at('membership');
  if (membership.at('changes').list().length > 0)
    throw new Misshapen('membership.changes has entries, which this version does not know');
  return {
    clusterId: root.at('cluster_id').text(),
    jobId: root.at('job_id').text(),
    envelope: {
      payloadType: envelope.at('payloadType').text(),
      payload: envelope.at('payload').bytes(),
      signatures: envelope
        .at('signatures')
        .list()
        .map((one) => ({
          algorithm: one.at('algorithm').text(),
          keyId: one.at('keyid').text(),
          signature: one.at('sig').bytes(),
        })),
    },
    entry: {
      index: entry.at('index').count(),
      term: entry.at('term').count(),
      previousLink: entry.at('previous_link').hash(),
      bytes: entry.at('bytes').bytes(),
    },
    inclusion: {
      treeSize: inclusion.at('tree_size').count(),
      hashes: inclusion
        .at('hashes')
        .list()
        .map((one) => one.hash()),
    },
    checkpoint: {
      statement: checkpoint.at('statement').bytes(),
      signatures: checkpoint
        .at('signatures')
        .list()
        .map((one) => ({ keyId: one.at('key_id').text(), signature: one.at('signature').bytes() })),
    },
    membership: {
      genesis: membership.at('genesis').bytes(),
      statementKeys: membership
        .at('statement_keys')
        .list()
        .map((one) => ({
          keyId: one.at('key_id').text(),
          nodeId: one.at('node_id').text(),
          algorithm: one.at('algorithm').text(),
          spki: one.at('spki').bytes(),
          binding: one.at('binding').bytes(),
        })),
    },
  };
}

/** Leaves the reader from any depth; never escapes this file. */
class Misshapen extends Error {}

/** One value of the document and where it stands. */
class Node {
  readonly #value: JsonValue;
  readonly #path: string;

  constructor(value: JsonValue, path: string) {
    this.#value = value;
    this.#path = path;
  }

  at(name: string): Node {
    const value = this.#value;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return this.#wrong('an object');
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member === undefined) throw new Misshapen(`${this.#path} has no ${name}`);
    return new Node(member, this.#path === 'the receipt' ? name : `${this.#path}.${name}`);
  }

  list(): Node[] {
    const value = this.#value;
    if (!Array.isArray(value)) return this.#wrong('a list');
    return value.map((item, at) => new Node(item, `${this.#path}[${at}]`));
  }

  text(): string {
    return typeof this.#value === 'string' ? this.#value : this.#wrong('a text');
  }

  /** An integer from 1. */
  count(): number {
    const value = this.#value;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
      ? value
      : this.#wrong('an integer from 1');
  }

  bytes(): Uint8Array {
    const read = unbase64(this.text());
    if (!read.ok) throw new Misshapen(`${this.#path}: ${read.error}`);
    return read.value;
  }

  /** 32 bytes in hexadecimal. */
  hash(): Uint8Array {
    const read = unhex(this.text());
    return read.ok && read.value.length === 32 ? read.value : this.#wrong('64 hexadecimal digits');
  }

  #wrong(expected: string): never {
    throw new Misshapen(`${this.#path} is not ${expected}`);
  }
}
