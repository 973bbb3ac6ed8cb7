import {
  boolean,
  type Codec,
  checked,
  DocumentFault,
  dictionary,
  either,
  finite,
  oneOf,
  optional,
  Reader,
  required,
  type Schema,
  struct,
  text,
} from '@qfs/circuit/codec';
import { DRIVER_MANIFEST_BYTES_MAX, QfsError } from '@qfs/core';
import { parseJson } from '@qfs/core/json';

export type SettingValue = string | number | boolean;

/** One setting of a driver. */
export interface PluginSetting {
  readonly type: 'string' | 'number' | 'boolean';
  readonly help: string;
  readonly required?: boolean;
  /** It is given as `env:NAME` or `file:PATH` only, and never shown. */
  readonly secret?: boolean;
  readonly default?: SettingValue;
}

/** What a driver declares before it is loaded; it must be the same afterwards. */
interface DeclaredCapabilities {
  readonly idempotentSubmission: boolean;
  readonly reproducibility: 'exact' | 'statistical';
  readonly cancellation: 'supported' | 'best_effort' | 'unsupported';
}

/** `driver.json` of a plugin. */
export interface PluginManifest {
  /** Also the first part of the ids of its devices. */
  readonly name: string;
  readonly version: string;
  readonly apiVersion: string;
  /** JavaScript module beside the manifest that exports `createDriver`. */
  readonly entry: string;
  readonly configSchema: ReadonlyMap<string, PluginSetting>;
  readonly capabilities: DeclaredCapabilities;
}

const line = text(/^[^\p{Cc}\u2028\u2029]{1,200}$/u, 'one line of text');
const settingName = /^[a-z][a-z0-9_]{0,63}$/;

const SETTING: Codec<PluginSetting> = checked(
  struct<PluginSetting>({
    type: required('type', oneOf(['string', 'number', 'boolean'])),
    help: required('help', line),
    required: optional('required', boolean),
    secret: optional('secret', boolean),
    default: optional(
      'default',
      either(
        boolean,
        either(finite, line, (value) => typeof value === 'number'),
        (value) => typeof value === 'boolean',
      ),
    ),
  }),
  ({ type, secret = false, default: preset }) => {
    if (preset !== undefined && typeof preset !== type) return `the default is no ${type}`;
    return secret && (type !== 'string' || preset !== undefined)
      ? 'a secret is a string without default'
      : undefined;
  },
);

const MANIFEST: Codec<PluginManifest> = struct<PluginManifest>({
  name: required('name', text(/^[a-z][a-z0-9_-]{0,31}$/, 'a name of a-z, 0-9, _ and -')),
  version: required(
    'version',
    text(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]{1,64})?$/, 'a version such as 1.0.0'),
  ),
  apiVersion: required('api_version', text(/^\d{1,4}\.\d{1,4}$/, 'a version such as 1.0')),
  entry: required(
    'entry',
    text(/^\.\/(?:[A-Za-z0-9._-]+\/)*[A-Za-z0-9._-]+\.m?js$/, 'a path such as ./driver.js'),
  ),
  configSchema: required(
    'config_schema',
    checked(dictionary(SETTING), (settings) => {
      const wrong = [...settings.keys()].find((name) => !settingName.test(name));
      return wrong === undefined ? undefined : `"${wrong.slice(0, 40)}" is no name of a setting`;
    }),
  ),
  capabilities: required(
    'capabilities',
    struct<DeclaredCapabilities>({
      idempotentSubmission: required('idempotent_submission', boolean),
      reproducibility: required('reproducibility', oneOf(['exact', 'statistical'])),
      cancellation: required('cancellation', oneOf(['supported', 'best_effort', 'unsupported'])),
    }),
  ),
});

/** JSON Schema of a manifest, published as `docs/reference/driver.schema.json`. */
export const manifestSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'The manifest of a driver plugin',
  ...MANIFEST.schema,
});

/** @throws QfsError REQUEST_INVALID that names the file and the place inside it */
export function readManifest(bytes: Uint8Array, source: string): PluginManifest {
  const invalid = (why: string): QfsError =>
    new QfsError('REQUEST_INVALID', `The driver manifest ${source} cannot be read: ${why}.`);
  if (bytes.byteLength > DRIVER_MANIFEST_BYTES_MAX)
    throw invalid(`it has more than ${DRIVER_MANIFEST_BYTES_MAX} bytes`);
  const json = parseJson(bytes);
  if (!json.ok) throw invalid(json.error.message);
  try {
    return MANIFEST.read(json.value, new Reader(1));
  } catch (thrown) {
    if (thrown instanceof DocumentFault) throw invalid(thrown.message);
    throw thrown;
  }
}
