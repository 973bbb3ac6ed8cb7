#!/usr/bin/env node
// Verifies a QFS receipt with nothing but node:crypto (Node 24 or newer), as docs/spec/receipts.md defines it.
//
//   node verify-receipt.mjs receipt.json [--cluster ID] [--results results.json]
//
// Exit code 0: the receipt proves what is printed. 2: it does not, and the failing step is named.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const fail = (step, reason) => {
  console.error(`NOT VERIFIED at ${step}: ${reason}`);
  process.exit(2);
};
process.on('uncaughtException', ({ message }) => fail('form', message));
const demand = (condition, step, reason) => condition || fail(step, reason);
const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const sha3 = (...parts) => createHash('sha3-256').update(Buffer.concat(parts)).digest();
const u64 = (value) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};

// RFC 8785 for the values that receipts hold: integers, texts, lists and objects.
const canonical = (value) =>
  Array.isArray(value)
    ? `[${value.map(canonical).join(',')}]`
    : value !== null && typeof value === 'object'
      ? `{${Object.keys(value)
          .sort()
          .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
          .join(',')}}`
      : JSON.stringify(value);

// What a document is made of: names without values.
const shape = (value) => {
  if (Array.isArray(value)) return [...new Set(value.map(shape))].join();
  if (value === null || typeof value !== 'object') return '';
  return `{${Object.keys(value).sort().map((key) => key + shape(value[key]))}}`;
};
const SHAPE =
  '{checkpoint{signatures{key_id,signature},statement},cluster_id,entry{bytes,index,previous_link,term},' +
  'envelope{payload,payloadType,signatures{algorithm,keyid,sig}},inclusion{hashes,tree_size},job_id,' +
  'membership{changes,genesis,statement_keys{algorithm,binding,key_id,node_id,spki}},version}';

const unbase64 = (text, step) => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : fail(step, 'base64 that is not canonical');
};

// RFC 8949, the kinds that the log uses: integers, byte and text strings, arrays, maps (LOG-1).
function decodeCbor(bytes) {
  let at = 0;
  const head = () => {
    const first = bytes[at++];
    const info = first & 31;
    if (info < 24) return [first >> 5, BigInt(info)];
    const length = { 24: 1, 25: 2, 26: 4, 27: 8 }[info] ?? fail('form', 'CBOR that LOG-1 does not know');
    const value = BigInt(`0x${bytes.subarray(at, at + length).toString('hex')}`);
    at += length;
    return [first >> 5, value];
  };
  const item = () => {
    const [major, value] = head();
    const count = Number(value);
    if (major === 0) return value <= Number.MAX_SAFE_INTEGER ? count : value;
    if (major === 1) return -1n - value;
    if (major === 2 || major === 3) {
      const slice = bytes.subarray(at, at + count);
      at += count;
      return major === 2 ? slice : slice.toString('utf8');
    }
    if (major === 4) return Array.from({ length: count }, item);
    if (major === 5) return new Map(Array.from({ length: count }, () => [item(), item()]));
    return fail('form', 'CBOR that LOG-1 does not know');
  };
  const value = item();
  return at === bytes.length ? value : fail('form', 'bytes behind a CBOR value');
}

function encodeCbor(value) {
  const head = (major, count) => {
    const [info, length] = count < 24 ? [count, 0] : count < 256 ? [24, 1] : count < 65536 ? [25, 2] : [26, 4];
    const bytes = Buffer.alloc(1 + length);
    bytes[0] = (major << 5) | info;
    if (length > 0) bytes.writeUIntBE(count, 1, length);
    return bytes;
  };
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  const pairs = Object.entries(value).map(([key, item]) => [encodeCbor(key), encodeCbor(item)]);
  pairs.sort(([a], [b]) => Buffer.compare(a, b));
  return Buffer.concat([head(5, pairs.length), ...pairs.flat()]);
}

const verifies = (key, message, signature) => {
  const publicKey = createPublicKey({ key: key.spki, type: 'spki', format: 'der' });
  return publicKey.asymmetricKeyType === key.algorithm.toLowerCase() && verify(null, message, publicKey, signature);
};

// RFC 4648 base32 in lower case, first 26 characters (LOG-9).
const idOf = (prefix, label, spki) => {
  let bits = '';
  for (const byte of sha3(Buffer.from(label), spki)) bits += byte.toString(2).padStart(8, '0');
  const digits = Array.from({ length: 26 }, (_, n) => Number.parseInt(bits.slice(5 * n, 5 * n + 5), 2));
  return prefix + digits.map((digit) => 'abcdefghijklmnopqrstuvwxyz234567'[digit]).join('');
};

const option = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const file = process.argv[2] ?? fail('form', 'no receipt named');
const text = readFileSync(file, 'utf8');

// 1. Form (REC-3)
let receipt;
try {
  receipt = JSON.parse(text);
} catch {
  fail('form', 'not JSON');
}
demand(`${canonical(receipt)}\n` === text, 'form', 'not in canonical form');
demand(receipt.version === 'qfs-receipt/1', 'form', `version ${receipt.version}`);
demand(shape(receipt) === SHAPE, 'form', 'members are missing or too many');
demand(canonical(receipt.membership.changes) === '[]', 'form', 'changes of the membership are not known here');
const { envelope, entry, inclusion, checkpoint, membership } = receipt;

// 2. Membership (REC-9): GENESIS is signed over 32 zero bytes and its bytes without the `sig` pair (LOG-4, LOG-5).
const genesis = unbase64(membership.genesis, 'membership');
const clusterId = sha3(genesis);
demand(clusterId.toString('hex') === receipt.cluster_id, 'membership', 'GENESIS is of another cluster');
const trusted = option('--cluster');
demand(trusted === undefined || trusted === receipt.cluster_id, 'membership', 'another cluster is trusted');
const founding = decodeCbor(genesis);
demand(founding.get('type') === 'GENESIS', 'membership', 'entry 1 is not GENESIS');
const members = founding.get('body').get('members').map((one) => Object.fromEntries(one));
for (const { node_id, key_id, spki } of members) {
  demand(node_id === idOf('node_', 'qfs/node/v1', spki), 'membership', `${node_id} is not the id of its key`);
  demand(key_id === idOf('key_', 'qfs/key/v1', spki), 'membership', `${key_id} is not the id of its key`);
}
const founder = members.find(({ key_id }) => key_id === founding.get('key_id'));
demand(founder !== undefined, 'membership', 'GENESIS is not signed by a member');
const pairEnd = 4 + 4 + encodeCbor(founding.get('sig')).length;
const unsigned = [Buffer.of(genesis[0] - 1), genesis.subarray(1, 4), genesis.subarray(pairEnd)];
const genesisMessage = Buffer.concat([Buffer.from('qfs/entry-sig/v1'), Buffer.alloc(32), ...unsigned]);
demand(verifies(founder, genesisMessage, founding.get('sig')), 'membership', 'the signature of GENESIS');

// 3. Checkpoint (REC-8, LOG-27)
const statementBytes = unbase64(checkpoint.statement, 'checkpoint');
const statement = decodeCbor(statementBytes);
demand(clusterId.equals(statement.get('cluster_id')), 'checkpoint', 'of another cluster');
demand(statement.get('tree_size') === inclusion.tree_size, 'checkpoint', 'of another tree size');
const ascending = [...members].sort((a, b) => (a.node_id < b.node_id ? -1 : 1));
const membersHash = sha3(Buffer.from('qfs/membership/v1'), encodeCbor(ascending));
demand(membersHash.equals(statement.get('membership_hash')), 'checkpoint', 'of other members');
const checkpointMessage = Buffer.concat([Buffer.from('qfs/checkpoint/v1'), statementBytes]);
const signers = new Set();
for (const { key_id, signature } of checkpoint.signatures) {
  const member = members.find((one) => one.key_id === key_id) ?? fail('checkpoint', `${key_id} is no member's`);
  demand(
    verifies(member, checkpointMessage, unbase64(signature, 'checkpoint')),
    'checkpoint',
    `the signature by ${key_id}`,
  );
  signers.add(key_id);
}
demand(2 * signers.size > members.length, 'checkpoint', 'no quorum signed it');

// 4. Inclusion (REC-6, REC-7, LOG-6, LOG-24, LOG-25; RFC 9162 §2.1.3.2)
const entryBytes = unbase64(entry.bytes, 'inclusion');
const finished = decodeCbor(entryBytes);
const linkHash = sha3(
  ...[Buffer.from('qfs/entry/v1'), clusterId, u64(entry.index), u64(entry.term)],
  ...[Buffer.from(entry.previous_link, 'hex'), entryBytes],
);
const type = Buffer.from(finished.get('type'));
const leaf = [u64(entry.index), linkHash, u64(finished.get('tick')), Buffer.of(1, type.length), type];
let hash = sha256(Buffer.of(0), ...leaf);
let position = BigInt(entry.index - 1);
let last = BigInt(inclusion.tree_size - 1);
for (const sibling of inclusion.hashes.map((one) => Buffer.from(one, 'hex'))) {
  demand(last > 0n, 'inclusion', 'the path is too long');
  if (position & 1n || position === last) {
    hash = sha256(Buffer.of(1), sibling, hash);
    while (!(position & 1n) && position !== 0n) [position, last] = [position >> 1n, last >> 1n];
  } else hash = sha256(Buffer.of(1), hash, sibling);
  [position, last] = [position >> 1n, last >> 1n];
}
demand(last === 0n && hash.equals(statement.get('log_root')), 'inclusion', 'the path misses the log root');

// 5. Entry (REC-6)
const payload = unbase64(envelope.payload, 'entry');
const body = finished.get('body');
demand(finished.get('type') === 'JOB_FINISHED' && body.get('job_id') === receipt.job_id, 'entry', 'of another job');
const outputs = new Map(body.get('manifest').map((one) => [one.get('name'), one.get('sha256').toString('hex')]));
demand(outputs.get('statement.json') === sha256(payload).toString('hex'), 'entry', 'names another statement');

// 6. Statement (REC-1, REC-2)
const told = JSON.parse(payload.toString('utf8'));
const { predicate, subject } = told;
demand(`${canonical(told)}\n` === payload.toString('utf8'), 'statement', 'not in canonical form');
demand(predicate.job_id === receipt.job_id && predicate.cluster_id === receipt.cluster_id, 'statement', 'another job');
demand(predicate.state === body.get('state') && predicate.reason === body.get('reason'), 'statement', 'another end');
demand(subject.length === outputs.size - 1, 'statement', 'lists other outputs');
for (const { name, digest } of subject) {
  demand(outputs.get(name) === digest.sha256, 'statement', `${name} has another digest in the log`);
}

// 7. Envelope (REC-4, REC-5)
const keys = [...members];
for (const key of membership.statement_keys) {
  const owner = members.find(({ node_id }) => node_id === key.node_id) ?? fail('envelope', 'a key of no member');
  const spki = unbase64(key.spki, 'envelope');
  demand(key.algorithm === 'Ed25519', 'envelope', `a statement key of ${key.algorithm}`);
  demand(key.key_id === idOf('key_', 'qfs/key/v1', spki), 'envelope', `${key.key_id} is not the id of its key`);
  const binding = [Buffer.from('qfs/statement-key/v1'), clusterId, Buffer.from(key.node_id), spki];
  demand(
    verifies(owner, Buffer.concat(binding), unbase64(key.binding, 'envelope')),
    'envelope',
    `${owner.key_id} does not vouch for ${key.key_id}`,
  );
  keys.push({ ...key, spki });
}
const preamble = `DSSEv1 ${envelope.payloadType.length} ${envelope.payloadType} ${payload.length} `;
const envelopeMessage = Buffer.concat([Buffer.from(preamble), payload]);
demand(envelope.payloadType === 'application/vnd.in-toto+json', 'envelope', 'no statement');
const algorithms = new Set();
for (const { keyid, algorithm, sig } of envelope.signatures) {
  const key = keys.find(({ key_id }) => key_id === keyid) ?? fail('envelope', `${keyid} is no member's`);
  demand(key.algorithm === algorithm, 'envelope', `${keyid} is a key of ${key.algorithm}`);
  demand(verifies(key, envelopeMessage, unbase64(sig, 'envelope')), 'envelope', `the signature by ${keyid}`);
  algorithms.add(`${key.node_id} ${algorithm === 'Ed25519'}`);
}
const isSigned = members.some(({ node_id }) => [true, false].every((one) => algorithms.has(`${node_id} ${one}`)));
demand(isSigned, 'envelope', 'no member signed with both keys');

// 8. The results at hand
const results = option('--results');
if (results !== undefined) {
  const found = `sha256:${sha256(readFileSync(results)).toString('hex')}`;
  demand(found === predicate.results_digest, 'artifacts', `${results} is ${found}`);
}

console.log(`VERIFIED ${receipt.job_id} ${predicate.state}
  cluster   ${receipt.cluster_id}
  accepted  entry ${predicate.accepted_index}, finished entry ${entry.index} of ${inclusion.tree_size}
  program   ${predicate.inputs.map(({ name, digest }) => `${name} sha256:${digest.sha256}`).join('\n            ')}
  compiled  ${predicate.compiled_digest ?? '-'}
  results   ${predicate.results_digest ?? '-'}${results === undefined ? '' : ' (the file at hand)'}
  seed      ${predicate.seed}, ${predicate.shots} shots on ${predicate.target}`);
