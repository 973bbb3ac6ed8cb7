import type { Setting } from './table.ts';

/** Which drivers are loaded, and with what. */
export const DRIVER_SETTINGS = [
  {
    key: 'drivers',
    env: 'QFS_DRIVERS',
    flag: '--drivers',
    type: 'list',
    default: ['sim', 'emulator'],
    help: "Drivers to load: `sim`, `emulator`, `remote` (a server that speaks IonQ's API), `fault` (scripted failures, for tests), or `npm:` and the name of an installed package.",
  },
  {
    key: 'driver_path',
    env: 'QFS_DRIVER_PATH',
    flag: '--driver-path',
    type: 'list',
    default: [],
    help: 'Folders of driver plugins: each folder in them with a `driver.json` is loaded.',
  },
  {
    key: 'driver_config',
    env: 'QFS_DRIVER_CONFIG',
    flag: '--driver-config',
    type: 'string',
    default: null,
    help: 'A TOML file with a table of settings for each driver plugin, secrets as `env:NAME` or `file:PATH`.',
  },
  {
    key: 'devices',
    env: 'QFS_DEVICES',
    flag: '--devices',
    type: 'list',
    default: [],
    help: 'Further devices of the emulator: JSON files, or folders of them.',
  },
  {
    key: 'remote_url',
    env: 'QFS_REMOTE_URL',
    flag: '--remote-url',
    type: 'string',
    default: null,
    help: 'Server of the driver `remote`, another QFS for example: http://host:port/v0.4.',
  },
  {
    key: 'remote_api_key',
    env: 'QFS_REMOTE_API_KEY',
    flag: '--remote-api-key',
    type: 'string',
    default: null,
    secret: true,
    help: 'Key or token for that server.',
  },
  {
    key: 'remote_prefix',
    env: 'QFS_REMOTE_PREFIX',
    flag: '--remote-prefix',
    type: 'string',
    default: 'remote',
    help: 'Its devices are called by this, a colon and their name there: remote:simulator.',
  },
] as const satisfies readonly Setting[];
