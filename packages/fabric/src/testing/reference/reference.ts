/**
 * A second state machine, written from `docs/spec/log.md` alone: plain objects, a copy of the whole state per
 * entry, differences and roots computed from scratch. Slow, and as near to the words as it goes.
 */
import {
  type CborMap,
  concat,
  decodeCbor,
  encodeCbor,
  type LogRecord,
  type SignatureVerifier,
  unhex,
  utf8,
} from '@qfs/core/exact';
import { BODIES, ENVELOPE, SIGNED } from './bodies.ts';
import { naiveEffectsHash, naiveStateRoot } from './roots.ts';
import { type Context, type Key, RULES, type World } from './rules.ts';
import { type Plain, plain } from './values.ts';

/** The newest level that the reference knows. */
const LEVEL = 1;
const ENTRY_BYTES_MAX = 262_144;

export interface Verdict {
  /** `ACCEPTED`, a code, or `HALTED` when nothing may be judged. */
  readonly outcome: string;
  readonly effects: readonly [kind: string, body: Uint8Array][];
}

export class Reference {
  readonly #verify: SignatureVerifier;
  #state = new Map<string, Plain>();
  effectsHash: Uint8Array = new Uint8Array(32);

  constructor(verify: SignatureVerifier) {
    this.#verify = verify;
  }

  apply(record: LogRecord): Verdict {
    const world = this.#worldOf(record);
    const outcome = this.#judge(record.bytes, world);
    if (outcome === 'HALTED') return { outcome, effects: [] };
    const accepted = outcome === 'ACCEPTED';
    const [before, after] = [encoded(this.#state), encoded(accepted ? world.state : this.#state)];
    const code = accepted ? undefined : outcome;
    this.effectsHash = naiveEffectsHash(this.effectsHash, record.index, code, before, after);
    if (!accepted) return { outcome, effects: [] };
    this.#state = world.state;
    return { outcome, effects: world.effects };
  }

  /** The state as bytes. */
  state(): ReadonlyMap<string, Uint8Array> {
    return encoded(this.#state);
  }

  stateRoot(): Uint8Array {
    return naiveStateRoot(this.state());
  }

  #worldOf({ index, term, bytes }: LogRecord): World {
    const state = new Map(this.#state);
    const cluster = state.get('system/cluster')?.cluster_id;
    const id = cluster === undefined ? undefined : unhex(cluster as string);
    const clusterId = id?.ok ? id.value : new Uint8Array(32);
    return { state, effects: [], index, term, tick: 0, level: 0, bytes, clusterId, verify: this.#verify };
  }

  /** LOG-11, in its order. */
  #judge(bytes: Uint8Array, world: World): string {
    const context = world.state.get('system/context') as Context | undefined;
    if (context !== undefined && context.level > LEVEL) return 'HALTED';
    const entry = envelopeOf(bytes);
    if (entry === undefined) return 'MALFORMED';
    const type = entry.get('type') as string;
    const level = entry.get('level') as number;
    const genesis = type === 'GENESIS';
    if (genesis && (world.index !== 1 || context !== undefined)) return 'GENESIS_MISPLACED';
    if (!genesis && context === undefined) return 'GENESIS_MISSING';
    if (context === undefined && level > LEVEL) return 'HALTED';
    if (context !== undefined && level > context.level) return 'LEVEL_NOT_IN_FORCE';
    if (!Object.hasOwn(BODIES, type)) return 'TYPE_UNKNOWN';
    if (!BODIES[type]!(entry.get('body')!)) return 'BODY_INVALID';
    const body = plain(entry.get('body')!) as Plain;
    const unproved = provenance(entry, body, world);
    if (unproved !== undefined) return unproved;
    const tick = Math.max(context?.tick ?? 0, entry.get('tick') as number);
    const refused = RULES[type]!(body as never, { ...world, tick, level });
    if (refused !== undefined) return refused;
    world.state.set('system/context', { ...world.state.get('system/context'), tick });
    return 'ACCEPTED';
  }
}

function envelopeOf(bytes: Uint8Array): CborMap | undefined {
  if (bytes.length > ENTRY_BYTES_MAX) return undefined;
  const decoded = decodeCbor(bytes);
  return decoded.ok && ENVELOPE(decoded.value) ? (decoded.value as CborMap) : undefined;
}

/** Checks 5 and 6 of LOG-11. */
function provenance(entry: CborMap, body: Plain, world: World): string | undefined {
  const type = entry.get('type') as string;
  const keyId = entry.get('key_id') as string;
  const founders = (body.members ?? []) as readonly (Key & { key_id: string })[];
  const key =
    type === 'GENESIS'
      ? founders.find(({ key_id }) => key_id === keyId)
      : (world.state.get(`membership/keys/${keyId}`) as Key | undefined);
  if (key === undefined || key.node_id !== entry.get('actor')) return 'KEY_UNKNOWN';
  const signature = entry.get('sig') as Uint8Array | undefined;
  if (signature === undefined) return SIGNED.includes(type) ? 'SIGNATURE_MISSING' : undefined;
  const unsigned = new Map(entry);
  unsigned.delete('sig');
  const message = concat(utf8('qfs/entry-sig/v1'), world.clusterId, encodeCbor(plain(unsigned)));
  return world.verify(key.algorithm, key.spki, message, signature) ? undefined : 'SIGNATURE_INVALID';
}

/** A value is never changed in place, so its bytes are computed once. */
const BYTES = new WeakMap<Plain, Uint8Array>();

function bytesOf(value: Plain): Uint8Array {
  const bytes = BYTES.get(value) ?? encodeCbor(value);
  BYTES.set(value, bytes);
  return bytes;
}

const encoded = (state: ReadonlyMap<string, Plain>): Map<string, Uint8Array> =>
  new Map([...state].map(([key, value]) => [key, bytesOf(value)]));
