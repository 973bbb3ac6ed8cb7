/** What each entry does: LOG-12 to LOG-34 told once more over plain objects, without the fabric. */
import {
  concat,
  decodeCbor,
  encodeCbor,
  equal,
  hex,
  keyIdOf,
  nodeIdOf,
  type SignatureVerifier,
  sha3_256,
  taggedHash,
  uint64,
  utf8,
} from '@qfs/core/exact';
import { STATEMENT } from './bodies.ts';
import { MAX, type Plain } from './values.ts';

interface Artifact extends Plain {
  readonly name: string;
  readonly sha256: Uint8Array;
}
interface Fencing extends Plain {
  readonly term: number;
  readonly n: number;
}
export interface Context extends Plain {
  readonly tick: number;
  readonly epoch: number;
  readonly epoch_end_tick: number;
  readonly level: number;
  readonly config_hash: Uint8Array;
}
export interface Key extends Plain {
  readonly node_id: string;
  readonly algorithm: string;
  readonly spki: Uint8Array;
}
interface Job extends Plain {
  readonly account: string;
  readonly attempts_max: number;
  readonly fencing: Fencing;
  readonly inputs: readonly Artifact[];
}

/** One entry over a copy of the state. */
export interface World {
  readonly state: Map<string, Plain>;
  readonly effects: [kind: string, body: Uint8Array][];
  readonly index: number;
  readonly term: number;
  /** The applied tick, this entry's included. */
  readonly tick: number;
  readonly level: number;
  readonly bytes: Uint8Array;
  readonly clusterId: Uint8Array;
  readonly verify: SignatureVerifier;
}

/** Acts on the world, or gives the code of the first guard that fails. */
type Rule = (body: never, world: World) => string | undefined;

const at = <Value extends Plain>({ state }: World, key: string): Value | undefined =>
  state.get(key) as Value | undefined;
const contextOf = (world: World): Context => at<Context>(world, 'system/context')!;
const isAdmin = (world: World, id: string): boolean => world.state.has(`governance/admins/${id}`);
const configHash = (config: Plain): Uint8Array => taggedHash('qfs/config/v1', encodeCbor(config));

function change(world: World, key: string, fields: Plain): void {
  world.state.set(key, { ...world.state.get(key), ...fields });
}

function members(world: World): { nodeId: string; keyId: string; key: Key }[] {
  const prefix = 'membership/nodes/';
  const ids = [...world.state.keys()].filter((key) => key.startsWith(prefix)).sort();
  return ids.map((id) => {
    const keyId = (world.state.get(id) as { key_ids: string[] } & Plain).key_ids.at(-1)!;
    return { nodeId: id.slice(prefix.length), keyId, key: at<Key>(world, `membership/keys/${keyId}`)! };
  });
}

type Genesis = Plain & {
  members: { node_id: string; key_id: string; algorithm: string; spki: Uint8Array }[];
  admins: string[];
  electors: { account: string; weight: number }[];
  limits: { epoch_ticks: number };
};

function genesis(body: Genesis, world: World): string | undefined {
  const { state, index, tick } = world;
  if (body.level !== world.level) return 'GENESIS_INVALID';
  for (const { node_id, key_id, spki } of body.members) {
    if (node_id !== nodeIdOf(spki) || key_id !== keyIdOf(spki)) return 'GENESIS_INVALID';
  }
  for (const { node_id, key_id, algorithm, spki } of body.members) {
    state.set(`membership/nodes/${node_id}`, { key_ids: [key_id], joined_index: index });
    state.set(`membership/keys/${key_id}`, { node_id, algorithm, spki });
  }
  for (const id of body.admins) state.set(`governance/admins/${id}`, { since_index: index });
  for (const { account, weight } of body.electors) state.set(`governance/electors/${account}`, { weight });
  const config: Plain = { economy_profile: body.economy_profile!, limits: body.limits };
  state.set('system/config', config);
  state.set('system/cluster', { cluster_id: hex(sha3_256(world.bytes)), created_at_ms: body.created_at_ms! });
  const end = Math.min(tick + body.limits.epoch_ticks, MAX);
  const level = world.level;
  state.set('system/context', {
    tick,
    epoch: 0,
    epoch_end_tick: end,
    level,
    config_hash: configHash(config),
  });
  return undefined;
}

function epochAdvance(body: { epoch: number }, world: World): undefined {
  const { epoch, epoch_end_tick } = contextOf(world);
  if (body.epoch !== epoch + 1 || world.tick < epoch_end_tick) return;
  const { limits } = at<Plain & { limits: { epoch_ticks: number } }>(world, 'system/config')!;
  const end = Math.min(world.tick + limits.epoch_ticks, MAX);
  change(world, 'system/context', { epoch: body.epoch, epoch_end_tick: end });
  const pending = at<Plain & { level: number; epoch: number }>(world, 'system/level-change');
  if (pending?.epoch !== body.epoch) return;
  change(world, 'system/context', { level: pending.level });
  world.state.delete('system/level-change');
}

/** LOG-21. */
const OPERATOR: Readonly<Record<string, readonly [min: number, max: number, initial: number]>> = {
  checkpoint_entries: [1, 100_000, 1_000],
  archive_after_entries: [1_000, MAX, 1_000_000],
  result_retention_s: [0, MAX, 0],
};
const NOT_OPERATOR = [
  'economy_profile',
  'limits.entry_bytes_max',
  'limits.block_bytes_max',
  'limits.epoch_ticks',
];

function configSet(
  body: { on_behalf_of: string; key: string; value: number; expected_old?: number },
  world: World,
): string | undefined {
  if (!isAdmin(world, body.on_behalf_of)) return 'NOT_ADMIN';
  if (NOT_OPERATOR.includes(body.key)) return 'CONFIG_KEY_NOT_OPERATOR';
  if (!Object.hasOwn(OPERATOR, body.key)) return 'CONFIG_KEY_UNKNOWN';
  const [min, max, initial] = OPERATOR[body.key]!;
  if (body.value < min || body.value > max) return 'CONFIG_VALUE_OUT_OF_RANGE';
  const { operator = {}, ...fixed } = at<Plain & { operator?: Record<string, number> }>(
    world,
    'system/config',
  )!;
  const old = operator[body.key] ?? initial;
  if (body.expected_old !== undefined && body.expected_old !== old) return 'CONFIG_STALE';
  const all = { ...operator, [body.key]: body.value };
  const kept = Object.fromEntries(Object.entries(all).filter(([key, value]) => value !== OPERATOR[key]![2]));
  const config: Plain = Object.keys(kept).length === 0 ? fixed : { ...fixed, operator: kept };
  world.state.set('system/config', config);
  change(world, 'system/context', { config_hash: configHash(config) });
  return undefined;
}

type Announcements = { node_id: string; key_id: string; signature: Uint8Array }[];

function setProtocolLevel(
  body: { on_behalf_of: string; level: number; announcements: Announcements },
  world: World,
): string | undefined {
  const { level, epoch } = contextOf(world);
  if (!isAdmin(world, body.on_behalf_of)) return 'NOT_ADMIN';
  if (body.level !== level + 1) return 'LEVEL_INVALID';
  const all = members(world);
  const supported = all.every(({ nodeId, keyId, key }) => {
    const said = body.announcements.find(({ node_id }) => node_id === nodeId);
    const message = concat(utf8('qfs/level-support/v1'), world.clusterId, uint64(body.level), utf8(nodeId));
    return said?.key_id === keyId && world.verify(key.algorithm, key.spki, message, said.signature);
  });
  if (!supported || body.announcements.length !== all.length) return 'LEVEL_NOT_SUPPORTED';
  if (world.state.has('system/level-change')) return 'LEVEL_PENDING';
  world.state.set('system/level-change', { level: body.level, epoch: epoch + 2 });
  return undefined;
}

function checkpoint(
  body: { statement: Uint8Array; signatures: { key_id: string; signature: Uint8Array }[] },
  world: World,
): string | undefined {
  const statement = decodeCbor(body.statement);
  if (!statement.ok || !STATEMENT(statement.value)) return 'CHECKPOINT_INVALID';
  const said = statement.value as ReadonlyMap<string, unknown>;
  const size = said.get('tree_size') as number;
  if (!equal(said.get('cluster_id') as Uint8Array, world.clusterId)) return 'CHECKPOINT_INVALID';
  if (size >= world.index) return 'CHECKPOINT_INVALID';
  const newest = at<Plain & { tree_size: number }>(world, 'system/checkpoint');
  if (newest !== undefined && size <= newest.tree_size) return 'CHECKPOINT_STALE';
  const message = concat(utf8('qfs/checkpoint/v1'), body.statement);
  const all = members(world);
  let given = 0;
  for (const { keyId, key } of all) {
    const found = body.signatures.find(({ key_id }) => key_id === keyId);
    if (found !== undefined && world.verify(key.algorithm, key.spki, message, found.signature)) given += 1;
  }
  if (2 * given <= all.length) return 'QUORUM_MISSING';
  const { index } = world;
  world.state.set('system/checkpoint', { tree_size: size, statement_hash: sha3_256(body.statement), index });
  return undefined;
}

function segmentSealed(body: Plain & { from: number; to: number }, world: World): string | undefined {
  let sealed = 0;
  for (const [key, value] of world.state) {
    if (key.startsWith('system/segments/')) sealed = Math.max(sealed, value.to as number);
  }
  const covered = at<Plain & { tree_size: number }>(world, 'system/checkpoint')?.tree_size ?? 0;
  if (body.from !== sealed + 1 || body.to < body.from || body.to > covered) return 'SEGMENT_INVALID';
  world.state.set(`system/segments/${String(body.from).padStart(16, '0')}`, body);
  return undefined;
}

type Accepted = {
  job_id: string;
  account: string;
  attempts_max: number;
  manifest: readonly Artifact[];
  parent_job_id?: string;
};

function jobAccepted(body: Accepted, world: World): string | undefined {
  const parent = body.parent_job_id;
  if (world.state.has(`jobs/${body.job_id}`)) return 'JOB_ALREADY_ACCEPTED';
  if (parent !== undefined && !world.state.has(`jobs/${parent}`)) return 'PARENT_JOB_UNKNOWN';
  world.state.set(`jobs/${body.job_id}`, {
    account: body.account,
    accepted_index: world.index,
    attempts_max: body.attempts_max,
    fencing: { term: world.term, n: 0 },
    inputs: body.manifest,
    ...(parent === undefined ? {} : { parent_job_id: parent }),
  });
  return undefined;
}

type Finished = {
  job_id: string;
  attempt: number;
  fencing: Fencing;
  state: string;
  reason?: string;
  manifest: readonly Artifact[];
};

function jobFinished(body: Finished, world: World): string | undefined {
  const { attempt, fencing, state, reason, manifest: outputs } = body;
  const job = at<Job>(world, `jobs/${body.job_id}`);
  if (job === undefined) return 'JOB_UNKNOWN';
  if (job.end !== undefined) return 'JOB_ALREADY_FINISHED';
  const older =
    fencing.term < job.fencing.term || (fencing.term === job.fencing.term && fencing.n < job.fencing.n);
  if (older || fencing.term > world.term) return 'FENCING_STALE';
  if (attempt > job.attempts_max) return 'ATTEMPT_OUT_OF_RANGE';
  for (const output of outputs) {
    const input = job.inputs.find(({ name }) => name === output.name);
    if (input !== undefined && !equal(input.sha256, output.sha256)) return 'ARTIFACT_NAME_TAKEN';
  }
  const end: Plain = { state, attempt, finished_index: world.index, outputs };
  const ended = reason === undefined ? end : { ...end, reason };
  change(world, `jobs/${body.job_id}`, { fencing, end: ended });
  return undefined;
}

function jobExpired({ job_id }: { job_id: string }, world: World): string | undefined {
  const job = at<Job>(world, `jobs/${job_id}`);
  if (job === undefined) return 'JOB_UNKNOWN';
  if (job.end === undefined) return 'JOB_NOT_FINISHED';
  if (job.deleted_index !== undefined) return 'JOB_ALREADY_DELETED';
  if (job.expired_index !== undefined) return 'JOB_ALREADY_EXPIRED';
  change(world, `jobs/${job_id}`, { expired_index: world.index });
  world.effects.push(['release_artifacts', encodeCbor({ job_id })]);
  return undefined;
}

function jobDeleted(body: { job_id: string; account: string }, world: World): string | undefined {
  const { job_id, account } = body;
  const job = at<Job>(world, `jobs/${job_id}`);
  if (job === undefined) return 'JOB_UNKNOWN';
  if (job.end === undefined) return 'JOB_NOT_FINISHED';
  if (job.deleted_index !== undefined) return 'JOB_ALREADY_DELETED';
  if (account !== job.account && !isAdmin(world, account)) return 'NOT_OWNER';
  change(world, `jobs/${job_id}`, { deleted_index: world.index });
  world.effects.push(['release_artifacts', encodeCbor({ job_id })]);
  return undefined;
}

export const RULES: Readonly<Record<string, Rule>> = {
  GENESIS: genesis,
  NOOP: () => undefined,
  TICK: () => undefined,
  EPOCH_ADVANCE: epochAdvance,
  CONFIG_SET: configSet,
  SET_PROTOCOL_LEVEL: setProtocolLevel,
  CHECKPOINT: checkpoint,
  SEGMENT_SEALED: segmentSealed,
  JOB_ACCEPTED: jobAccepted,
  JOB_FINISHED: jobFinished,
  JOB_EXPIRED: jobExpired,
  JOB_DELETED: jobDeleted,
};
