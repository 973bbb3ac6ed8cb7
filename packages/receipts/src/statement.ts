/** The statement about an ended job: clauses REC-1 and REC-2. */
import { utf8 } from '@qfs/core/exact';
import { jcs } from '@qfs/core/json';

/** Of the envelope that holds a statement. */
export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = 'https://qfs.dev/job-statement/v1';
export const STATEMENT_NAME = 'statement.json';
/** Jobs with more items name the digests of the whole only. */
export const STATEMENT_ITEMS_MAX = 16;

/** A file and the lower-case hexadecimal SHA-256 of its bytes. */
export interface NamedDigest {
  readonly name: string;
  readonly sha256: string;
}

/** Digests of one item: `sha256:<hex>` each. */
export interface StatementItem {
  readonly program: string;
  readonly aqo?: string;
  readonly qasm?: string;
}

/** What is stated of an ended job. Digests are `sha256:<hex>`. */
export interface JobStatement {
  readonly outputs: readonly NamedDigest[];
  /** 64 hexadecimal digits. */
  readonly clusterId: string;
  readonly jobId: string;
  readonly acceptedIndex: number;
  readonly state: string;
  readonly reason?: string;
  readonly attempt: number;
  readonly target: string;
  readonly seed: number;
  readonly priority: number;
  readonly shots: number;
  readonly options: Readonly<Record<string, string>>;
  readonly inputs: readonly NamedDigest[];
  readonly compiledDigest?: string;
  readonly items?: readonly StatementItem[];
  readonly resultsDigest?: string;
  readonly calibrationDigest?: string;
  readonly execution?: Readonly<Record<string, string>>;
}

/** The bytes of `statement.json`: canonical JSON and one line feed. */
export function writeStatement(statement: JobStatement): Uint8Array {
  const { outputs, inputs, items, execution } = statement;
  const document = {
    _type: STATEMENT_TYPE,
    predicateType: PREDICATE_TYPE,
    subject: ascending(outputs).map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicate: {
      cluster_id: statement.clusterId,
      job_id: statement.jobId,
      accepted_index: statement.acceptedIndex,
      state: statement.state,
      ...present('reason', statement.reason),
      attempt: statement.attempt,
      target: statement.target,
      seed: statement.seed,
      priority: statement.priority,
      shots: statement.shots,
      options: { ...statement.options },
      inputs: ascending(inputs).map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
      ...present('compiled_digest', statement.compiledDigest),
      ...present(
        'items',
        items?.map((item) => ({ ...item })),
      ),
      ...present('results_digest', statement.resultsDigest),
      ...present('calibration_digest', statement.calibrationDigest),
      ...present('execution', execution && { ...execution }),
    },
  };
  return utf8(`${jcs(document)}\n`);
}

const present = (name: string, value: unknown): object => (value === undefined ? {} : { [name]: value });

const ascending = (files: readonly NamedDigest[]): NamedDigest[] =>
  [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
