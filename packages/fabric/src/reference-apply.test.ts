import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Applied, type CborInput, type CborValue, encodeCbor, equal, utf8 } from '@qfs/core/exact';
import fc from 'fast-check';
import {
  acceptedBody,
  type Body,
  decoded,
  digest,
  finishedBody,
  jobId,
  TestLedger,
} from './testing/test-ledger.ts';

interface ReferenceJob {
  readonly term: number;
  readonly attemptsMax: number;
  readonly inputs: readonly { readonly name: string; readonly sha256: Uint8Array }[];
  end?: { readonly state: string; readonly index: number };
}

/** Job truth told once more, from the clauses LOG-13 and LOG-14, over plain objects, without the fabric. */
class ReferenceApply {
  readonly jobs = new Map<string, ReferenceJob>();

  accept(body: Accepted, term: number): string {
    if (this.jobs.has(body.job_id)) return 'JOB_ALREADY_ACCEPTED';
    if (body.parent_job_id !== undefined && !this.jobs.has(body.parent_job_id)) return 'PARENT_JOB_UNKNOWN';
    this.jobs.set(body.job_id, { term, attemptsMax: body.attempts_max, inputs: body.manifest });
    return 'ACCEPTED';
  }

  finish(body: Finished, term: number, index: number): string {
    const job = this.jobs.get(body.job_id);
    if (job === undefined) return 'JOB_UNKNOWN';
    if (job.end !== undefined) return 'JOB_ALREADY_FINISHED';
    if (body.fencing.term < job.term || body.fencing.term > term) return 'FENCING_STALE';
    if (body.attempt > job.attemptsMax) return 'ATTEMPT_OUT_OF_RANGE';
    for (const output of body.manifest) {
      const input = job.inputs.find(({ name }) => name === output.name);
      if (input !== undefined && !equal(input.sha256, output.sha256)) return 'ARTIFACT_NAME_TAKEN';
    }
    job.end = { state: body.state, index };
    return 'ACCEPTED';
  }
}

type Manifest = { name: string; sha256: Uint8Array; size: number; type: string }[];
type Accepted = Body & { job_id: string; parent_job_id?: string; attempts_max: number; manifest: Manifest };
type Finished = Body & {
  job_id: string;
  attempt: number;
  fencing: { term: number; n: number };
  state: string;
  manifest: Manifest;
};
type Step =
  | { readonly type: 'JOB_ACCEPTED'; readonly body: Accepted; readonly term: number }
  | { readonly type: 'JOB_FINISHED'; readonly body: Finished; readonly term: number };

const job = fc.constantFrom(...['a', 'b', 'c'].map(jobId));
const manifest = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('program.qasm', 'results.json', 'items/0/meta.json'),
    sha256: fc.constantFrom('x', 'y').map(digest),
    size: fc.nat(),
    type: fc.constantFrom('program', 'results'),
  }),
  { selector: (artifact) => artifact.name, maxLength: 3 },
);
const term = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      job,
      parent: fc.option(job, { nil: undefined }),
      attempts_max: fc.integer({ min: 1, max: 3 }),
      manifest,
      term,
    })
    .map(({ job: id, parent, term: at, ...rest }) => {
      const change = { ...rest, ...(parent === undefined ? {} : { parent_job_id: parent }) };
      return { type: 'JOB_ACCEPTED', body: acceptedBody(id, change) as Accepted, term: at } as const;
    }),
  fc
    .record({
      job,
      attempt: fc.nat(4),
      fencing: fc.record({ term, n: fc.nat(3) }),
      state: fc.constantFrom('DONE', 'ERROR', 'CANCELLED', 'TIMEOUT'),
      manifest,
      term,
    })
    .map(({ job: id, term: at, ...change }) => {
      return { type: 'JOB_FINISHED', body: finishedBody(id, change) as Finished, term: at } as const;
    }),
);

const codeOf = (applied: Applied): string =>
  applied.outcome === 'REJECTED' ? applied.code : applied.outcome;

/** Terms only rise in a log. */
const inTermOrder = (steps: readonly Step[]): Step[] => [...steps].sort((a, b) => a.term - b.term);

test('P3: the fabric and a naive reference agree on every outcome and on what became of every job', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const ledger = TestLedger.founded();
      const reference = new ReferenceApply();
      inTermOrder(steps).forEach(({ type, body, term: now }, at) => {
        ledger.term = now;
        const expected =
          type === 'JOB_ACCEPTED' ? reference.accept(body, now) : reference.finish(body, now, at + 2);
        assert.equal(codeOf(ledger.propose(type, body)), expected);
      });
      for (const name of ['a', 'b', 'c']) {
        const stored = ledger.state.get(`jobs/${jobId(name)}`);
        const end = stored && (decoded(stored) as ReadonlyMap<string, CborValue>).get('end');
        const expected = reference.jobs.get(jobId(name));
        assert.equal(stored !== undefined, expected !== undefined);
        const seen =
          end instanceof Map ? { state: end.get('state'), index: end.get('finished_index') } : undefined;
        assert.deepEqual(seen, expected?.end);
      }
    }),
    { numRuns: 300 },
  );
});

test('P3: applying the same log twice gives the same outcomes, writes and state', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const [first, second] = [TestLedger.founded(), TestLedger.founded()];
      for (const { type, body, term: now } of inTermOrder(steps)) {
        first.term = now;
        second.term = now;
        assert.deepEqual(first.propose(type, body), second.propose(type, body));
      }
      assert.deepEqual([...first.state], [...second.state]);
    }),
  );
});

test('P3: whatever an entry holds, it is answered, and rejected entries write nothing', () => {
  const ledger = TestLedger.founded();
  ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('a')));
  const before = ledger.drawing();
  const scalar = fc.oneof(
    fc.maxSafeInteger(),
    fc.bigInt(-(2n ** 64n), 2n ** 64n - 1n),
    fc.string(),
    fc.uint8Array(),
  );
  const junk: fc.Arbitrary<CborInput> = fc.oneof(
    scalar,
    fc.array(scalar),
    fc.dictionary(fc.string(), scalar),
  );
  const bodyOf = (type: string): Body =>
    type === 'JOB_ACCEPTED' ? acceptedBody(jobId('z')) : finishedBody(jobId('a'));
  const spoiled = fc
    .record({
      type: fc.constantFrom('JOB_ACCEPTED', 'JOB_FINISHED', 'GENESIS', 'NOOP'),
      field: fc.constantFrom('job_id', 'manifest', 'fencing', 'attempt', 'seed', 'state', 'extra', 'target'),
      value: junk,
      level: fc.nat(3),
    })
    .map(({ type, field, value, level }) =>
      ledger.entry(type, { ...bodyOf(type), [field]: value }, { level }),
    );
  const flipped = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
    const bytes = ledger.entry('JOB_FINISHED', finishedBody(jobId('a')), {}, true);
    bytes[at % bytes.length]! ^= mask;
    return bytes;
  });
  const noise = fc.oneof(fc.uint8Array(), junk.map(encodeCbor), spoiled, flipped);
  fc.assert(
    fc.property(noise, (bytes) => {
      const applied = ledger.judge(bytes);
      assert.ok(applied.outcome === 'ACCEPTED' || /^[A-Z_]+$/.test(applied.code));
      if (applied.outcome === 'REJECTED') assert.match(applied.detail, /\w/);
      assert.equal(ledger.drawing(), before);
    }),
    { numRuns: 1_500 },
  );
});

test('a signed entry with any byte changed is rejected', () => {
  const ledger = TestLedger.founded();
  ledger.propose('JOB_ACCEPTED', acceptedBody(jobId('a')));
  const bytes = ledger.entry('JOB_FINISHED', finishedBody(jobId('a')), {}, true);
  assert.equal(codeOf(ledger.judge(bytes)), 'ACCEPTED');
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    assert.equal(ledger.judge(changed).outcome, 'REJECTED', `byte ${at}`);
  }
  assert.equal(codeOf(ledger.judge(bytes.slice(0, -1))), 'MALFORMED');
  assert.equal(codeOf(ledger.judge(utf8(`${'x'.repeat(300_000)}`))), 'MALFORMED');
});
