import { DeviceStatus } from '@qfs/rpc/api';
import type { Device, GetDeviceStatusResponse, ListDevicesResponse } from '@qfs/rpc/internal';

/** What is said of one device by those that drive it. */
interface Condition {
  readonly status: DeviceStatus;
  readonly queueDepth: number;
  readonly estimatedWaitSec: number;
}

/** Online if it is anywhere, with the queues of all and the wait of the shortest. */
function merged<Told extends Condition>(first: Told, second: Condition): Told {
  const better = first.status === DeviceStatus.ONLINE || second.status !== DeviceStatus.ONLINE;
  const waits = [first, second].filter(({ status }) => status === DeviceStatus.ONLINE);
  const seconds = (waits.length > 0 ? waits : [first, second]).map(
    ({ estimatedWaitSec }) => estimatedWaitSec,
  );
  return {
    ...first,
    status: better ? first.status : second.status,
    queueDepth: first.queueDepth + second.queueDepth,
    estimatedWaitSec: Math.min(...seconds),
  };
}

/** Devices by id: the same one at several managers is one, with the slots of all. */
export function mergedDevices(answers: readonly ListDevicesResponse[]): ListDevicesResponse {
  const devices = new Map<string, Device>();
  for (const device of answers.flatMap((answer) => answer.devices)) {
    const id = device.info?.deviceId ?? '';
    const known = devices.get(id);
    devices.set(id, known === undefined ? device : joined(known, device));
  }
  return { ...answers[0]!, devices: [...devices.values()] };
}

function joined(known: Device, device: Device): Device {
  const info =
    known.info === undefined || device.info === undefined ? {} : { info: merged(known.info, device.info) };
  return {
    ...known,
    ...info,
    slots: known.slots + device.slots,
    // What one of them bears the others may not.
    idempotentSubmission: known.idempotentSubmission && device.idempotentSubmission,
    exact: known.exact && device.exact,
  };
}

export function mergedStatus([
  first,
  ...others
]: readonly GetDeviceStatusResponse[]): GetDeviceStatusResponse {
  return others.reduce(
    (known, told) => ({
      ...merged(known, told),
      metadata: {
        ...known.metadata,
        slots: `${Number(known.metadata.slots ?? 0) + Number(told.metadata.slots ?? 0)}`,
        idempotent_submission: `${[known, told].every(({ metadata }) => metadata.idempotent_submission === 'true')}`,
      },
    }),
    first!,
  );
}
