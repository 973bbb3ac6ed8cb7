/** Dense complex matrices, small and slow. Operand 0 of a gate is the most significant bit of an index. */
export type Complex = readonly [re: number, im: number];
export type Matrix = readonly (readonly Complex[])[];

const ZERO: Complex = [0, 0];
const ONE: Complex = [1, 0];

export const plus = (a: Complex, b: Complex): Complex => [a[0] + b[0], a[1] + b[1]];
export const times = (a: Complex, b: Complex): Complex => [
  a[0] * b[0] - a[1] * b[1],
  a[0] * b[1] + a[1] * b[0],
];
const conjugate = ([re, im]: Complex): Complex => [re, -im];
/** e^{i·angle}. */
export const phase = (angle: number): Complex => [Math.cos(angle), Math.sin(angle)];
export const scaled = (a: Complex, factor: number): Complex => [a[0] * factor, a[1] * factor];

const build = (size: number, entry: (row: number, column: number) => Complex): Matrix =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => entry(row, column)));

export const identity = (size: number): Matrix => build(size, (row, column) => (row === column ? ONE : ZERO));

export const product = (a: Matrix, b: Matrix): Matrix =>
  build(a.length, (row, column) =>
    a[row]!.reduce((sum, entry, at) => plus(sum, times(entry, b[at]![column]!)), ZERO),
  );

export const adjoint = (a: Matrix): Matrix => build(a.length, (row, column) => conjugate(a[column]![row]!));

/** Applies `a` where the new first operand is 1 (or 0, for a negative control). */
export function controlled(a: Matrix, polarity: boolean): Matrix {
  const size = a.length;
  const from = polarity ? size : 0;
  return build(2 * size, (row, column) => {
    const isActive = (index: number): boolean => index >= from && index < from + size;
    if (isActive(row) && isActive(column)) return a[row - from]![column - from]!;
    return row === column ? ONE : ZERO;
  });
}

/** The matrix on `count` qubits that acts as `a` on `operands` and leaves the others alone. */
export function embedded(a: Matrix, operands: readonly number[], count: number): Matrix {
  const bitOf = (index: number, qubit: number): number => (index >> (count - 1 - qubit)) & 1;
  const others = Array.from({ length: count }, (_, qubit) => qubit).filter(
    (qubit) => !operands.includes(qubit),
  );
  const local = (index: number): number => operands.reduce((sum, qubit) => 2 * sum + bitOf(index, qubit), 0);
  return build(2 ** count, (row, column) =>
    others.every((qubit) => bitOf(row, qubit) === bitOf(column, qubit))
      ? a[local(row)]![local(column)]!
      : ZERO,
  );
}

/** The k-th power: repeated products for integers, otherwise the principal power. */
export function power(a: Matrix, exponent: number): Matrix {
  if (!Number.isInteger(exponent)) return principalPower(a, exponent);
  const factor = exponent < 0 ? adjoint(a) : a;
  let result = identity(a.length);
  for (let times = 0; times < Math.abs(exponent); times += 1) result = product(result, factor);
  return result;
}

/** Which mixture of the two Hermitian parts of a unitary is diagonalised; any generic number will do. */
const MIXTURE = 0.6180339887498949;

/** V·diag(e^{i·k·φ})·V† with every φ in (−π, π]. */
function principalPower(unitary: Matrix, exponent: number): Matrix {
  const size = unitary.length;
  const star = adjoint(unitary);
  // U = A + iB with commuting Hermitian A and B: what diagonalises a generic mixture of them diagonalises U.
  const mixture = build(size, (row, column) => {
    const [u, v] = [unitary[row]![column]!, star[row]![column]!];
    const a = scaled(plus(u, v), 0.5);
    const b = times(plus(u, scaled(v, -1)), [0, -0.5]);
    return plus(a, scaled(b, MIXTURE));
  });
  const vectors = eigenvectors(mixture);
  const diagonal = product(product(adjoint(vectors), unitary), vectors);
  const powers = build(size, (row, column) => {
    if (row !== column) return ZERO;
    const [re, im] = diagonal[row]![row]!;
    const angle = Math.atan2(im, re);
    // −π and π are one angle, and the principal one is π.
    return phase((angle < -Math.PI + 1e-9 ? Math.PI : angle) * exponent);
  });
  return product(product(vectors, powers), adjoint(vectors));
}

const SWEEPS = 40;

/** Columns that diagonalise a Hermitian matrix, by Jacobi's method. */
function eigenvectors(hermitian: Matrix): Matrix {
  let rest = hermitian;
  let vectors = identity(hermitian.length);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (let p = 0; p < rest.length; p += 1) {
      for (let q = p + 1; q < rest.length; q += 1) {
        const rotation = jacobiRotation(rest, p, q);
        if (rotation === undefined) continue;
        rest = product(product(adjoint(rotation), rest), rotation);
        vectors = product(vectors, rotation);
      }
    }
  }
  return vectors;
}

/** The unitary on rows p and q that makes entry (p, q) zero; undefined if it is. */
function jacobiRotation(a: Matrix, p: number, q: number): Matrix | undefined {
  const [re, im] = a[p]![q]!;
  const size = Math.hypot(re, im);
  if (size < 1e-16) return undefined;
  const direction: Complex = [re / size, im / size];
  const angle = 0.5 * Math.atan2(2 * size, a[q]![q]![0] - a[p]![p]![0]);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return build(a.length, (row, column) => {
    if (row === p && column === p) return [c, 0];
    if (row === q && column === q) return [c, 0];
    if (row === p && column === q) return scaled(direction, s);
    if (row === q && column === p) return scaled(conjugate(direction), -s);
    return row === column ? ONE : ZERO;
  });
}
