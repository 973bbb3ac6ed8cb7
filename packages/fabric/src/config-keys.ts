/**
 * The keys of the configuration: `docs/spec/log.md`, clause LOG-21. Guards and reference derive from this
 * table.
 */
import { type Codec, integer } from './codec.ts';

interface ConfigKey {
  readonly key: string;
  /** Who may change it: an admin by CONFIG_SET, the electors, or nobody. */
  readonly authority: 'operator' | 'governed' | 'immutable';
  readonly meaning: string;
}

/** An integer that stands in the state only while it is not the initial one. */
interface OperatorKey extends ConfigKey {
  readonly authority: 'operator';
  readonly min: number;
  readonly max: number;
  readonly initial: number;
}

const COUNT_MAX = Number.MAX_SAFE_INTEGER;

export const CONFIG_KEYS: readonly (OperatorKey | (ConfigKey & { authority: 'governed' | 'immutable' }))[] = [
  {
    key: 'economy_profile',
    authority: 'immutable',
    meaning: 'Who pays for jobs: `sponsored` or `enforced`.',
  },
  {
    key: 'limits.entry_bytes_max',
    authority: 'immutable',
    meaning: 'The largest entry, in bytes.',
  },
  {
    key: 'limits.block_bytes_max',
    authority: 'immutable',
    meaning: 'The largest block of entries that are proposed together, in bytes.',
  },
  {
    key: 'limits.epoch_ticks',
    authority: 'governed',
    meaning: 'The length of an epoch, in ticks.',
  },
  {
    key: 'checkpoint_entries',
    authority: 'operator',
    min: 1,
    max: 100_000,
    initial: 1_000,
    meaning: 'A checkpoint is made at once when this many entries have none.',
  },
  {
    key: 'archive_after_entries',
    authority: 'operator',
    min: 1_000,
    max: COUNT_MAX,
    initial: 1_000_000,
    meaning: 'The newest entries that stay in the database; older ones are sealed into archive segments.',
  },
  {
    key: 'result_retention_s',
    authority: 'operator',
    min: 0,
    max: COUNT_MAX,
    initial: 0,
    meaning: 'Seconds for which the results of an ended job are kept; 0 keeps them for ever.',
  },
];

export const isOperatorKey = (row: ConfigKey): row is OperatorKey => row.authority === 'operator';

/** What `operator` of `system/config` may hold. */
export const OPERATOR_VALUES: ReadonlyMap<string, Codec<number>> = new Map(
  CONFIG_KEYS.filter(isOperatorKey).map(({ key, min, max }) => [key, integer(min, max)]),
);

const WHO = { operator: 'an admin', governed: 'the electors', immutable: 'nobody' } as const;

/** `docs/reference/fabric-configuration.md`. */
export function fabricConfigurationReference(): string {
  const rows = CONFIG_KEYS.map((row) => {
    const range = isOperatorKey(row) ? `${row.min} to ${row.max}` : '';
    const initial = isOperatorKey(row) ? `${row.initial}` : 'as GENESIS says';
    return `| \`${row.key}\` | ${WHO[row.authority]} | ${range} | ${initial} | ${row.meaning} |`;
  });
  return [
    '# Configuration in the log',
    '',
    'These values are part of the state that all members of a log agree on. GENESIS sets them; an entry changes those that',
    'may change: CONFIG_SET, signed by a node on behalf of an admin. What a single process is started with stands in',
    '[configuration](configuration.md).',
    '',
    '| Key | Changed by | Range | At first | Meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
