import { err, ok, type Result, utf8Decode } from '@qfs/core/exact';
import { type JsonValue, jcs, parseJson } from '@qfs/core/json';
import type { FinishedEntry } from './finished-entry.ts';
import type { Receipt } from './receipt.ts';
import { PREDICATE_TYPE, STATEMENT_NAME, STATEMENT_PAYLOAD_TYPE, STATEMENT_TYPE } from './statement.ts';

/** What a statement says, for people and for replay. */
export interface StatementFacts {
  readonly jobId: string;
  readonly clusterId: string;
  readonly acceptedIndex: number;
  readonly state: string;
  readonly reason?: string;
  readonly seed: number;
  readonly target: string;
  /** Lower-case hexadecimal SHA-256 by name. */
  readonly inputs: ReadonlyMap<string, string>;
  readonly outputs: ReadonlyMap<string, string>;
  readonly compiledDigest?: string;
  readonly resultsDigest?: string;
  /** What ran it, as the device said. */
  readonly execution: ReadonlyMap<string, string>;
  readonly options: ReadonlyMap<string, string>;
}

type Fields = Readonly<Record<string, JsonValue>>;

/** Reads the statement of a receipt and compares it with the entry that names it. */
export function readPayload(receipt: Receipt, finished: FinishedEntry): Result<StatementFacts, string> {
  const { payloadType, payload } = receipt.envelope;
  if (payloadType !== STATEMENT_PAYLOAD_TYPE) return err(`the payload is ${payloadType}, not a statement`);
  const facts = readStatement(payload);
  return facts.ok ? compare(facts.value, receipt, finished) : facts;
}

/** Reads the bytes of `statement.json`; refuses every form but the canonical one. */
export function readStatement(bytes: Uint8Array): Result<StatementFacts, string> {
  const text = utf8Decode(bytes);
  const parsed = text.ok ? parseJson(text.value) : text;
  if (!parsed.ok) return err('the statement is not JSON');
  const root = parsed.value;
  if (!text.ok || `${jcs(root)}\n` !== text.value) return err('the statement has not its canonical form');
  if (!isFields(root) || !isFields(root.predicate)) return err('the statement has no predicate');
  if (root._type !== STATEMENT_TYPE || root.predicateType !== PREDICATE_TYPE) {
    return err(`the statement is a ${String(root._type)} of ${String(root.predicateType)}`);
  }
  const { predicate } = root;
  const outputs = digests(root.subject);
  const inputs = digests(predicate.inputs);
  if (outputs === undefined || inputs === undefined)
    return err('the statement does not list its files by digest');
  const { job_id, cluster_id, accepted_index, state, seed, target } = predicate;
  if (typeof job_id !== 'string' || typeof cluster_id !== 'string' || typeof state !== 'string') {
    return err('the statement does not name its job');
  }
  if (typeof accepted_index !== 'number' || typeof seed !== 'number' || typeof target !== 'string') {
    return err('the statement does not say how its job was accepted');
  }
  return ok({
    jobId: job_id,
    clusterId: cluster_id,
    acceptedIndex: accepted_index,
    state,
    ...optionalText('reason', predicate.reason),
    seed,
    target,
    inputs,
    outputs,
    ...optionalText('compiledDigest', predicate.compiled_digest),
    ...optionalText('resultsDigest', predicate.results_digest),
    execution: texts(predicate.execution),
    options: texts(predicate.options),
  });
}

const isFields = (value: JsonValue | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const optionalText = (name: string, value: JsonValue | undefined): object =>
  typeof value === 'string' ? { [name]: value } : {};

function texts(value: JsonValue | undefined): Map<string, string> {
  const found = new Map<string, string>();
  if (!isFields(value)) return found;
  for (const [name, text] of Object.entries(value)) if (typeof text === 'string') found.set(name, text);
  return found;
}

function digests(value: JsonValue | undefined): Map<string, string> | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = new Map<string, string>();
  for (const file of value) {
    if (!isFields(file) || !isFields(file.digest)) return undefined;
    const { name, digest } = file;
    const { sha256 } = digest;
    if (typeof name !== 'string' || typeof sha256 !== 'string') return undefined;
    found.set(name, sha256);
  }
  return found;
}

function compare(
  facts: StatementFacts,
  receipt: Receipt,
  finished: FinishedEntry,
): Result<StatementFacts, string> {
  const told: readonly (readonly [string, unknown, unknown])[] = [
    ['job', facts.jobId, receipt.jobId],
    ['cluster', facts.clusterId, receipt.clusterId],
    ['state', facts.state, finished.field('state')],
    ['reason', facts.reason, finished.field('reason')],
  ];
  for (const [what, said, entered] of told) {
    if (said !== entered)
      return err(`the statement says ${what} ${String(said)}, the log ${String(entered)}`);
  }
  if (facts.acceptedIndex >= receipt.entry.index) {
    return err(`the job was accepted by entry ${facts.acceptedIndex}, after it had finished`);
  }
  if (facts.outputs.size !== finished.outputs.size - 1) {
    return err(
      `the statement lists ${facts.outputs.size} outputs, the log ${finished.outputs.size - 1} beside it`,
    );
  }
  for (const [name, digest] of facts.outputs) {
    const entered = finished.outputs.get(name);
    if (entered !== digest || name === STATEMENT_NAME) {
      return err(`the statement has ${name} as sha256:${digest}, the log as ${entered ?? 'nothing'}`);
    }
  }
  const results = finished.outputs.get('results.json');
  return facts.resultsDigest === (results === undefined ? undefined : `sha256:${results}`)
    ? ok(facts)
    : err('the digest of the results in the statement is not the one in the log');
}
