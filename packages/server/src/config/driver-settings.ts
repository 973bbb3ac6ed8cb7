import type { Setting } from './table.ts';

/** Which drivers are loaded, and with what. */
export const DRIVER_SETTINGS = [
  {
    key: 'drivers',
    env: 'QFS_DRIVERS',
    flag: '--drivers',
    type: 'list',
    default: ['sim', 'emulator'],
    help: 'Drivers to load: `sim`, `emulator`, `fault` (scripted failures, for tests), or `npm:` and the name of an installed package.',
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
] as const satisfies readonly Setting[];
