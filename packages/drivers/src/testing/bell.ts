import { type Program, writeAqo } from '@qfs/circuit';
import type { ExecutionItem, ExecutionRequest } from '../contract.ts';

const BIT = { kind: 'bit', width: 2 } as const;

const PROGRAM: Program = {
  qubits: 2,
  qubitRegisters: [{ name: 'q', offset: 0, size: 2 }],
  variables: [{ name: 'c', type: BIT, role: 'local' }],
  subroutines: [],
  body: [
    { kind: 'gate', gate: 'h', parameters: [], qubits: [0] },
    { kind: 'gate', gate: 'cx', parameters: [], qubits: [0, 1] },
    ...[0, 1].map((qubit) => ({ kind: 'measure' as const, qubit, target: bit(qubit) })),
  ],
};

function bit(index: number) {
  const value = { kind: 'int', value: BigInt(index), type: { kind: 'int', width: 32 } } as const;
  return { kind: 'index', base: { kind: 'variable', variable: 0 }, index: value } as const;
}

/** A Bell pair, both qubits measured. */
export const BELL: Pick<ExecutionItem, 'format' | 'circuit'> = {
  format: 'aqo_json',
  circuit: writeAqo(PROGRAM),
};

export const BELL_ITEM: ExecutionItem = {
  ...BELL,
  parameters: [],
  shots: 100,
  seed: 7,
  observables: [],
  memory: false,
};

export const bellRequest = (deviceId: string, attempt = 1): ExecutionRequest => ({
  jobId: 'job_bell',
  attempt,
  deviceId,
  items: [BELL_ITEM],
  options: {},
});
