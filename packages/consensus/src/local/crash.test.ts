import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { utf8 } from '@qfs/core/exact';
import type { Proposal } from '../log.ts';
import { acceptance, fabricApplier, setting, TestLog } from '../testing/test-log.ts';
import { type ArchiveDisk, systemArchiveDisk } from './archive-disk.ts';
import { readEffects } from './rows.ts';

/** A death at some moment: what it left, and what had been answered by then. */
interface Death {
  readonly where: string;
  readonly files: string;
  readonly acknowledged: number;
}

/** Starts again on what a death left, and looks at everything. */
async function afterwards({ where, files, acknowledged }: Death, look: (log: TestLog) => Promise<void>) {
  await using log = new TestLog({ applier: effectful }, files);
  rmSync(join(files, '..'), { recursive: true });
  const { appliedIndex } = await log.log.status();
  assert.ok(
    appliedIndex >= acknowledged,
    `${where}: ${acknowledged} entries were acknowledged, ${appliedIndex} are there`,
  );
  const verification = await log.log.verify();
  assert.ok(verification.ok, `${where}: ${JSON.stringify(verification)}`);
  const replayed = await log.log.replay();
  assert.ok(replayed.ok, `${where}: ${JSON.stringify(replayed)}`);
  await look(log);
}

/** The state machine, whose jobs leave an effect each. */
const effectful: typeof fabricApplier = (record, state) => {
  const applied = fabricApplier(record, state);
  const isJob = applied.outcome === 'ACCEPTED' && applied.entry.type === 'JOB_ACCEPTED';
  return isJob ? { ...applied, effects: [{ kind: 'notify', body: utf8(`${record.index}`) }] } : applied;
};

test('LOG-16: a death between append, apply, commit and effect leaves each entry whole or not at all', async () => {
  const deaths: Death[] = [];
  let acknowledged = 1;
  let log: TestLog | undefined;
  const die = (where: string): void => {
    if (log !== undefined) deaths.push({ where, files: log.snapFiles(), acknowledged });
  };
  const dying: typeof fabricApplier = (record, state) => {
    die(`before the apply of ${record.index}`);
    const applied = effectful(record, state);
    die(`after the apply of ${record.index}`);
    return applied;
  };
  await using origin = new TestLog({ applier: dying });
  log = origin;
  origin.witness.onSeen = (index) => die(`before the commit of ${index}`);
  const proposals: Proposal[] = [0, 1, 2].map((at) => ({
    ...acceptance(),
    entryId: `entry_${'abc'[at]!.repeat(26)}`,
  }));
  for (const batch of [proposals.slice(0, 2), proposals.slice(2)]) {
    await origin.log.propose(batch);
    acknowledged += batch.length;
    die(`after the commit of ${acknowledged}`);
  }
  await origin.call('log.settle_effect', { index: 2, n: 0 });
  die('after the effect of 2');
  log = undefined;
  assert.equal(deaths.length, 12);
  for (const death of deaths) {
    await afterwards(death, async (found) => {
      const { appliedIndex } = await found.log.status();
      assert.ok([1, 3, 4].includes(appliedIndex), `${death.where}: a block is there by half`);
      const settled = death.where === 'after the effect of 2' ? 1 : 0;
      assert.equal(readEffects(found.reader, 10).length, appliedIndex - 1 - settled, death.where);
      assert.equal(found.reader.all('SELECT idx FROM witness').length, appliedIndex, death.where);
      const again = await found.log.propose(proposals);
      assert.deepEqual(
        again.map((outcome) => outcome.outcome !== 'UNKNOWN' && [outcome.index, outcome.outcome]),
        [2, 3, 4].map((index) => [index, 'ACCEPTED']),
        `${death.where}: proposing again`,
      );
      assert.ok((await found.log.verify()).ok);
    });
  }
});

test('LOG-29: a death at any step of a compaction loses no entry, and the next one goes on', async () => {
  const deaths: Death[] = [];
  let log: TestLog | undefined;
  const dyingAt =
    <Arguments extends unknown[], Result>(name: string, step: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      const result = await step(...args);
      if (log !== undefined) {
        deaths.push({
          where: `after ${name} ${String(args[0])}`,
          files: log.snapFiles(),
          acknowledged: 1_103,
        });
      }
      return result;
    };
  const disk: ArchiveDisk = {
    ...systemArchiveDisk,
    write: dyingAt('write', systemArchiveDisk.write),
    rename: dyingAt('rename', systemArchiveDisk.rename),
    syncDirectory: dyingAt('sync', systemArchiveDisk.syncDirectory),
    makeDirectory: dyingAt('mkdir', systemArchiveDisk.makeDirectory),
  };
  await using origin = new TestLog({ disk });
  await origin.log.propose([setting(origin, 'archive_after_entries', 1_000)]);
  await origin.log.propose(Array.from({ length: 1_100 }, () => ({ type: 'NOOP', body: {} })));
  await origin.call('log.checkpoint', {});
  const expected = (await origin.log.read(1, 1_000)).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
  log = origin;
  await origin.log.compact();
  log = undefined;
  assert.equal(deaths.length, 10);
  for (const death of deaths) {
    await afterwards(death, async (found) => {
      assert.ok([0, 103].includes((await found.log.status()).archivedIndex), death.where);
      await found.log.compact();
      assert.ok((await found.log.status()).archivedIndex >= 103, death.where);
      const read = (await found.log.read(1, 1_000)).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
      assert.deepEqual(read, expected, death.where);
    });
  }
});
