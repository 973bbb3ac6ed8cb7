import type { DeviceDescription } from '@qfs/circuit/device';
import { durationText, noiseSummary } from './device-properties.ts';
import { shippedDevices } from './load-devices.ts';

/** `docs/reference/devices.md`, from the shipped descriptions. */
export const devicesReference = (): string =>
  [
    '# Devices',
    '',
    '`sim:local` is the ideal simulator. The emulated devices below come with the platform (`QFS_DRIVERS` names `emulator`);',
    'further ones are described by JSON, see [the guide](../guides/drivers.md) and the schema',
    '[device.schema.json](device.schema.json). Their calibrations are made up: plausible values for hardware of the kind.',
    'Circuits are [compiled for the device](../guides/compiling.md) that they run on: to its basis gates, on coupled qubits.',
    'The compiler option `target` of `none` leaves them as they are written: any gate runs on any qubits then, with the',
    'noise of the device. The option `strict` refuses whatever the device does not do natively.',
    '',
    ...shippedDevices().flatMap(section),
  ].join('\n');

const section = (device: DeviceDescription): string[] => [
  `## ${device.id}`,
  '',
  `${device.name}.`,
  '',
  '| property | value |',
  '|---|---|',
  `| qubits | ${device.qubits} |`,
  `| coupling | ${couplingText(device)} |`,
  `| basis gates | ${device.basisGates.map((gate) => `\`${gate}\``).join(', ')} |`,
  `| durations | ${[...device.durations].map(([gate, seconds]) => `\`${gate}\` ${durationText(seconds)}`).join(', ')} |`,
  `| calibration | ${device.calibration?.takenAt ?? 'none: ideal'} |`,
  `| noise | ${noiseSummary(device)} |`,
  `| shots | at most ${device.shotsMax} |`,
  `| price | ${priceText(device)} |`,
  '',
];

const couplingText = ({ coupling }: DeviceDescription): string =>
  coupling === 'all_to_all' ? 'every pair' : coupling.map((pair) => pair.join('–')).join(', ');

const priceText = ({ price }: DeviceDescription): string =>
  price === undefined ? 'none' : `${price.perTask} ${price.unit} per task and ${price.perShot} per shot`;
