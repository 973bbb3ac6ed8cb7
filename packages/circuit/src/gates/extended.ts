import { cos, sin } from '@qfs/core/math';
import { type Gate, type GateRow, gate } from './gate.ts';
import { controlled, euler, half, MATRICES, pauliRotation, permutation, real } from './matrix.ts';

const R = Math.SQRT1_2;

/** exp(-iθ/4·(XX+YY)) turned about Z on the first qubit by β. */
function xxPlusYy(theta: number, beta: number): Float64Array {
  const [c, s] = half(theta);
  const matrix = Float64Array.from(real(1, 0, 0, 0, 0, c, 0, 0, 0, 0, c, 0, 0, 0, 0, 1));
  matrix.set([s * sin(beta), -s * cos(beta)], 2 * (4 * 1 + 2));
  matrix.set([-s * sin(beta), -s * cos(beta)], 2 * (4 * 2 + 1));
  return matrix;
}

function rzz(theta: number): Float64Array {
  const [c, s] = half(theta);
  const matrix = new Float64Array(32);
  [-s, s, s, -s].forEach((imaginary, index) => {
    matrix.set([c, imaginary], 10 * index);
  });
  return matrix;
}

/**
 * Gates beyond the standard library that programs of the field use; their matrices follow Qiskit's
 * conventions.
 */
const ROWS: readonly GateRow[] = [
  {
    signature: 'sxdg a',
    matrix: () => MATRICES.sxdg,
    inverse: 'sx a',
    decomposition: 'gphase(-pi/4); rx(-pi/2) a',
    draw: '√Xdg',
    family: 'pauli',
    help: 'Inverse of the square root of X.',
  },
  {
    signature: 'u(theta, phi, lambda) a',
    matrix: (theta, phi, lambda) => euler(theta, phi, lambda, 0),
    inverse: 'u(-theta, -lambda, -phi) a',
    decomposition: 'gphase(-theta/2); U(theta, phi, lambda) a',
    draw: 'U',
    family: 'general',
    help: 'Any one-qubit gate, with a real upper left entry: [[cos θ/2, -e^iλ·sin θ/2], [e^iφ·sin θ/2, e^i(φ+λ)·cos θ/2]].',
  },
  {
    signature: 'r(theta, phi) a',
    matrix: (theta, phi) => {
      const [c, s] = half(theta);
      return [c, 0, -s * sin(phi), -s * cos(phi), s * sin(phi), -s * cos(phi), c, 0];
    },
    inverse: 'r(-theta, phi) a',
    decomposition: 'u3(theta, phi - pi/2, pi/2 - phi) a',
    draw: 'R',
    family: 'rotation',
    help: 'Rotation by θ about the axis cos φ·X + sin φ·Y.',
  },
  {
    signature: 'cs a, b',
    matrix: () => controlled(MATRICES.s),
    inverse: 'csdg a, b',
    decomposition: 'cp(pi/2) a, b',
    draw: 'S',
    symbols: '■□',
    family: 'phase',
    help: 'Controlled S.',
  },
  {
    signature: 'csdg a, b',
    matrix: () => controlled(MATRICES.sdg),
    inverse: 'cs a, b',
    decomposition: 'cp(-pi/2) a, b',
    draw: 'Sdg',
    symbols: '■□',
    family: 'phase',
    help: 'Controlled inverse of S.',
  },
  {
    signature: 'csx a, b',
    matrix: () => controlled(MATRICES.sx),
    inverse: 'ctrl @ sxdg a, b',
    decomposition: 'h b; cs a, b; h b',
    draw: '√X',
    symbols: '■□',
    family: 'pauli',
    help: 'Controlled square root of X.',
  },
  {
    signature: 'rxx(theta) a, b',
    matrix: (theta) =>
      pauliRotation(theta, [
        [0, 3, 1],
        [1, 2, 1],
        [2, 1, 1],
        [3, 0, 1],
      ]),
    inverse: 'rxx(-theta) a, b',
    decomposition: 'h a; h b; rzz(theta) a, b; h a; h b',
    draw: 'RXX',
    family: 'rotation',
    help: 'Two-qubit rotation exp(-iθ/2·X⊗X).',
  },
  {
    signature: 'ryy(theta) a, b',
    matrix: (theta) =>
      pauliRotation(theta, [
        [0, 3, -1],
        [1, 2, 1],
        [2, 1, 1],
        [3, 0, -1],
      ]),
    inverse: 'ryy(-theta) a, b',
    decomposition: 'rx(pi/2) a; rx(pi/2) b; rzz(theta) a, b; rx(-pi/2) a; rx(-pi/2) b',
    draw: 'RYY',
    family: 'rotation',
    help: 'Two-qubit rotation exp(-iθ/2·Y⊗Y).',
  },
  {
    signature: 'rzz(theta) a, b',
    matrix: rzz,
    inverse: 'rzz(-theta) a, b',
    decomposition: 'cx a, b; rz(theta) b; cx a, b',
    draw: 'RZZ',
    family: 'rotation',
    help: 'Two-qubit rotation exp(-iθ/2·Z⊗Z).',
  },
  {
    signature: 'rzx(theta) a, b',
    matrix: (theta) =>
      pauliRotation(theta, [
        [0, 1, 1],
        [1, 0, 1],
        [2, 3, -1],
        [3, 2, -1],
      ]),
    inverse: 'rzx(-theta) a, b',
    decomposition: 'h b; rzz(theta) a, b; h b',
    draw: 'RZX',
    family: 'rotation',
    help: 'Two-qubit rotation exp(-iθ/2·Z⊗X), Z on a.',
  },
  {
    signature: 'xx_plus_yy(theta, beta) a, b',
    matrix: xxPlusYy,
    inverse: 'xx_plus_yy(-theta, beta) a, b',
    decomposition: 'rz(beta) a; rxx(theta/2) a, b; ryy(theta/2) a, b; rz(-beta) a',
    draw: 'XX+YY',
    family: 'rotation',
    help: 'Rotation of |01⟩ and |10⟩ into each other by θ, with phase β.',
  },
  {
    signature: 'iswap a, b',
    matrix: () => {
      const matrix = permutation([0, 2, 1, 3]);
      matrix.set([0, 1], 2 * (4 * 1 + 2));
      matrix.set([0, 1], 2 * (4 * 2 + 1));
      return matrix;
    },
    inverse: 'xx_plus_yy(pi, 0) a, b',
    decomposition: 's a; s b; h a; cx a, b; cx b, a; h b',
    draw: 'iSWAP',
    family: 'swap',
    help: 'Exchanges two qubits with a phase i on |01⟩ and |10⟩.',
  },
  {
    signature: 'dcx a, b',
    matrix: () => permutation([0, 3, 1, 2]),
    inverse: 'dcx b, a',
    decomposition: 'cx a, b; cx b, a',
    draw: 'DCX',
    family: 'swap',
    help: 'Two CNOTs in opposite directions, first a to b.',
  },
  {
    signature: 'ecr a, b',
    matrix: () => {
      const matrix = new Float64Array(32);
      for (const [row, column] of [
        [0, 2],
        [1, 3],
        [2, 0],
        [3, 1],
      ] as const) {
        matrix[2 * (4 * row + column)] = R;
        matrix[2 * (4 * row + (column ^ 1)) + 1] = row < 2 ? R : -R;
      }
      return matrix;
    },
    decomposition: 'rzx(pi/4) a, b; x a; rzx(-pi/4) a, b',
    draw: 'ECR',
    family: 'general',
    help: 'Echoed cross-resonance gate: (X⊗I - Y⊗X)/√2.',
  },
  {
    signature: 'ccz a, b, c',
    matrix: () => controlled(controlled(MATRICES.z)),
    decomposition: 'h c; ccx a, b, c; h c',
    draw: '',
    symbols: '■■■',
    family: 'pauli',
    help: 'Flips the phase of |111⟩; symmetric in its qubits.',
    aqo: { op: 'CCZ', version: '1.0.0' },
  },
];

export const EXTENDED_GATES: readonly Gate[] = ROWS.map((row) => gate('qfs.inc', row));
