/**
 * Logs of every kind of entry, good and bad, for properties: what an entry says depends on where the log
 * stands.
 */
import { type Actor, type CborMap, type KeyId, type LogRecord, utf8 } from '@qfs/core/exact';
import fc from 'fast-check';
import { certificateBody, configBody, levelBody } from './rule-bodies.ts';
import {
  ACCOUNT,
  acceptedBody,
  type Body,
  type Change,
  decoded,
  digest,
  finishedBody,
  genesisBody,
  genesisOfThree,
  jobId,
  memberOf,
  TestLedger,
  THREE,
} from './test-ledger.ts';

type Choose = <Value>(of: readonly Value[]) => Value;

/** One entry to be, as numbers, so that a failing log can be printed and shrunk. */
interface Intent {
  readonly type: string;
  /** Draws what the body says. */
  readonly draws: readonly number[];
  readonly tick: 'none' | 'same' | 'later' | 'boundary' | 'endless';
  readonly envelope: (typeof ENVELOPES)[number];
  readonly damage: 'none' | 'field' | 'extra' | 'flip' | 'cut' | 'noise' | 'oversized' | 'replay';
  readonly newTerm: boolean;
}

const ENVELOPES = ['signed', 'plain', 'forged', 'second node', 'stranger', 'wrong actor', 'level 2'] as const;
const JOBS = ['a', 'b', 'c', 'd'].map(jobId);
const OWNER = `acct_${'o'.repeat(26)}`;
const ACCOUNTS = [ACCOUNT, OWNER, `acct_${'x'.repeat(26)}`];
const MAX = Number.MAX_SAFE_INTEGER;
const STRANGER = memberOf(utf8('a stranger'));
const CONFIG = [
  'checkpoint_entries',
  'archive_after_entries',
  'result_retention_s',
  'limits.epoch_ticks',
  'colour',
];

const factsOf = (ledger: TestLedger, key: string): CborMap =>
  (ledger.state.has(key) ? decoded(ledger.state.get(key)!) : new Map()) as CborMap;
const numberOf = (facts: CborMap, field: string): number => (facts.get(field) as number | undefined) ?? 0;

function manifestOf(choose: Choose): Body[] {
  const good = ['results.json', 'items/0/meta.json'];
  const names = choose([
    [],
    good,
    good,
    good,
    good,
    ['program.qasm'],
    ['program.qasm'],
    ['a/../b'],
    ['x', 'x'],
  ]);
  return names.map((name) => ({ name, sha256: digest(choose(['x', 'program'])), size: 7, type: 'results' }));
}

const BODIES: Readonly<Record<string, (ledger: TestLedger, choose: Choose) => Body>> = {
  GENESIS: (_, choose) => choose([genesisBody, genesisOfThree, { ...genesisBody, level: 2 }]),
  NOOP: () => ({}),
  TICK: () => ({}),
  EPOCH_ADVANCE: (ledger, choose) => {
    const epoch = numberOf(factsOf(ledger, 'system/context'), 'epoch');
    return { epoch: epoch + choose([1, 1, 1, 0, 2]) };
  },
  CONFIG_SET: (_, choose) => {
    const more = choose<Body>([{}, {}, { expected_old: choose([0, 1000, 60]) }, { on_behalf_of: OWNER }]);
    return configBody(choose(CONFIG), choose([0, 1, 60, 1000, 100_001, -1]), more);
  },
  SET_PROTOCOL_LEVEL: (ledger, choose) => {
    const level = numberOf(factsOf(ledger, 'system/context'), 'level') + choose([1, 1, 1, 1, 0]);
    const members = choose([THREE, THREE, THREE, THREE.slice(1), [...THREE, STRANGER]]);
    return levelBody(ledger, level, members, choose<Body>([{}, {}, {}, { on_behalf_of: OWNER }]));
  },
  CHECKPOINT: (ledger, choose) => {
    const size = Math.max(1, ledger.nextIndex - choose([1, 1, 1, 2, 5, 0]));
    const forged = { ...THREE[1], spki: STRANGER.spki };
    const members = choose([THREE, THREE.slice(1), [THREE[0], STRANGER], [forged, THREE[2]], [THREE[1]]]);
    const body = certificateBody(ledger, size, members);
    return choose([body, body, body, { ...body, statement: digest('noise') }]);
  },
  SEGMENT_SEALED: (ledger, choose) => {
    const covered = numberOf(factsOf(ledger, 'system/checkpoint'), 'tree_size');
    const last = [...ledger.state.keys()]
      .filter((key) => key.startsWith('system/segments/'))
      .sort()
      .at(-1);
    const sealed = last === undefined ? 0 : numberOf(factsOf(ledger, last), 'to');
    const from = sealed + choose([1, 1, 1, 0, 2]);
    return { from, to: choose([from, covered, covered + 1, from - 1]), sha256: digest('segment'), size: 9 };
  },
  JOB_ACCEPTED: (_, choose) => {
    const more = choose<Body>([{}, {}, { parent_job_id: choose(JOBS), time_limit_ms: 5 }, { method: 'mps' }]);
    const attempts_max = choose([1, 2]);
    return acceptedBody(choose(JOBS), { ...more, attempts_max, account: choose(ACCOUNTS) });
  },
  JOB_FINISHED: (ledger, choose) => {
    const term = choose([ledger.term, ledger.term, 1, ledger.term + 1]);
    const state = choose(['DONE', 'DONE', 'DONE', 'DONE', 'ERROR', 'CANCELLED', 'TIMEOUT', 'RUNNING']);
    return finishedBody(choose(JOBS), {
      ...choose<Body>([{}, { reason: 'ENGINE_LOST' }]),
      attempt: choose([0, 1, 1, 2]),
      fencing: { term, n: choose([1, 1, 9, 0]) },
      state,
      manifest: manifestOf(choose),
    });
  },
  JOB_EXPIRED: (_, choose) => ({ job_id: choose(JOBS), expired_at_ms: 3 }),
  JOB_DELETED: (_, choose) => ({ job_id: choose(JOBS), account: choose(ACCOUNTS), deleted_at_ms: 4 }),
  JOB_FORGOTTEN: () => ({}),
};

const intent: fc.Arbitrary<Intent> = fc.record({
  type: fc.oneof(
    fc.constantFrom(...Object.keys(BODIES)),
    fc.constantFrom(
      'JOB_ACCEPTED',
      'JOB_ACCEPTED',
      'JOB_FINISHED',
      'JOB_FINISHED',
      'JOB_EXPIRED',
      'JOB_DELETED',
      'EPOCH_ADVANCE',
      'CHECKPOINT',
      'SEGMENT_SEALED',
    ),
  ),
  draws: fc.array(fc.nat(11), { minLength: 6, maxLength: 6 }),
  tick: mostly<Intent['tick']>('same', 'none', 'later', 'boundary', 'boundary', 'endless'),
  envelope: mostly<Intent['envelope']>(...ENVELOPES),
  damage: mostly<Intent['damage']>('none', 'field', 'extra', 'flip', 'cut', 'noise', 'oversized', 'replay'),
  newTerm: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
});

function mostly<Value>(usual: Value, ...others: readonly Value[]): fc.Arbitrary<Value> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
}

/** Intents for one log; `writeLog` makes entries of them. */
export const randomLog: fc.Arbitrary<readonly Intent[]> = fc.array(intent, { maxLength: 60, size: 'max' });

/** A log from its first entry on. */
export function writeLog(intents: readonly Intent[]): LogRecord[] {
  const ledger = new TestLedger();
  const records: LogRecord[] = [];
  // One log in many begins with something else.
  if (intents[0]?.draws[5] !== 11 || intents[0].draws[4] !== 11) {
    append(ledger, ledger.entry('GENESIS', genesisOfThree, {}, true), records);
  }
  extendLog(ledger, intents, records);
  return records;
}

/**
 * Appends entries, each written in view of what became of those before it; a log of a higher level stays as
 * it is.
 */
export function extendLog(ledger: TestLedger, intents: readonly Intent[], records: LogRecord[]): void {
  for (const one of intents) {
    if (numberOf(factsOf(ledger, 'system/context'), 'level') > 1) return;
    if (one.newTerm) ledger.term += 1;
    append(ledger, damaged(one, ledger, records), records);
  }
}

export function append(ledger: TestLedger, bytes: Uint8Array, records: LogRecord[]): void {
  records.push({ index: ledger.nextIndex, term: ledger.term, bytes });
  ledger.applyBytes(bytes);
}

function bytesOf(one: Intent, ledger: TestLedger): Uint8Array {
  let at = 0;
  const choose: Choose = (of) => of[one.draws[at++ % one.draws.length]! % of.length]!;
  const body = BODIES[one.type]!(ledger, choose);
  const spoiled = one.damage === 'field' ? spoil(body, choose) : body;
  return seal(one, one.damage === 'extra' ? { ...spoiled, extra: 1 } : spoiled, ledger);
}

function spoil(body: Body, choose: Choose): Body {
  const names = Object.keys(body);
  if (names.length === 0) return body;
  return { ...body, [choose(names)]: choose([-1, 0, '', 'x', new Uint8Array(3), [], {}, 2n ** 60n, [1]]) };
}

function seal({ type, tick, envelope }: Intent, body: Body, ledger: TestLedger): Uint8Array {
  const context = factsOf(ledger, 'system/context');
  const now = numberOf(context, 'tick');
  const boundary = numberOf(context, 'epoch_end_tick');
  const ticks = { none: 0, same: now, later: Math.min(now + 3, MAX), boundary, endless: MAX };
  const timed: Change = { tick: ticks[tick] };
  const as = ({ nodeId, keyId }: typeof STRANGER): Change => ({ ...timed, actor: nodeId as Actor, keyId });
  if (envelope === 'plain') return ledger.entry(type, body, timed);
  if (envelope === 'forged') return ledger.entry(type, body, timed, STRANGER.spki);
  if (envelope === 'second node') return ledger.entry(type, body, as(THREE[1]), THREE[1].spki);
  if (envelope === 'stranger') return ledger.entry(type, body, as(STRANGER), STRANGER.spki);
  if (envelope === 'wrong actor')
    return ledger.entry(type, body, { ...timed, keyId: THREE[2].keyId as KeyId });
  return ledger.entry(type, body, envelope === 'level 2' ? { ...timed, level: 2 } : timed, true);
}

function damaged(one: Intent, ledger: TestLedger, records: readonly LogRecord[]): Uint8Array {
  const at = one.draws[4]! * 12 + one.draws[5]!;
  if (one.damage === 'replay' && records.length > 0) return records[at % records.length]!.bytes;
  if (one.damage === 'noise') return Uint8Array.from(one.draws);
  if (one.damage === 'oversized') return new Uint8Array(262_145);
  const bytes = bytesOf(one, ledger);
  if (one.damage === 'cut') return bytes.subarray(0, at % bytes.length);
  if (one.damage === 'flip')
    return bytes.map((byte, place) => (place === at % bytes.length ? byte ^ 1 : byte));
  return bytes;
}
