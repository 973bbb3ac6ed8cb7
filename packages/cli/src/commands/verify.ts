import { createHash } from 'node:crypto';
import { RECEIPT_READ_BYTES_MAX, VERIFICATION_STEPS, type Verdict, verifyReceipt } from '@qfs/receipts';
import { verifyNobleSignature } from '@qfs/receipts/noble';
import type { Command, Invocation } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { printJson } from '../print-json.ts';
import { startProgress } from '../progress.ts';
import { readFile } from '../read-file.ts';
import { withServer } from '../server.ts';

interface VerifyOptions {
  readonly cluster?: string;
  readonly withArtifacts?: boolean;
}

export const verify: Command<VerifyOptions> = {
  notes: [
    'A receipt proves what it says to whoever trusts its cluster: compare the id, or give it with --cluster.',
    'With --with-artifacts the files of the job are read from the server and compared with the receipt.',
  ],
  arguments: [{ name: 'file', help: 'the receipt; - reads the standard input', completes: 'files' }],
  options: [
    { flags: '--cluster <id>', help: 'the cluster to trust, 64 hexadecimal digits' },
    { flags: '--with-artifacts', help: 'compare the files of the job too' },
  ],
  asksServer: true,
  examples: ['verify r.json', 'verify r.json --with-artifacts', 'verify - --json < r.json'],
  async run(invocation) {
    const { terminal, arguments: files, options } = invocation;
    const bytes = await readFile(files[0]!, 'a receipt', RECEIPT_READ_BYTES_MAX, terminal);
    const trusted = options.cluster === undefined ? {} : { clusterId: options.cluster };
    const checks = { verify: verifyNobleSignature, ...trusted };
    let verdict = verifyReceipt(bytes, checks);
    if (verdict.ok && options.withArtifacts === true) {
      verdict = verifyReceipt(bytes, { ...checks, artifacts: await artifactsOf(verdict, invocation) });
    }
    if (options.json) printJson(documentOf(verdict), terminal);
    else if (!options.quiet) terminal.out(textOf(verdict));
    return verdict.ok ? EXIT.ok : EXIT.user;
  },
};

/** SHA-256 of every file that the receipt names, as the server has it now. */
async function artifactsOf(
  { facts }: Verdict,
  invocation: Invocation<VerifyOptions>,
): Promise<Map<string, string>> {
  const { jobId, inputs, outputs } = facts!;
  const progress = startProgress(invocation.terminal);
  return withServer(invocation, async (client) => {
    const found = new Map<string, string>();
    for (const name of [...inputs.keys(), ...outputs.keys()]) {
      progress.say(`Reading ${name}`);
      const bytes = await client.artifact(jobId, name);
      found.set(name, createHash('sha256').update(bytes).digest('hex'));
    }
    return found;
  }).finally(progress.end);
}

function documentOf({ ok, steps, facts }: Verdict): object {
  if (facts === undefined) return { ok, steps };
  return {
    ok,
    steps,
    cluster_id: facts.clusterId,
    job_id: facts.jobId,
    state: facts.state,
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
    accepted_index: facts.acceptedIndex,
    finished_index: facts.finishedIndex,
    tree_size: facts.treeSize,
    seed: facts.seed,
    target: facts.target,
    ...(facts.compiledDigest === undefined ? {} : { compiled_digest: facts.compiledDigest }),
    ...(facts.resultsDigest === undefined ? {} : { results_digest: facts.resultsDigest }),
    inputs: Object.fromEntries(facts.inputs),
    outputs: Object.fromEntries(facts.outputs),
  };
}

function textOf({ ok, steps, facts }: Verdict): string {
  const lines = steps.map(({ step, ok: passed, detail }) =>
    passed ? `ok    ${VERIFICATION_STEPS[step]}\n      ${detail}` : `WRONG ${step}: ${detail}`,
  );
  if (!ok || facts === undefined) return `${lines.join('\n')}\nThe receipt is not valid.\n`;
  const end = facts.reason === undefined ? facts.state : `${facts.state} (${facts.reason})`;
  const results = facts.resultsDigest === undefined ? '' : `, results ${facts.resultsDigest}`;
  return (
    `${lines.join('\n')}\nThe receipt is valid: ${facts.jobId} ended in ${end} with seed ${facts.seed} on ` +
    `${facts.target}${results}.\n`
  );
}
