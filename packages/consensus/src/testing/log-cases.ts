/**
 * What a caller sees of a log, whichever transport holds it. Every transport runs these cases over logs of
 * its own:
 *
 * for (const [name, run] of LOG_CASES) test(`local: ${name}`, () => run(openLocalLog));
 */
import assert from 'node:assert/strict';
import { decodeCheckpoint, decodeEntry, equal, sha3_256, unhex } from '@qfs/core/exact';
import { CHAIN_START, type ChainHead, extendChain, linkHash } from '../chain.ts';
import { LOG_READ_ENTRIES_MAX, type Log, type LogProofs, type Proposal, type StoredEntry } from '../log.ts';
import { acceptance } from './test-log.ts';

/** A founded log, and what only its host can do with it. */
export interface LogUnderTest extends AsyncDisposable {
  readonly log: Log & LogProofs;
  /** Makes a certificate over everything so far. */
  certify(): Promise<void>;
  /** Ends the process that holds the log and starts it again. */
  restart(): Promise<LogUnderTest>;
  /** Lets what waits for time go on. */
  passTime(): void;
}

type Open = () => Promise<LogUnderTest>;

const NOOP: Proposal = { type: 'NOOP', body: {} };
const REFUSED: Proposal = { type: 'NOBODY_KNOWS', body: {} };
const entryIdOf = (letter: string): string => `entry_${letter.repeat(26)}`;

export const LOG_CASES: readonly (readonly [name: string, run: (open: Open) => Promise<void>])[] = [
  ['a proposal resolves with its outcome, which its id finds again, also after a restart', outcomes],
  ['LOG-7: entries apply in order, each on what came before; a rejected one stays with its code', ordered],
  ['LOG-16: proposing an id that the log holds appends nothing and answers what was recorded', repeated],
  ['LOG-3, LOG-5, LOG-6: what is read are the bytes that were hashed, linked from GENESIS on', linked],
  ['a read is bounded by its range and by its largest page', bounded],
  ['a tail gives what is there, then what comes, until it is aborted', tailed],
  ['a range that is verified, and one that the log does not have', verified],
  ['LOG-25, LOG-27: an entry is proved once a certificate covers it, and then always alike', proved],
  ['REC-4: a payload is sealed once', sealed],
];

async function outcomes(open: Open): Promise<void> {
  await using first = await open();
  const entryId = entryIdOf('e');
  const { appliedIndex: index, term } = await first.log.status();
  const [outcome, drawn] = await first.log.propose([{ ...acceptance(), entryId }, acceptance()]);
  assert.deepEqual(outcome, { entryId, index: index + 1, term, outcome: 'ACCEPTED' });
  assert.ok(drawn?.outcome === 'ACCEPTED');
  assert.deepEqual(await first.log.outcomeOf(drawn.entryId), drawn);
  await using again = await first.restart();
  assert.deepEqual(await again.log.outcomeOf(entryId), outcome);
  assert.equal(await again.log.outcomeOf(entryIdOf('f')), undefined);
  assert.equal(await again.log.outcomeOf('nonsense'), undefined);
  const wrong = again.log.propose([{ ...acceptance(), entryId: 'nonsense' }]);
  await assert.rejects(wrong, { code: 'LOG_ENTRY_REJECTED' });
}

async function ordered(open: Open): Promise<void> {
  await using under = await open();
  const job = acceptance();
  const proposed = await under.log.propose([job, job, REFUSED]);
  const expected = [
    ['ACCEPTED', undefined],
    ['REJECTED', 'JOB_ALREADY_ACCEPTED'],
    ['REJECTED', 'TYPE_UNKNOWN'],
  ];
  assert.deepEqual(
    proposed.map((one) => (one.outcome === 'UNKNOWN' ? [] : [one.outcome, one.code])),
    expected,
  );
  const { appliedIndex } = await under.log.status();
  const stored = await under.log.read(appliedIndex - 2, appliedIndex);
  assert.deepEqual(
    stored.map(({ outcome, code }) => [outcome, code]),
    expected,
  );
}

async function repeated(open: Open): Promise<void> {
  await using under = await open();
  const job = { ...acceptance(), entryId: entryIdOf('c') };
  const [accepted] = await under.log.propose([job]);
  const { appliedIndex } = await under.log.status();
  assert.deepEqual(await under.log.propose([job, job]), [accepted, accepted]);
  assert.deepEqual(await under.log.propose([{ ...NOOP, entryId: job.entryId }]), [accepted]);
  assert.equal((await under.log.status()).appliedIndex, appliedIndex);
}

async function linked(open: Open): Promise<void> {
  await using under = await open();
  await under.log.propose([acceptance(), REFUSED, NOOP]);
  const { clusterId, appliedIndex, linkHash: end } = await under.log.status();
  const entries = await under.log.read(1, appliedIndex);
  const cluster = sha3_256(entries[0]!.bytes);
  assert.deepEqual(unhex(clusterId), { ok: true, value: cluster });
  let head: ChainHead = CHAIN_START;
  for (const entry of entries) {
    const next = extendChain(cluster, head, entry);
    assert.ok(typeof next !== 'string', String(next));
    const decoded = decodeEntry(entry.bytes);
    assert.ok(decoded.ok && decoded.value.entryId === entry.entryId && decoded.value.type === entry.type);
    head = next;
  }
  assert.ok(equal(head.linkHash, end));
}

async function bounded(open: Open): Promise<void> {
  await using under = await open();
  const { appliedIndex: start } = await under.log.status();
  await under.log.propose(Array.from({ length: LOG_READ_ENTRIES_MAX + 5 }, () => REFUSED));
  const indexes = async (from: number, to: number): Promise<number[]> =>
    (await under.log.read(from, to)).map(({ index }) => index);
  assert.deepEqual(await indexes(start + 1, start + 3), [start + 1, start + 2, start + 3]);
  assert.deepEqual(await indexes(5, 3), []);
  const last = start + LOG_READ_ENTRIES_MAX + 5;
  assert.deepEqual(await indexes(last - 1, last + 9_999), [last - 1, last]);
  assert.equal((await indexes(1, last)).length, LOG_READ_ENTRIES_MAX);
}

async function tailed(open: Open): Promise<void> {
  await using under = await open();
  const { appliedIndex: start } = await under.log.status();
  await under.log.propose([acceptance()]);
  const stop = new AbortController();
  const tail = under.log.tail(start + 1, stop.signal)[Symbol.asyncIterator]();
  const next = async (): Promise<number | undefined> => {
    const step: IteratorResult<StoredEntry> = await tail.next();
    return step.done === true ? undefined : step.value.index;
  };
  assert.equal(await next(), start + 1);
  const waiting = next();
  await under.log.propose([acceptance(), acceptance()]);
  under.passTime();
  assert.equal(await waiting, start + 2);
  assert.equal(await next(), start + 3);
  const last = next();
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  assert.equal(await last, undefined);
}

async function verified(open: Open): Promise<void> {
  await using under = await open();
  await under.log.propose([acceptance(), REFUSED]);
  await under.certify();
  const { appliedIndex: to } = await under.log.status();
  assert.deepEqual(await under.log.verify(), { ok: true, from: 1, to, checkpoints: 1 });
  assert.deepEqual(await under.log.verify(2), { ok: true, from: 2, to, checkpoints: 1 });
  const beyond = await under.log.verify(to + 9);
  assert.deepEqual(beyond, { ok: false, index: to + 8, reason: `entry ${to + 8} is missing` });
}

async function proved(open: Open): Promise<void> {
  await using first = await open();
  const [outcome] = await first.log.propose([acceptance()]);
  assert.ok(outcome !== undefined && outcome.outcome !== 'UNKNOWN');
  const { index } = outcome;
  assert.equal(await first.log.prove(index), undefined, 'no certificate yet');
  await first.certify();
  const proof = await first.log.prove(index);
  assert.ok(proof !== undefined);
  const statement = decodeCheckpoint(proof.checkpoint.statement);
  assert.ok(statement.ok && statement.value.treeSize === proof.inclusion.treeSize);
  const [entry] = await first.log.read(index, index);
  const { clusterId } = statement.value;
  const { term, bytes, previousLink: previous } = proof;
  assert.ok(equal(linkHash({ clusterId, index, term, previous, bytes }), entry!.linkHash));
  await first.log.propose([NOOP]);
  await first.certify();
  await using again = await first.restart();
  assert.deepEqual(await again.log.prove(index), proof);
  assert.equal(await again.log.prove((await again.log.status()).appliedIndex + 1), undefined);
}

async function sealed(open: Open): Promise<void> {
  await using first = await open();
  const payload = Uint8Array.of(1, 2, 3);
  const seal = await first.log.sealStatement('application/x', payload);
  assert.deepEqual(
    seal.signatures.map(({ algorithm }) => algorithm),
    ['ML-DSA-65', 'Ed25519'],
  );
  await using again = await first.restart();
  assert.deepEqual(await again.log.sealStatement('application/x', payload), seal);
}
