import { taggedHash } from '@qfs/core/exact';
import { ADMIN_ID, checkAdmin } from '../authority.ts';
import { integer, optional, record, required, text, toBytes, type ValueOf } from '../codec.ts';
import { CONFIG_KEYS, isOperatorKey } from '../config-keys.ts';
import type { EntryType } from '../entry-type.ts';
import { CONFIG, CONFIG_KEY, CONTEXT, CONTEXT_KEY, COUNT_MAX } from '../records.ts';
import { reject } from '../rejections.ts';

const VALUE = integer(-COUNT_MAX, COUNT_MAX);
const BODY = record(
  required('on_behalf_of', ADMIN_ID),
  required('key', text(/^[a-z0-9_.]{1,64}$/, 'a key of at most 64 of a-z, 0-9, _ .')),
  required('value', VALUE),
  /** What the admin saw when deciding. */
  optional('expected_old', VALUE),
);

export const configHash = (config: ValueOf<typeof CONFIG>): Uint8Array =>
  taggedHash('qfs/config/v1', toBytes(CONFIG, config));

/** An admin sets one of the operator's numbers. */
export const CONFIG_SET: EntryType<ValueOf<typeof BODY>> = {
  type: 'CONFIG_SET',
  level: 1,
  signature: 'required',
  body: BODY,
  apply: ({ onBehalfOf, key, value, expectedOld }, transaction) => {
    const refused = checkAdmin(transaction, onBehalfOf);
    if (refused !== undefined) return refused;
    const row = CONFIG_KEYS.find((candidate) => candidate.key === key);
    if (row === undefined) return reject('CONFIG_KEY_UNKNOWN', `there is no key ${key}`);
    if (!isOperatorKey(row)) return reject('CONFIG_KEY_NOT_OPERATOR', `${key} is ${row.authority}`);
    const { min, max, initial } = row;
    if (value < min || value > max) {
      return reject('CONFIG_VALUE_OUT_OF_RANGE', `${key} is from ${min} to ${max}, not ${value}`);
    }
    const { operator = new Map<string, number>(), ...fixed } = transaction.existing(CONFIG_KEY, CONFIG);
    const old = operator.get(key) ?? initial;
    if (expectedOld !== undefined && expectedOld !== old) {
      return reject('CONFIG_STALE', `${key} is ${old}, not ${expectedOld}`);
    }
    const kept = new Map(operator);
    if (value === initial) kept.delete(key);
    else kept.set(key, value);
    const config = kept.size === 0 ? fixed : { ...fixed, operator: kept };
    transaction.put(CONFIG_KEY, CONFIG, config);
    const standing = transaction.existing(CONTEXT_KEY, CONTEXT);
    transaction.put(CONTEXT_KEY, CONTEXT, { ...standing, configHash: configHash(config) });
    return undefined;
  },
};
