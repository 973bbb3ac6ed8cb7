import type { GateInstruction, GphaseInstruction } from '@qfs/circuit';
import { gateByName, gateMatrix, gateOf } from '@qfs/circuit';
import { atan2, cos, hypot, sin, TAU } from '@qfs/core/math';

type Unitary = GateInstruction | GphaseInstruction;

interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Rows of a matrix on one qubit. */
type Matrix = readonly [Complex, Complex, Complex, Complex];

const times = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});
const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const phase = (angle: number): Complex => ({ re: cos(angle), im: sin(angle) });
const argument = ({ re, im }: Complex): number => atan2(im, re);
const negative = ({ re, im }: Complex): Complex => ({ re: -re, im: -im });

/** Below this, rounding decides: a phase this near to −π is π, a rotation this small is none. */
const TOLERANCE = 1e-12;

/** The angle in (−π, π]. */
function principal(angle: number): number {
  const wrapped = angle - TAU * Math.round(angle / TAU);
  return wrapped <= TOLERANCE - Math.PI ? wrapped + TAU : wrapped;
}

/**
 * A gate on one qubit with constant parameters, under any controls, or a global phase, to a power that is
 * no integer: every eigenvalue e^{ia} with a in (−π, π] becomes e^{ipa} (OpenQASM 3, "pow"). Undefined for
 * other gates.
 */
export function fractionalPower(part: Unitary, power: number): Unitary[] | undefined {
  if (part.kind === 'gphase')
    return typeof part.angle === 'number' ? [{ ...part, angle: principal(part.angle) * power }] : undefined;
  const parameters = part.parameters.filter((parameter) => typeof parameter === 'number');
  if (parameters.length < part.parameters.length) return undefined;
  const gate = gateOf(part);
  const block = controlledBlock(gateMatrix(gate, parameters));
  if (block === undefined) return undefined;
  const inner = Array.from({ length: gate.qubits - 1 }, () => true);
  return written(matrixPower(block, power), [...(part.controls ?? []), ...inner], part.qubits);
}

/** The last 2×2 block of a matrix that is the identity everywhere else: a gate with controls. */
function controlledBlock(matrix: Float64Array): Matrix | undefined {
  const size = Math.round(Math.sqrt(matrix.length / 2));
  const at = (row: number, column: number): Complex => ({
    re: matrix[2 * (row * size + column)]!,
    im: matrix[2 * (row * size + column) + 1]!,
  });
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const { re, im } = at(row, column);
      const isBlock = row >= size - 2 && column >= size - 2;
      if (!isBlock && (re !== (row === column ? 1 : 0) || im !== 0)) return undefined;
    }
  }
  return [at(size - 2, size - 2), at(size - 2, size - 1), at(size - 1, size - 2), at(size - 1, size - 1)];
}

/** By the spectral decomposition U = e^{iα}(cos β·I − i sin β·N), N² = I, with eigenvalues e^{i(α∓β)}. */
function matrixPower([a, b, c, d]: Matrix, power: number): Matrix {
  const alpha = argument(plus(times(a, d), negative(times(b, c)))) / 2;
  const [va, vb, vc, vd] = [a, b, c, d].map((entry) => times(entry, phase(-alpha))) as [
    Complex,
    Complex,
    Complex,
    Complex,
  ];
  const cosine = (va.re + vd.re) / 2;
  const rest = [plus(va, { re: -cosine, im: 0 }), vb, vc, plus(vd, { re: -cosine, im: 0 })] as const;
  const size = Math.sqrt(rest.reduce((sum, { re, im }) => sum + re * re + im * im, 0) / 2);
  const beta = atan2(size < TOLERANCE ? 0 : size, cosine);
  const first = phase(power * principal(alpha - beta));
  const second = phase(power * principal(alpha + beta));
  const even: Complex = { re: (first.re + second.re) / 2, im: (first.im + second.im) / 2 };
  if (size < TOLERANCE) return [second, { re: 0, im: 0 }, { re: 0, im: 0 }, second];
  const odd: Complex = { re: (first.re - second.re) / 2, im: (first.im - second.im) / 2 };
  const axis = rest.map(({ re, im }): Complex => ({ re: -im / size, im: re / size }));
  const [na, nb, nc, nd] = axis.map((entry) => times(entry, odd)) as [Complex, Complex, Complex, Complex];
  return [plus(even, na), nb, nc, plus(even, nd)];
}

/** The matrix as a global phase and a `U`. */
function written(matrix: Matrix, polarities: readonly boolean[], qubits: Unitary['qubits']): Unitary[] {
  const [a, b, c, d] = matrix;
  const [diagonal, other] = [hypot(a.re, a.im), hypot(c.re, c.im)];
  let angles: [number, number, number];
  if (other < TOLERANCE) angles = [0, 0, principal(argument(d) - argument(a))];
  else if (diagonal < TOLERANCE) angles = [Math.PI, principal(argument(c) - argument(negative(b))), 0];
  else {
    const turn = argument(a);
    angles = [
      2 * atan2(other, diagonal),
      principal(argument(c) - turn),
      principal(argument(negative(b)) - turn),
    ];
  }
  const u = gateMatrix(gateByName('U')!, angles);
  const [from, at] = diagonal > other ? [a, 0] : [c, 4];
  const angle = principal(argument(from) - argument({ re: u[at]!, im: u[at + 1]! }));
  const operands = qubits ?? [];
  const controls = polarities.length === 0 ? {} : { controls: polarities };
  const gate: Unitary = {
    kind: 'gate',
    gate: 'U',
    parameters: angles.map((x) => x + 0),
    ...controls,
    qubits: operands,
  };
  if (Math.abs(angle) < TOLERANCE) return [gate];
  const outer = polarities.length === 0 ? {} : { qubits: operands.slice(0, -1) };
  return [{ kind: 'gphase', angle, ...controls, ...outer }, gate];
}
