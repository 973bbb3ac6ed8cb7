/**
 * The bodies of LOG-12 to LOG-14, LOG-17 to LOG-20, LOG-23, LOG-28, LOG-29, LOG-33 and LOG-34, as they stand
 * there.
 */
import { blob, type Check, fields, int, list, MAX, text } from './values.ts';

const id = (prefix: string): Check => text(`${prefix}_[a-z2-7]{26}`);
const job = text('job_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}');
const word = text('[a-z0-9][a-z0-9_.-]{0,31}');
const adminId = text('(?:acct|node)_[a-z2-7]{26}');
const signature = blob(1, 8192);

const segment = text('[A-Za-z0-9._-]+');
const artifactName: Check = (value) =>
  typeof value === 'string' &&
  value.length <= 255 &&
  value.split('/').every((part) => segment(part) && part !== '.' && part !== '..');
const manifest = list(
  fields({ name: artifactName, sha256: blob(32), size: int(0), type: word }),
  0,
  8192,
  'name',
);

const member = fields({
  node_id: id('node'),
  key_id: id('key'),
  algorithm: text('ML-DSA-44|ML-DSA-65|ML-DSA-87|INSECURE-TEST'),
  spki: blob(1, 8192),
});

export const BODIES: Readonly<Record<string, Check>> = {
  GENESIS: fields({
    level: int(1),
    members: list(member, 1, 64, 'node_id'),
    admins: list(adminId, 0, 64),
    electors: list(fields({ account: id('acct'), weight: int(1) }), 0, 1024, 'account'),
    economy_profile: text('sponsored|enforced'),
    limits: fields({ entry_bytes_max: int(1), block_bytes_max: int(1), epoch_ticks: int(1) }),
    created_at_ms: int(0),
  }),
  NOOP: fields({}),
  TICK: fields({}),
  EPOCH_ADVANCE: fields({ epoch: int(0) }),
  CONFIG_SET: fields({
    on_behalf_of: adminId,
    key: text('[a-z0-9_.]{1,64}'),
    value: int(-MAX),
    'expected_old?': int(-MAX),
  }),
  SET_PROTOCOL_LEVEL: fields({
    on_behalf_of: adminId,
    level: int(1),
    announcements: list(fields({ node_id: id('node'), key_id: id('key'), signature }), 1, 64, 'node_id'),
  }),
  CHECKPOINT: fields({
    statement: blob(1, 1024),
    signatures: list(fields({ key_id: id('key'), signature }), 1, 64, 'key_id'),
  }),
  SEGMENT_SEALED: fields({ from: int(1), to: int(1), sha256: blob(32), size: int(1) }),
  JOB_ACCEPTED: fields({
    job_id: job,
    account: id('acct'),
    target: text('[A-Za-z0-9][A-Za-z0-9:._/@-]{0,127}'),
    priority: int(0, 100),
    seed: int(0),
    'method?': word,
    'precision?': word,
    attempts_max: int(1, 1_000_000),
    'time_limit_ms?': int(0),
    manifest,
    'parent_job_id?': job,
    accepted_at_ms: int(0),
  }),
  JOB_FINISHED: fields({
    job_id: job,
    attempt: int(0, 1_000_000),
    fencing: fields({ term: int(1), n: int(0) }),
    state: text('DONE|ERROR|CANCELLED|TIMEOUT'),
    'reason?': text('[A-Z][A-Z0-9_]{0,63}'),
    manifest,
    finished_at_ms: int(0),
  }),
  JOB_EXPIRED: fields({ job_id: job, expired_at_ms: int(0) }),
  JOB_DELETED: fields({ job_id: job, account: id('acct'), deleted_at_ms: int(0) }),
};

/** Types that must be signed: LOG-12 and LOG-19. */
export const SIGNED = ['GENESIS', 'CONFIG_SET', 'SET_PROTOCOL_LEVEL'];

/** LOG-2. */
export const ENVELOPE = fields({
  v: int(1, 1),
  type: text('[A-Z][A-Z0-9_]{0,63}'),
  level: int(1),
  entry_id: text('entry_[a-z2-7]{26,52}'),
  actor: text('(?:node|acct)_[a-z2-7]{26}'),
  key_id: id('key'),
  nonce: int(0),
  tick: int(0),
  body: (value) => value instanceof Map,
  'sig?': signature,
});

/** LOG-27. */
export const STATEMENT = fields({
  v: int(1, 1),
  cluster_id: blob(32),
  tree_size: int(1),
  log_root: blob(32),
  state_root: blob(32),
  membership_hash: blob(32),
  config_hash: blob(32),
  level: int(1),
  tick: int(0),
});
