import { hash } from 'node:crypto';
import { effectsHash, type Sha3 } from '@qfs/consensus';
import { concat, type LogRecord, newJobId, type Sha256, type StateWrite } from '@qfs/core/exact';
import { applyLogEntry, openStateMap } from '@qfs/fabric';
import {
  acceptedBody,
  type Body,
  digest,
  finishedBody,
  genesisBody,
  TestLedger,
  verifyInsecurely,
} from '../../packages/fabric/src/testing/test-ledger.ts';
import type { Row } from '../bench.ts';

/**
 * Entries that one core applies: judged, taken into the state, hashed into the effects hash, and the state
 * root brought up to date at every 256th of them. Beside it, in the same run, SHA3-256 of the same bytes.
 * State and pages of the map are kept in memory, so that the disk has no part in it.
 */
const ENTRIES = 20_000;
const ROOT_ENTRIES = 256;
/** Jobs that the state holds before the clock starts, in the case of a log that has grown. */
const GROWN_JOBS = 100_000;
const ROUNDS = 3;

type Report = (row: Row) => void;

/** As the local log hashes. */
const sha3: Sha3 = (...parts) => new Uint8Array(hash('sha3-256', concat(...parts), 'buffer'));
const sha256: Sha256 = (bytes) => new Uint8Array(hash('sha256', bytes, 'buffer'));

/** What a job of one Bell pair leaves in the log. */
const artifact = (name: string, type: string): Body => ({ name, sha256: digest(name), size: 300, type });
const INPUTS = [artifact('job.yaml', 'job'), artifact('program.qasm', 'source')];
const OUTPUTS = [
  artifact('compiled.qasm', 'compiled'),
  artifact('results.json', 'results'),
  artifact('statement.json', 'statement'),
];

function jobIdOf(number: number): ReturnType<typeof newJobId> {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(0, Math.imul(number, 0x9e37_79b1));
  return newJobId(1_700_000_000_000 + number, random);
}

const accepted = (job: number): [string, Body] => [
  'JOB_ACCEPTED',
  acceptedBody(jobIdOf(job), { manifest: INPUTS }),
];
const finished = (job: number): [string, Body] => [
  'JOB_FINISHED',
  finishedBody(jobIdOf(job), { manifest: OUTPUTS }),
];

/** The state as a host keeps it, with what it does for every entry. */
class Host {
  readonly #state = new Map<string, Uint8Array>();
  readonly #pages = new Map<string, Uint8Array>();
  readonly #map = openStateMap(
    {
      get: (id) => this.#pages.get(id),
      put: (id, bytes) => void (bytes === undefined ? this.#pages.delete(id) : this.#pages.set(id, bytes)),
    },
    sha256,
  );
  #dirty: StateWrite[] = [];
  #effects: Uint8Array = new Uint8Array(32);
  #index = 0;

  apply(bytes: Uint8Array): void {
    this.#index += 1;
    const record: LogRecord = { index: this.#index, term: 1, bytes };
    const applied = applyLogEntry(record, this.#state, verifyInsecurely);
    if (applied.outcome === 'REJECTED') throw new Error(`${applied.code}: ${applied.detail}`);
    this.#effects = effectsHash(this.#effects, this.#index, applied, sha3);
    for (const write of applied.writes) {
      if (write.value === undefined) this.#state.delete(write.key);
      else this.#state.set(write.key, write.value);
      this.#dirty.push(write);
    }
    if (this.#index % ROOT_ENTRIES === 0) this.takeRoot();
  }

  takeRoot(): void {
    this.#map.update(this.#dirty);
    this.#map.root();
    this.#dirty = [];
  }
}

/** Of several runs the fastest: other programs only ever slow one down. */
function best(rounds: number, run: () => number): number {
  return Math.max(...Array.from({ length: rounds }, run));
}

function measure(name: string, entries: readonly [string, Body][], before: number, report: Report): void {
  const ledger = new TestLedger();
  const genesis = ledger.entry('GENESIS', genesisBody, {}, true);
  ledger.applyBytes(genesis);
  const prefix = Array.from({ length: before }, (_, at) => ledger.entry(...accepted(1_000_000 + at)));
  const bytes = entries.map(([type, body]) => ledger.entry(type, body));
  const rate = best(ROUNDS, () => {
    const host = new Host();
    for (const one of [genesis, ...prefix]) host.apply(one);
    host.takeRoot();
    return perSecond(bytes.length, () => {
      for (const one of bytes) host.apply(one);
    });
  });
  const hashed = best(ROUNDS, () =>
    perSecond(bytes.length, () => {
      for (const one of bytes) sha3(one);
    }),
  );
  const size = bytes.reduce((sum, one) => sum + one.length, 0) / bytes.length;
  report({
    bench: 'apply',
    case: name,
    value: rate,
    unit: 'entries/s',
    baseline: 'SHA3-256 of the bytes',
    baseline_value: hashed,
    ratio: rate / hashed,
    settings: { entries: bytes.length, entry_bytes: Math.round(size), jobs_before: before },
  });
}

/**
 * Per second of processor time, the collector's included: what other programs do to the clock has no part in
 * it.
 */
function perSecond(count: number, run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (count * 1_000_000) / (user + system);
}

export async function run(report: Report): Promise<void> {
  const jobs = Array.from({ length: ENTRIES / 2 }, (_, job) => job);
  const pairs = jobs.flatMap((job) => [accepted(job), finished(job)]);
  const ticks = Array.from({ length: ENTRIES }, (): [string, Body] => ['NOOP', {}]);
  measure('empty entries', ticks, 0, report);
  measure('jobs accepted and finished', pairs, 0, report);
  measure(`the same, ${GROWN_JOBS} jobs in the state`, pairs, GROWN_JOBS, report);
}
