import { cos, sin } from '@qfs/core/math';
import { type Gate, gate } from './gate.ts';
import { euler } from './matrix.ts';

/** What OpenQASM 3 has without an include (specification, "Built-in gates"). */
export const BUILTIN_GATES: readonly Gate[] = [
  gate('builtin', {
    signature: 'U(theta, phi, lambda) a',
    matrix: (theta, phi, lambda) => euler(theta, phi, lambda, theta / 2),
    inverse: 'U(-theta, -lambda, -phi) a',
    draw: 'U',
    family: 'general',
    help: 'Any one-qubit gate: 1/2·[[1+e^iθ, -i·e^iλ·(1-e^iθ)], [i·e^iφ·(1-e^iθ), e^i(φ+λ)·(1+e^iθ)]].',
  }),
  gate('builtin', {
    signature: 'gphase(gamma)',
    matrix: (gamma) => [cos(gamma), sin(gamma)],
    inverse: 'gphase(-gamma)',
    draw: 'gphase',
    family: 'phase',
    help: 'Global phase e^iγ on no qubit at all; under a control it becomes a relative phase.',
  }),
];
