import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { before, test } from 'node:test';
import { each } from '../platform/each.ts';
import { eigenCli } from '../platform/eigen-cli.ts';
import {
  call,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';
import { receiptOf } from '../platform/receipts.ts';

const JOBS = 20;

/** The files of a platform that was stopped. */
let origin: string;
let ids: readonly string[];

before(async () => {
  origin = temporaryDirectory();
  const platform = await startPlatform({ dataDir: origin });
  const { rest } = platform.ready;
  const jobs = Array.from({ length: JOBS }, (_, seed) => ({ program: example('bell'), shots: 10, seed }));
  ids = await each(jobs, 8, (job) => submit(rest, job));
  for (const id of ids) {
    await terminalJob(rest, id);
    await receiptOf(rest, id);
  }
  assert.equal(await platform.end('SIGTERM'), 0);
});

/** Another byte in the middle of a column of bytes. */
const flip = (column: string): string =>
  `${column} = CAST(substr(${column}, 1, length(${column}) / 2) || x'5a' || ` +
  `substr(${column}, length(${column}) / 2 + 2) AS BLOB)`;

/** A copy of the platform's files with one statement carried out on its database. */
function tampered(sql: string): string {
  const dataDir = temporaryDirectory();
  cpSync(origin, dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, 'qfs.sqlite'));
  const { changes } = database.prepare(sql).run();
  database.close();
  assert.ok(changes > 0, `${sql} changes nothing`);
  return dataDir;
}

/** The entry that ended some job. */
const ENDING = `(SELECT max(idx) FROM log WHERE type = 'JOB_FINISHED')`;

/** A start looks at what the newest checkpoint covers last, and leaves the rest to a verification. */
const DAMAGED =
  /^start: .*\nThe log of this node is damaged: .*entr(y|ies) .*Restore a backup|^verify: Entry \d+: /;

/** What is changed, and how a start, a verification or a replay names it. */
const CHANGES: readonly (readonly [sql: string, finding: RegExp])[] = [
  [`UPDATE log SET ${flip('bytes')} WHERE idx = ${ENDING}`, /verify: Entry \d+: /],
  [`UPDATE log SET ${flip('link_hash')} WHERE idx = 5`, DAMAGED],
  [`UPDATE log SET ${flip('effects_hash')} WHERE idx = 5`, /replay: Entry 5: /],
  [`DELETE FROM log WHERE idx = 6`, DAMAGED],
  [`UPDATE state SET ${flip('value')} WHERE key LIKE 'jobs/%'`, /replay: |start: /],
  [`UPDATE jobs SET state = 'ERROR' WHERE state = 'DONE'`, /replay: Entry \d+: .*job_/],
];

/** Where a change was found first, and what was said. */
async function findingOf(dataDir: string): Promise<string> {
  let platform: Platform;
  try {
    platform = await startPlatform({ dataDir });
  } catch (thrown) {
    return `start: ${(thrown as Error).message}`;
  }
  try {
    for (const check of [['verify'], ['replay', '--from', '0']]) {
      const { code, stdout, stderr } = await eigenCli(platform, 'log', ...check);
      if (code !== 0) return `${check[0]}: ${stdout}${stderr}`;
    }
    return 'nothing found';
  } finally {
    await platform.end('SIGKILL');
  }
}

for (const [sql, finding] of CHANGES) {
  test(`LOG-6, LOG-8, LOG-32: found and named: ${sql.replaceAll(/ = CAST.*BLOB\)/g, ' …')}`, async () => {
    assert.match(await findingOf(tampered(sql)), finding);
  });
}

test('a small file whose bytes changed in the database is not served', async () => {
  const small = `UPDATE blobs SET ${flip('data')} WHERE data IS NOT NULL`;
  const platform = await startPlatform({ dataDir: tampered(small) });
  for (const name of ['results.json', 'program.qasm', 'statement.json']) {
    const answer = await call(`${platform.ready.rest}/api/v1/jobs/${ids[0]}/artifacts/${name}`);
    assert.equal(answer.json<{ code: string }>().code, 'ARTIFACT_CORRUPT', `${name}: ${answer.text}`);
  }
  const { code, stderr } = await eigenCli(platform, 'receipt', ids[0]!);
  assert.notEqual(code, 0);
  assert.match(stderr, /do not match their hash/);
  await platform.end('SIGKILL');
});
