import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  base32,
  type CborInput,
  type CborValue,
  decodeCbor,
  encodeCbor,
  sha3_256,
  uint32,
} from '@qfs/core/exact';
import { read } from './codec.ts';
import { ENTRY_TYPES } from './entries/index.ts';
import { BODIES } from './testing/reference/bodies.ts';
import { configBody } from './testing/rule-bodies.ts';
import {
  ACCOUNT,
  acceptedBody,
  type Body,
  digest,
  finishedBody,
  genesisBody,
  jobId,
} from './testing/test-ledger.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const BEYOND = 2n ** 53n;
const JOB = jobId('job');
const x = (length: number): string => 'x'.repeat(length);
const blob = (length: number): Uint8Array => new Uint8Array(length);
const idOf = (prefix: string, number: number): string =>
  `${prefix}_${base32(sha3_256(uint32(number))).slice(0, 26)}`;
const many = (length: number, item: (at: number) => CborInput): CborInput =>
  Array.from({ length }, (_, at) => item(at));

const member = (at: number, spki = blob(1)): Body => ({
  node_id: idOf('node', at),
  key_id: idOf('key', at),
  algorithm: 'ML-DSA-65',
  spki,
});
const announcement = (at: number, signature = blob(1)): Body => ({
  node_id: idOf('node', at),
  key_id: idOf('key', at),
  signature,
});
const signature = (at: number, bytes = blob(1)): Body => ({ key_id: idOf('key', at), signature: bytes });
const artifact = (name: string, change: Body = {}): Body => ({
  name,
  sha256: digest(name),
  size: 0,
  type: 'results',
  ...change,
});

const genesis = (change: Body): Body => ({ ...genesisBody, ...change });
const level = (change: Body): Body => ({
  on_behalf_of: ACCOUNT,
  level: 2,
  announcements: [announcement(0)],
  ...change,
});
const certificate = (change: Body): Body => ({ statement: blob(1), signatures: [signature(0)], ...change });
const sealed = (change: Body): Body => ({ from: 1, to: 1, sha256: blob(32), size: 1, ...change });
const accepted = (change: Body): Body => acceptedBody(JOB, change);
const finished = (change: Body): Body => finishedBody(JOB, change);

/** The last bodies inside a bound, and the first ones outside. */
const BOUNDS: readonly (readonly [type: string, inside: readonly Body[], outside: readonly Body[]])[] = [
  [
    'GENESIS',
    [
      genesis({ members: many(64, member), admins: many(64, (at) => idOf('acct', at)) }),
      genesis({ electors: many(1024, (at) => ({ account: idOf('acct', at), weight: MAX })), admins: [] }),
      genesis({ members: [member(0, blob(8192))], electors: [], level: MAX }),
    ],
    [
      genesis({ members: many(65, member) }),
      genesis({ members: [] }),
      genesis({ admins: many(65, (at) => idOf('acct', at)) }),
      genesis({ electors: many(1025, (at) => ({ account: idOf('acct', at), weight: 1 })) }),
      genesis({ members: [member(0, blob(8193))] }),
      genesis({ members: [member(0, blob(0))] }),
      genesis({ level: 0 }),
    ],
  ],
  ['EPOCH_ADVANCE', [{ epoch: 0 }, { epoch: MAX }], [{ epoch: -1 }, { epoch: BEYOND }]],
  [
    'CONFIG_SET',
    [configBody(x(64), MAX), configBody('x', -MAX, { expected_old: -MAX })],
    [configBody(x(65), 1), configBody('', 1), { ...configBody('x', 0), value: BEYOND }],
  ],
  [
    'SET_PROTOCOL_LEVEL',
    [
      level({ announcements: many(64, announcement) }),
      level({ announcements: [announcement(0, blob(8192))] }),
    ],
    [
      level({ announcements: many(65, announcement) }),
      level({ announcements: [] }),
      level({ announcements: [announcement(0, blob(8193))] }),
      level({ announcements: [announcement(0, blob(0))] }),
      level({ level: 0 }),
    ],
  ],
  [
    'CHECKPOINT',
    [certificate({ statement: blob(1024), signatures: many(64, signature) })],
    [
      certificate({ statement: blob(1025) }),
      certificate({ statement: blob(0) }),
      certificate({ signatures: many(65, signature) }),
      certificate({ signatures: [] }),
    ],
  ],
  [
    'SEGMENT_SEALED',
    [sealed({ from: MAX, to: MAX, size: MAX })],
    [sealed({ from: 0 }), sealed({ to: 0 }), sealed({ size: 0 }), sealed({ sha256: blob(31) })],
  ],
  [
    'JOB_ACCEPTED',
    [
      accepted({ priority: 0, seed: MAX, attempts_max: 1_000_000, time_limit_ms: 0, target: x(128) }),
      accepted({ priority: 100, attempts_max: 1, method: x(32), manifest: [artifact(x(255))] }),
      accepted({ manifest: many(8192, (at) => artifact(`a/${at}`)) }),
    ],
    [
      accepted({ priority: 101 }),
      accepted({ priority: -1 }),
      accepted({ seed: BEYOND }),
      accepted({ attempts_max: 0 }),
      accepted({ attempts_max: 1_000_001 }),
      accepted({ target: x(129) }),
      accepted({ method: x(33) }),
      accepted({ manifest: [artifact(x(256))] }),
      accepted({ manifest: [artifact('x', { size: -1 })] }),
      accepted({ manifest: many(8193, (at) => artifact(`a/${at}`)) }),
    ],
  ],
  [
    'JOB_FINISHED',
    [
      finished({ attempt: 1_000_000, reason: 'X'.repeat(64), fencing: { term: MAX, n: MAX } }),
      finished({ attempt: 0, fencing: { term: 1, n: 0 } }),
    ],
    [
      finished({ attempt: 1_000_001 }),
      finished({ attempt: -1 }),
      finished({ reason: 'X'.repeat(65) }),
      finished({ fencing: { term: 0, n: 0 } }),
      finished({ fencing: { term: 1, n: -1 } }),
    ],
  ],
];

const bodyValue = (body: Body): CborValue => {
  const decoded = decodeCbor(encodeCbor(body));
  assert.ok(decoded.ok);
  return decoded.value;
};

test('LOG-35: fabric and reference hold every field to the bounds that the specification gives it', () => {
  for (const [name, inside, outside] of BOUNDS) {
    const type = ENTRY_TYPES.find((one) => one.type === name)!;
    for (const [at, body] of [...inside, ...outside].entries()) {
      const value = bodyValue(body);
      const expected = at < inside.length;
      assert.equal(read(type.body, value).ok, expected, `fabric: ${name}, body ${at}`);
      assert.equal(BODIES[name]!(value), expected, `reference: ${name}, body ${at}`);
    }
  }
});
