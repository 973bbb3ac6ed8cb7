import type { CompileTarget, TargetErrors } from '../compile-target.ts';
import type { Calibration, DeviceDescription } from './device-description.ts';

/** What circuits have to keep to on a device. Equal descriptions give equal targets, here and on a server. */
export function targetOfDevice(device: DeviceDescription): CompileTarget {
  const { id, qubits, coupling, directed, basisGates, durations, calibration } = device;
  return {
    name: id,
    qubits,
    ...(coupling !== 'all_to_all' && { coupling }),
    directed,
    basisGates,
    durations,
    ...(calibration && { errors: errorsOf(calibration) }),
  };
}

const errorsOf = ({ qubits, pairs }: Calibration): TargetErrors => ({
  qubits: qubits.map(({ gateError }) => gateError),
  readout: qubits.map(({ readoutError: [zero = 0, one = 0] }) => (zero + one) / 2),
  pairs: pairs.map(({ qubits: pair, gateError }) => ({ qubits: pair, error: gateError })),
});
