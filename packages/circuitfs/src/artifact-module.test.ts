import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QfsError } from '@qfs/core';
import fc from 'fast-check';
import { ANA, file, freshJobId, openCircuitFs, textOf } from './testing/fixture.ts';

type Step =
  | {
      readonly kind: 'store';
      readonly staged: boolean;
      readonly attempt: number;
      readonly name: string;
      readonly text: string;
    }
  | { readonly kind: 'finish'; readonly attempt: number; readonly name: string; readonly text: string };

const text = fc.constantFrom('0', '1', '2');
const name = fc.constantFrom('results.json', 'meta.json');
const attempt = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('store' as const), staged: fc.boolean(), attempt, name, text }),
  fc.record({ kind: fc.constant('finish' as const), attempt, name, text }),
);

/** What CircuitFS promises, in its simplest form. */
class NaiveArtifacts {
  readonly final = new Map<string, string>();
  readonly stored = new Set<string>();

  run(step: Step): string {
    const taken = this.final.get(step.name);
    if (taken !== undefined) return taken === step.text ? 'ok' : 'ARTIFACT_EXISTS';
    if (step.kind === 'store') this.stored.add(step.text);
    else if (!this.stored.has(step.text)) return 'ARTIFACT_NOT_FOUND';
    if (step.kind === 'finish' || !step.staged) this.final.set(step.name, step.text);
    return 'ok';
  }
}

test('ART-4, ART-6, ART-7: in any order of attempts and ends, a name is given once, to bytes that are stored, and keeps them', async (t) => {
  const fs = openCircuitFs(t);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.uuid(), async (steps, run) => {
      // Bytes of each run are its own: within a tenant the store knows those of every job.
      const content = (step: Step) => `${run} ${step.text}`;
      const jobId = freshJobId();
      const naive = new NaiveArtifacts();
      const digests = new Map<string, string>();
      for (const each of ['0', '1', '2'].map((value) => `${run} ${value}`)) {
        digests.set(each, (await fs.blobs.prepare('tenant-a', new TextEncoder().encode(each))).digest);
      }
      const perform = (one: Step) =>
        one.kind === 'store'
          ? fs.client.storeArtifact({ ...one, jobId, artifact: file(one.name, content(one)) }, ANA)
          : fs.apply('JOB_FINISHED', jobId, one.attempt, { [one.name]: digests.get(content(one))! });
      for (const one of steps) {
        const expected = naive.run(one);
        const actual = await perform(one).then(
          () => 'ok',
          (error: QfsError) => error.code,
        );
        assert.equal(actual, expected, JSON.stringify(one));
      }
      const { handles } = await fs.client.listArtifacts({ jobId }, ANA);
      const final = handles.map((handle) => handle.name).filter((each) => !each.startsWith('attempts/'));
      assert.deepEqual(final, [...naive.final.keys()].sort());
      for (const each of final) {
        const { data } = await fs.client.retrieveArtifact({ jobId, name: each }, ANA);
        assert.equal(textOf(data), `${run} ${naive.final.get(each)}`);
      }
    }),
    { numRuns: 100 },
  );
});

test('tenant, project and subject stand in every key and index', (t) => {
  const { reader } = openCircuitFs(t);
  const keys = reader.all<{ name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ('artifacts', 'artifact_jobs') AND sql IS NOT NULL`,
  );
  assert.equal(keys.length, 5);
  for (const { name, sql } of keys) {
    const [columns] = /(?<=PRIMARY KEY |ON \w+ )\([^)]*\)/.exec(sql) ?? [''];
    for (const column of ['tenant_id', 'project_id', 'subject']) {
      assert.ok(columns.includes(column), `${column} is missing in the key of ${name}: ${columns}`);
    }
  }
});
