import { existsSync, writeFileSync } from 'node:fs';
import type { LogRecord } from '@qfs/core/exact';
import { PROTOCOL_LEVEL } from '@qfs/fabric';
import fc from 'fast-check';
import { linesOf } from '../packages/fabric/src/testing/level-log.ts';
import { append, extendLog, randomLog } from '../packages/fabric/src/testing/random-log.ts';
import { certificateBody, configBody, levelBody } from '../packages/fabric/src/testing/rule-bodies.ts';
import {
  ACCOUNT,
  acceptedBody,
  type Body,
  type Change,
  digest,
  finishedBody,
  genesisOfThree,
  jobId,
  TestLedger,
  THREE,
} from '../packages/fabric/src/testing/test-ledger.ts';

/**
 * Writes `tests/fixtures/logs/level-N.jsonl`: a log of the present protocol level, a line per entry with what
 * it leads to. Every later release replays it, so it is written once and never again.
 */
const file = new URL(`../tests/fixtures/logs/level-${PROTOCOL_LEVEL}.jsonl`, import.meta.url);
if (existsSync(file)) throw new Error(`${file.pathname} exists, and what a level gives does not change`);

const SEED = 1;
const JOBS = 24;
/** Shapes of logs from which the middle of this one is made. */
const RANDOM_LOGS = 8;

const ledger = new TestLedger();
const records: LogRecord[] = [];
const propose = (type: string, body: Body, change: Change = {}): void =>
  append(ledger, ledger.entry(type, body, change, true), records);
const proposeUnsigned = (type: string, body: Body, change: Change = {}): void =>
  append(ledger, ledger.entry(type, body, change), records);

function runJobs(): void {
  for (let at = 0; at < JOBS; at++) {
    const id = jobId(`fixture ${at}`);
    proposeUnsigned('JOB_ACCEPTED', acceptedBody(id), { tick: at });
    if (at % 8 === 7) {
      proposeUnsigned('JOB_FINISHED', finishedBody(id, { attempt: 5 }));
      const taken = [{ name: 'program.qasm', sha256: digest('another program'), size: 1, type: 'program' }];
      proposeUnsigned('JOB_FINISHED', finishedBody(id, { manifest: taken }));
      continue;
    }
    const failed: Body = { state: 'ERROR', reason: 'ENGINE_LOST', manifest: [] };
    proposeUnsigned('JOB_FINISHED', finishedBody(id, at % 3 === 0 ? failed : {}), { tick: at });
    const twice = at % 8 === 4 ? 2 : 1;
    for (let time = 0; at % 4 === 0 && time < twice; time++) {
      proposeUnsigned('JOB_EXPIRED', { job_id: id, expired_at_ms: at });
    }
    if (at % 6 === 0) proposeUnsigned('JOB_DELETED', { job_id: id, account: ACCOUNT, deleted_at_ms: at });
  }
}

function setRules(): void {
  propose('CONFIG_SET', configBody('checkpoint_entries', 250));
  propose('CONFIG_SET', configBody('result_retention_s', 86_400, { expected_old: 0 }));
  propose('CONFIG_SET', configBody('result_retention_s', 1, { expected_old: 0 }));
  propose('CONFIG_SET', configBody('colour', 1));
  propose('CONFIG_SET', configBody('checkpoint_entries', 1_000));
  proposeUnsigned('CHECKPOINT', certificateBody(ledger, 40, THREE));
  proposeUnsigned('SEGMENT_SEALED', { from: 1, to: 30, sha256: digest('first segment'), size: 9_000 });
  proposeUnsigned('SEGMENT_SEALED', { from: 31, to: 40, sha256: digest('second segment'), size: 3_000 });
  proposeUnsigned('TICK', {}, { tick: 600 });
  proposeUnsigned('EPOCH_ADVANCE', { epoch: 1 }, { tick: 600 });
  proposeUnsigned('EPOCH_ADVANCE', { epoch: 2 }, { tick: 601 });
}

/** Everything else, good and bad, but for what would end the log. */
function disturb(): void {
  for (const intents of fc.sample(randomLog, { seed: SEED, numRuns: RANDOM_LOGS })) {
    const kept = intents.filter(
      ({ type, damage, tick }) =>
        !/^(?:EPOCH_ADVANCE|SET_PROTOCOL_LEVEL)$/.test(type) && damage !== 'oversized' && tick !== 'endless',
    );
    extendLog(ledger, kept, records);
  }
}

/** The next level is decided and does not begin within this log. */
function announceLevel(): void {
  propose('SET_PROTOCOL_LEVEL', levelBody(ledger, 3, THREE));
  propose('SET_PROTOCOL_LEVEL', levelBody(ledger, 2, THREE.slice(1)));
  propose('SET_PROTOCOL_LEVEL', levelBody(ledger, 2, THREE));
  propose('SET_PROTOCOL_LEVEL', levelBody(ledger, 2, THREE));
  proposeUnsigned('EPOCH_ADVANCE', { epoch: 2 }, { tick: 9_000 });
  proposeUnsigned('NOOP', {}, { level: 2 });
}

propose('GENESIS', genesisOfThree);
runJobs();
setRules();
disturb();
announceLevel();
writeFileSync(
  file,
  linesOf(records)
    .map((line) => `${JSON.stringify(line)}\n`)
    .join(''),
);
process.stdout.write(`${records.length} entries in ${file.pathname}\n`);
