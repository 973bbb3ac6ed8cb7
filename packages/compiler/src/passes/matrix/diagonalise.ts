/** Sweeps of Jacobi rotations; four or five are enough, as they converge quadratically. */
const SWEEPS_MAX = 40;
/** Squared off-diagonal entries below this are rounding. */
const SETTLED = 1e-31;

/**
 * A rotation P (16 numbers, row-major, columns the eigenvectors, determinant 1) for which PᵀAP and PᵀBP are
 * both diagonal, for commuting real symmetric 4×4 matrices. Both are overwritten by their diagonal forms.
 * Each Jacobi rotation takes the angle that is best for the two together (Bunse-Gerstner, Byers and Mehrmann
 * 1993; Cardoso and Souloumiac 1996), so that equal eigenvalues of one of them do no harm.
 */
export function diagonaliseTogether(a: Float64Array, b: Float64Array): Float64Array {
  const p = new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    let rotated = false;
    for (let i = 0; i < 3; i++) {
      for (let j = i + 1; j < 4; j++) {
        if (rotateOnce(a, b, p, i, j)) rotated = true;
      }
    }
    if (!rotated) break;
  }
  return p;
}

/** One Jacobi rotation in the plane (i, j); false where there is nothing left to do. */
function rotateOnce(a: Float64Array, b: Float64Array, p: Float64Array, i: number, j: number): boolean {
  const aOff = 2 * a[4 * i + j]!;
  const bOff = 2 * b[4 * i + j]!;
  if (aOff * aOff + bOff * bOff < SETTLED) return false;
  const aGap = a[5 * i]! - a[5 * j]!;
  const bGap = b[5 * i]! - b[5 * j]!;
  const on = aGap * aGap + bGap * bGap - aOff * aOff - bOff * bOff;
  const off = 2 * (aGap * aOff + bGap * bOff);
  // cos 4θ = on/length and sin 4θ = off/length with θ in [−π/4, π/4]. Half-angle steps by square roots give
  // cosine and sine of θ; of cosine and sine of 2θ the larger one is taken by the root, for the other would
  // cancel.
  const length = Math.sqrt(on * on + off * off);
  if (length === 0) return false;
  const larger = Math.sqrt((1 + Math.abs(on) / length) / 2);
  const smaller = Math.abs(off) / (2 * length * larger);
  const cosine2 = on >= 0 ? larger : smaller;
  const sine2 = (off < 0 ? -1 : 1) * (on >= 0 ? smaller : larger);
  const c = Math.sqrt((1 + cosine2) / 2);
  const s = sine2 / (2 * c);
  if (s === 0) return false;
  conjugate(a, i, j, c, s);
  conjugate(b, i, j, c, s);
  turnColumns(p, i, j, c, s);
  return true;
}

function conjugate(m: Float64Array, i: number, j: number, c: number, s: number): void {
  turnColumns(m, i, j, c, s);
  for (let column = 0; column < 4; column++) {
    const x = m[4 * i + column]!;
    const y = m[4 * j + column]!;
    m[4 * i + column] = c * x + s * y;
    m[4 * j + column] = c * y - s * x;
  }
}

function turnColumns(m: Float64Array, i: number, j: number, c: number, s: number): void {
  for (let row = 0; row < 16; row += 4) {
    const x = m[row + i]!;
    const y = m[row + j]!;
    m[row + i] = c * x + s * y;
    m[row + j] = c * y - s * x;
  }
}
