/** The labels of metrics and manifests. Other words may be stored; metrics count them as `other`. */
export const ARTIFACT_TYPES = [
  'program',
  'job_spec',
  'aqo',
  'qasm',
  'results',
  'meta',
  'error',
  'calibration',
  'statement',
  'iteration',
  'plan',
  'report',
  'target',
  'log',
  'other',
] as const;
export type ArtifactType = (typeof ARTIFACT_TYPES)[number];

export interface ArtifactKind {
  readonly type: ArtifactType;
  readonly contentType: string;
}

const JSON_TYPE = 'application/json';
const QASM_TYPE = 'text/x-openqasm; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

interface KnownArtifact extends ArtifactKind {
  /** Matches the name inside the job, or inside one item of a batch. */
  readonly name: RegExp;
}

/** The names jobs give their artifacts, and what lies under each. */
const KNOWN_ARTIFACTS: readonly KnownArtifact[] = [
  { name: /^program\.qasm$/, type: 'program', contentType: QASM_TYPE },
  { name: /^program\.aqo\.json$/, type: 'program', contentType: JSON_TYPE },
  { name: /^program\.eigen\.py$/, type: 'program', contentType: 'text/x-python; charset=utf-8' },
  { name: /^job\.yaml$/, type: 'job_spec', contentType: 'application/yaml' },
  { name: /^compiled\.aqo\.json$/, type: 'aqo', contentType: JSON_TYPE },
  { name: /^compiled\.qasm$/, type: 'qasm', contentType: QASM_TYPE },
  { name: /^plan\.json$/, type: 'plan', contentType: JSON_TYPE },
  { name: /^target\.json$/, type: 'target', contentType: JSON_TYPE },
  { name: /^compile\.json$/, type: 'report', contentType: JSON_TYPE },
  { name: /^results\.json$/, type: 'results', contentType: JSON_TYPE },
  { name: /^meta\.json$/, type: 'meta', contentType: JSON_TYPE },
  { name: /^error\.json$/, type: 'error', contentType: JSON_TYPE },
  { name: /^calibration\.json$/, type: 'calibration', contentType: JSON_TYPE },
  { name: /^statement\.json$/, type: 'statement', contentType: JSON_TYPE },
  { name: /^iterations\/\d+\.json$/, type: 'iteration', contentType: JSON_TYPE },
  { name: /^logs\/[^/]+\.log$/, type: 'log', contentType: TEXT_TYPE },
  { name: /\.json$/, type: 'other', contentType: JSON_TYPE },
  { name: /\.(txt|log)$/, type: 'other', contentType: TEXT_TYPE },
];

/** What an expired job keeps: its receipt is made of it. */
export const KEPT_NAME = 'statement.json';

const UNKNOWN: ArtifactKind = { type: 'other', contentType: 'application/octet-stream' };

const ITEM_PREFIX = /^items\/\d+\//;

/** What an artifact of this name is when nobody says otherwise. */
export function artifactKind(name: string): ArtifactKind {
  const base = name.replace(ITEM_PREFIX, '');
  const { type, contentType } = KNOWN_ARTIFACTS.find((known) => known.name.test(base)) ?? UNKNOWN;
  return { type, contentType };
}

/** The label under which metrics count an artifact. */
export const typeLabel = (type: string): ArtifactType =>
  ARTIFACT_TYPES.find((known) => known === type) ?? 'other';
