import { createHash } from 'node:crypto';
import { type Client, stateName } from '@qfs/client';
import { QfsError } from '@qfs/core';
import { type Verdict, verifyReceipt } from '@qfs/receipts';
import { verifyNobleSignature } from '@qfs/receipts/noble';
import { ENGINE_VERSION } from '@qfs/simulator';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { followJob } from '../follow-job.ts';
import { printJson } from '../print-json.ts';
import { startProgress } from '../progress.ts';
import { type Comparison, compareResults } from '../replay/compare.ts';
import { rerun } from '../replay/rerun.ts';
import { withServer } from '../server.ts';
import type { Terminal } from '../terminal.ts';
import { JOB_ARGUMENT } from './job-argument.ts';

interface ReplayOptions {
  readonly onServer?: boolean;
}

/** A job whose receipt was verified, and its files. */
interface Proved {
  readonly facts: NonNullable<Verdict['facts']>;
  readonly artifacts: ReadonlyMap<string, Uint8Array>;
}

interface Outcome {
  readonly proved: Proved;
  readonly comparison: Comparison;
  readonly compiledDigest: string;
  /** What ran it now. */
  readonly engineVersion: string;
}

export const replay: Command<ReplayOptions> = {
  notes: [
    'The receipt is verified first, and with it every file that the job is run again from.',
    'It is run here, unless --on-server has the server run it as a new job.',
  ],
  arguments: [JOB_ARGUMENT],
  options: [{ flags: '--on-server', help: 'run it again as a new job of the server, with the same seed' }],
  asksServer: true,
  examples: ['replay job_0192f0c1a2b37c4d8e5f60718293a4b5'],
  async run(invocation) {
    const { terminal, arguments: names, options } = invocation;
    const progress = startProgress(terminal);
    const outcome = await withServer(invocation, async (client) => {
      const proved = await prove(client, names[0]!, progress.say);
      if (options.onServer === true) {
        progress.end();
        return runOnServer(client, proved, terminal);
      }
      const { compiledDigest, results } = rerun(proved.artifacts, progress.say, proved.facts.seed);
      const comparison = compareResults(fileOf(proved, 'results.json'), results);
      return { proved, comparison, compiledDigest, engineVersion: ENGINE_VERSION };
    }).finally(progress.end);
    if (options.json) printJson(documentOf(outcome), terminal);
    else if (!options.quiet) terminal.out(textOf(outcome));
    return isConsistent(outcome) ? EXIT.ok : EXIT.server;
  },
};

/** @throws QfsError ARTIFACT_CORRUPT when the receipt or a file is not what it should be. */
async function prove(
  client: Client,
  jobId: string,
  doing: (what: string) => void = () => undefined,
): Promise<Proved> {
  doing('Verifying the receipt');
  const receipt = await client.receipt(jobId);
  const artifacts = new Map<string, Uint8Array>();
  const digests = new Map<string, string>();
  const { facts } = checked(verifyReceipt(receipt, { verify: verifyNobleSignature }));
  if (facts!.state !== 'DONE') {
    throw new QfsError('REQUEST_INVALID', `${jobId} ended in ${facts!.state}; only DONE jobs have counts.`);
  }
  const explained = ['calibration.json', 'target.json'].filter((name) => facts!.outputs.has(name));
  for (const name of [...facts!.inputs.keys(), 'results.json', ...explained]) {
    doing(`Reading ${name}`);
    const bytes = await client.artifact(jobId, name);
    artifacts.set(name, bytes);
    digests.set(name, createHash('sha256').update(bytes).digest('hex'));
  }
  checked(verifyReceipt(receipt, { verify: verifyNobleSignature, artifacts: digests }));
  return { facts: facts!, artifacts };
}

function checked(verdict: Verdict): Verdict {
  if (verdict.ok) return verdict;
  const { step, detail } = verdict.steps.at(-1)!;
  throw new QfsError('ARTIFACT_CORRUPT', `The receipt does not hold at "${step}": ${detail}.`);
}

async function runOnServer(client: Client, proved: Proved, terminal: Terminal): Promise<Outcome> {
  const { jobId } = await client.redrive(proved.facts.jobId);
  const followed = await followJob(client, jobId, { events: 'none' }, terminal);
  if ('interrupted' in followed) throw new QfsError('CANCELLED', `${jobId} goes on without being watched.`);
  if (stateName(followed.job.state) !== 'DONE') {
    throw new QfsError('ATTEMPTS_EXHAUSTED', `The replay ${jobId} ended without results.`);
  }
  const now = await prove(client, jobId);
  return {
    proved,
    comparison: compareResults(fileOf(proved, 'results.json'), fileOf(now, 'results.json')),
    compiledDigest: now.facts.compiledDigest ?? '',
    engineVersion: now.facts.execution.get('engine_version') ?? '',
  };
}

const fileOf = ({ artifacts }: Proved, name: string): Uint8Array => artifacts.get(name) ?? new Uint8Array();

const isCompiledAlike = ({ proved, compiledDigest }: Outcome): boolean =>
  proved.facts.compiledDigest === compiledDigest;

/** Equal bytes; or, from another engine, counts that differ no more than chance explains. */
function isConsistent(outcome: Outcome): boolean {
  const { comparison } = outcome;
  if (comparison.equal) return isCompiledAlike(outcome);
  const isSameEngine = engineOf(outcome) === outcome.engineVersion;
  return !isSameEngine && comparison.difference === undefined && comparison.distance <= comparison.noise;
}

const engineOf = ({ proved }: Outcome): string => proved.facts.execution.get('engine_version') ?? '';

function documentOf(outcome: Outcome): object {
  const { proved, comparison, compiledDigest, engineVersion } = outcome;
  const { jobId, seed } = proved.facts;
  return {
    job_id: jobId,
    consistent: isConsistent(outcome),
    equal: comparison.equal,
    compiled_equal: isCompiledAlike(outcome),
    compiled_digest: compiledDigest,
    seed,
    engine_version: engineOf(outcome),
    engine_version_now: engineVersion,
    total_variation_distance: comparison.distance,
    noise: comparison.noise,
    ...(comparison.difference === undefined ? {} : { difference: comparison.difference }),
  };
}

function textOf(outcome: Outcome): string {
  const { proved, comparison, compiledDigest, engineVersion } = outcome;
  const { jobId, seed, compiledDigest: then } = proved.facts;
  const head = `${jobId}: the receipt is valid, its program and seed ${seed} were taken.\n`;
  const compiled = isCompiledAlike(outcome)
    ? `Compiled again to the same bytes, ${compiledDigest}.\n`
    : `Compiled again to other bytes, ${compiledDigest} and not ${then ?? 'none'}.\n`;
  if (comparison.equal) {
    return `${head}${compiled}Run again, the results are equal, bit for bit: ${proved.facts.resultsDigest}.\n`;
  }
  const engines = `engine ${engineOf(outcome) || 'unknown'} then, ${engineVersion || 'unknown'} now`;
  if (comparison.difference !== undefined) {
    return `${head}${compiled}The results differ (${engines}): ${comparison.difference}.\n`;
  }
  const distance = comparison.distance.toFixed(4);
  const verdict = comparison.distance <= comparison.noise ? 'no more than' : 'more than';
  return (
    `${head}${compiled}The results differ (${engines}): the total variation distance is ${distance}, ${verdict} ` +
    `the ${comparison.noise.toFixed(4)} that chance explains.\n`
  );
}
