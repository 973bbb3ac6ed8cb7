/** Applying a log again, and comparing what was recorded: `docs/spec/log.md`, clause LOG-32. */
import {
  type Applied,
  type Applier,
  equal,
  hex,
  type OpenStateMap,
  type Sha256,
  type StateMap,
} from '@qfs/core/exact';
import {
  CHAIN_START,
  type ChainHead,
  effectsHash,
  extendChain,
  type Sha3,
  STATE_ROOT_ENTRIES,
  ZERO_HASH,
} from './chain.ts';
import type { StoredEntry } from './log.ts';
import { MemoryState } from './memory-state.ts';
import type { Snapshot } from './snapshot.ts';

/** Where the log that is read ends. */
export interface ReplayHead {
  /** 32 bytes. */
  readonly clusterId: Uint8Array;
  readonly appliedIndex: number;
  readonly effectsHash: Uint8Array;
}

/**
 * A log as it stood at one moment, to be read and nothing else. Entries come in the order of their append.
 */
export interface QfsReplaySource {
  readonly head: ReplayHead;
  /** Entries `from` to `to`, both included. */
  entries(from: number, to: number): AsyncIterable<StoredEntry>;
  /** Those of the types, in the same order. */
  entriesOfTypes(types: ReadonlySet<string>, from: number, to: number): AsyncIterable<StoredEntry>;
  /**
   * The entries that were proposed and committed together with this one, itself included; none if it is
   * unknown.
   */
  transaction(entryId: string): Promise<readonly StoredEntry[]>;
  /** The state root recorded after an entry, if one was. */
  stateRoot(index: number): Promise<Uint8Array | undefined>;
  /** The state after the last entry, keys ascending. */
  state(): AsyncIterable<readonly [key: string, value: Uint8Array]>;
}

/** By what entries are judged. */
export interface ReplayMachine {
  readonly applier: Applier;
  readonly stateMap: OpenStateMap;
  /** Hashes of the runtime; those in TypeScript when absent. */
  readonly sha3?: Sha3;
  readonly sha256?: Sha256;
}

export interface ReplayOptions {
  /** Whatever came before is trusted. From GENESIS when absent. */
  readonly from?: Snapshot;
  /** Called with every entry and what it did again, for those who rebuild a projection. */
  readonly onApplied?: (entry: StoredEntry, applied: Applied) => void;
  /** Called now and then with the index that was reached. */
  readonly onProgress?: (index: number, to: number) => void;
  readonly signal?: AbortSignal;
}

export type Replay =
  | {
      readonly ok: true;
      /** The first entry that was applied again, and the last. */
      readonly from: number;
      readonly to: number;
      /** Of the rebuilt state. */
      readonly stateRoot: Uint8Array;
      /** Recorded roots that were compared. */
      readonly rootsCompared: number;
    }
  | {
      readonly ok: false;
      /** Of the first difference. */
      readonly index: number;
      readonly column: 'chain' | 'outcome' | 'effects_hash' | 'state_root' | 'state';
      readonly reason: string;
    };

type Difference = Extract<Replay, { ok: false }>;

/** Applies the entries of a source again and compares with what it recorded, up to the first difference. */
export async function replay(
  source: QfsReplaySource,
  machine: ReplayMachine,
  options: ReplayOptions = {},
): Promise<Replay> {
  const run = new ReplayRun(source, machine, options);
  const { appliedIndex: to } = source.head;
  const damaged = run.checkStart();
  if (damaged !== undefined) return damaged;
  for await (const entry of source.entries(run.from, to)) {
    options.signal?.throwIfAborted();
    const difference = await run.apply(entry);
    if (difference !== undefined) return difference;
    if (entry.index % STATE_ROOT_ENTRIES === 0) options.onProgress?.(entry.index, to);
  }
  return run.end(to);
}

class ReplayRun {
  readonly from: number;
  readonly #source: QfsReplaySource;
  readonly #machine: ReplayMachine;
  readonly #options: ReplayOptions;
  readonly #state: MemoryState;
  readonly #map: StateMap;
  readonly #dirty: Set<string>;
  #chain: ChainHead;
  #effects: Uint8Array;
  #rootsCompared = 0;

  constructor(source: QfsReplaySource, machine: ReplayMachine, options: ReplayOptions) {
    const { from } = options;
    this.#source = source;
    this.#machine = machine;
    this.#options = options;
    this.#state = new MemoryState(from?.state);
    this.#dirty = new Set(this.#state.keys());
    this.#chain = from ?? CHAIN_START;
    this.#effects = from?.effectsHash ?? ZERO_HASH;
    this.from = this.#chain.index + 1;
    const pages = new Map<string, Uint8Array>();
    const put = (id: string, bytes: Uint8Array | undefined): void => {
      if (bytes === undefined) pages.delete(id);
      else pages.set(id, bytes);
    };
    this.#map = machine.stateMap({ get: (id) => pages.get(id), put }, machine.sha256);
  }

  /** Is the snapshot's state the one whose root it names? */
  checkStart(): Difference | undefined {
    const { from } = this.#options;
    if (from === undefined) return undefined;
    const root = this.#root();
    if (equal(root, from.stateRoot)) return undefined;
    const reason = differs(`the state root of the snapshot after entry ${from.index}`, from.stateRoot, root);
    return { ok: false, index: from.index, column: 'state_root', reason };
  }

  async apply(entry: StoredEntry): Promise<Difference | undefined> {
    const { index, term, bytes } = entry;
    const { applier, sha3 } = this.#machine;
    const extended = extendChain(this.#source.head.clusterId, this.#chain, entry, sha3);
    if (typeof extended === 'string') return { ok: false, index, column: 'chain', reason: extended };
    this.#chain = extended;
    const applied = applier({ index, term, bytes }, this.#state);
    const [now, recorded] = [outcomeText(applied), outcomeText(entry)];
    if (now !== recorded) {
      const reason = `entry ${index} is recorded as ${recorded}; applied again it is ${now}`;
      return { ok: false, index, column: 'outcome', reason };
    }
    this.#effects = effectsHash(this.#effects, index, applied, sha3);
    if (!equal(this.#effects, entry.effectsHash)) {
      const reason = differs(`the effects hash of entry ${index}`, entry.effectsHash, this.#effects);
      return { ok: false, index, column: 'effects_hash', reason };
    }
    this.#take(applied);
    this.#options.onApplied?.(entry, applied);
    return this.#compareRoot(index);
  }

  #take(applied: Applied): void {
    if (applied.outcome === 'REJECTED') return;
    for (const write of applied.writes) {
      this.#state.write(write);
      this.#dirty.add(write.key);
    }
  }

  async #compareRoot(index: number): Promise<Difference | undefined> {
    const recorded = await this.#source.stateRoot(index);
    if (recorded === undefined) return undefined;
    const root = this.#root();
    this.#rootsCompared += 1;
    if (equal(root, recorded)) return undefined;
    const reason = differs(`the state root after entry ${index}`, recorded, root);
    return { ok: false, index, column: 'state_root', reason };
  }

  #root(): Uint8Array {
    this.#map.update([...this.#dirty].map((key) => ({ key, value: this.#state.get(key) })));
    this.#dirty.clear();
    return this.#map.root();
  }

  /** Everything was applied: now the source must hold the same state. */
  async end(to: number): Promise<Replay> {
    const { index } = this.#chain;
    if (index !== to) {
      return { ok: false, index: index + 1, column: 'chain', reason: `entry ${index + 1} is missing` };
    }
    if (!equal(this.#effects, this.#source.head.effectsHash)) {
      const reason = differs('the effects hash of the head', this.#source.head.effectsHash, this.#effects);
      return { ok: false, index, column: 'effects_hash', reason };
    }
    const key = await this.#differingKey();
    if (key !== undefined) {
      return {
        ok: false,
        index,
        column: 'state',
        reason: `the state differs from the rebuilt one at ${key}`,
      };
    }
    return { ok: true, from: this.from, to, stateRoot: this.#root(), rootsCompared: this.#rootsCompared };
  }

  async #differingKey(): Promise<string | undefined> {
    let keys = 0;
    for await (const [key, value] of this.#source.state()) {
      const rebuilt = this.#state.get(key);
      if (rebuilt === undefined || !equal(rebuilt, value)) return key;
      keys += 1;
    }
    if (keys === this.#state.size) return undefined;
    const held = new Set<string>();
    for await (const [key] of this.#source.state()) held.add(key);
    return [...this.#state.keys()].find((key) => !held.has(key));
  }
}

const outcomeText = ({ outcome, ...rest }: Applied | StoredEntry): string =>
  'code' in rest && rest.code !== undefined ? `${outcome} ${rest.code}` : outcome;

const differs = (what: string, recorded: Uint8Array, rebuilt: Uint8Array): string =>
  `${what} is recorded as ${hex(recorded)}; rebuilt it is ${hex(rebuilt)}`;
