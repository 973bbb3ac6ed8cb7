import { gateMatrix, gateOf, inverseOf } from '@qfs/circuit';
import { POWER_QUBITS_MAX } from '@qfs/core';
import { atan2, cos, sin } from '@qfs/core/math';
import { eulerSpectrum } from './euler-powers.ts';
import { chained } from './folding.ts';
import { generatorOf, principalOf, type RunTimeSpectrum } from './generators.ts';
import { applyBinary } from './operators.ts';
import {
  argument,
  type Complex,
  NOTHING,
  negative,
  phaseOf,
  type Quadruple,
  synthesized,
  writtenAsU,
} from './synthesis.ts';
import { floatValue, type Value } from './types.ts';
import {
  type Matrix,
  principal,
  spectrumOf,
  TOLERANCE,
  type Unitary,
  unitaryOf,
  withAngles,
} from './unitary.ts';

const times = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});
const plus = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const phase = (angle: number): Complex => ({ re: cos(angle), im: sin(angle) });

/** Why there is no such power, as the end of a sentence. */
interface PowerProblem {
  readonly problem: string;
}

/**
 * A gate to a power that is no integer, or only known when the program runs: every eigenvalue e^{ia} with a
 * in (−π, π] becomes e^{ipa} (OpenQASM 3, "pow"). The body is on operands 0…n-1; a power that is no number is
 * a float.
 */
export function generalPower(body: readonly Unitary[], power: number | Value): Unitary[] | PowerProblem {
  const simple = body.length === 1 && typeof power === 'number' ? simplePower(body[0]!, power) : undefined;
  if (simple !== undefined) return simple;
  const { controls, operands, parts } = withoutCommonControls(body);
  const acting = [...new Set(parts.flatMap(operandsOf))].sort((a, b) => a - b);
  if (acting.length > POWER_QUBITS_MAX)
    return {
      problem: `without its common controls it acts on ${acting.length} qubits, and at most ${POWER_QUBITS_MAX} are possible`,
    };
  const raised = raisedParts(
    parts.map((part) => moved(part, (qubit) => acting.indexOf(qubit))),
    acting.length,
    power,
  );
  if ('problem' in raised) return raised;
  const back = raised.basis.map((part) => moved(part, (qubit) => acting[qubit]!));
  const inside = raised.parts.map((part): Unitary => {
    const there = moved(part, (qubit) => acting[qubit]!);
    if (controls.length === 0) return there;
    return {
      ...there,
      controls: [...controls, ...(there.controls ?? [])],
      qubits: [...operands, ...operandsOf(there)],
    };
  });
  return [...back.map((part) => inverseOf(part)).reverse(), ...inside, ...back];
}

/** Operands of a part of a body, which are numbers. */
const operandsOf = (part: Unitary): readonly number[] => (part.qubits ?? []) as readonly number[];

const moved = (part: Unitary, to: (qubit: number) => number): Unitary =>
  part.qubits === undefined ? part : { ...part, qubits: operandsOf(part).map(to) };

/** Controls that every part begins with, and that no part acts on otherwise, are controls of the power. */
function withoutCommonControls(body: readonly Unitary[]): {
  controls: readonly boolean[];
  operands: readonly number[];
  parts: readonly Unitary[];
} {
  const controls = body[0]?.controls ?? [];
  const operands = body[0] === undefined ? [] : operandsOf(body[0]);
  const isCommon = (part: Unitary, at: number): boolean =>
    part.controls?.[at] === controls[at] && part.qubits?.[at] === operands[at];
  let count = 0;
  while (count < controls.length && body.every((part) => isCommon(part, count))) count++;
  const parts = body.map((part): Unitary => {
    const { controls: all = [], qubits = [], ...rest } = part;
    const left = all.slice(count);
    const inner = { ...(left.length > 0 && { controls: left }), qubits: qubits.slice(count) };
    return { ...rest, ...inner } as Unitary;
  });
  return { controls: controls.slice(0, count), operands: operands.slice(0, count), parts };
}

/** A power as `parts` in the basis that `basis` leads back from. */
interface Raised {
  readonly basis: readonly Unitary[];
  readonly parts: readonly Unitary[];
}

function raisedParts(
  parts: readonly Unitary[],
  qubits: number,
  power: number | Value,
): Raised | PowerProblem {
  const whole = unitaryOf(parts, qubits);
  if (whole === undefined) {
    const spectrum = runTimeSpectrum(parts, qubits);
    return spectrum === undefined ? { problem: UNKNOWN_EIGENVECTORS } : inBasis(spectrum, qubits, power);
  }
  const spectrum = spectrumOf(whole);
  if (spectrum === undefined)
    return { problem: 'its eigenvalues are too near to each other to be told apart' };
  const { vectors, angles } = spectrum;
  if (typeof power !== 'number')
    return inBasis(
      { basis: basisOf(vectors), angles: angles.map((angle) => floatValue(angle)) },
      qubits,
      power,
    );
  const raised = withAngles(
    vectors,
    angles.map((angle) => power * angle),
  );
  return { basis: [], parts: synthesized(raised) };
}

const UNKNOWN_EIGENVECTORS =
  'its parameters are only known when the program runs, and its eigenvectors change with them';

function runTimeSpectrum(parts: readonly Unitary[], qubits: number): RunTimeSpectrum | undefined {
  const generator = generatorOf(parts, qubits);
  if (generator === undefined) return qubits === 1 ? eulerSpectrum(parts) : undefined;
  const angles = generator.angles.map((angle) =>
    Math.abs(angle) < NOTHING
      ? floatValue(0)
      : principalOf(applyBinary('*', generator.value, floatValue(angle))),
  );
  return { basis: basisOf(generator.vectors), angles };
}

/** What makes the eigenvectors of the basis states; a phase of all of them says nothing. */
const basisOf = (vectors: Matrix): Unitary[] =>
  synthesized(vectors).filter(({ controls, kind }) => kind === 'gate' || controls !== undefined);

/** A phase on each eigenvector, as an expression. */
function inBasis(
  { basis, angles }: RunTimeSpectrum,
  qubits: number,
  power: number | Value,
): Raised | PowerProblem {
  const exponent = typeof power === 'number' ? floatValue(power) : power;
  const parts: Unitary[] = [];
  for (const [state, angle] of angles.entries()) {
    const raised = chained(angle, (value) => applyBinary('*', exponent, value));
    if ('problem' in raised) return { problem: raised.problem };
    if ('problem' in angle || (angle.ir.kind === 'float' && Math.abs(angle.ir.value) < NOTHING)) continue;
    parts.push(phaseOf(state, qubits, raised.ir.kind === 'float' ? raised.ir.value + 0 : raised.ir));
  }
  return { basis, parts };
}

/** A gate on one qubit under any controls, or a global phase, with constant parameters. */
function simplePower(part: Unitary, power: number): Unitary[] | undefined {
  if (part.kind === 'gphase')
    return typeof part.angle === 'number' ? [{ ...part, angle: principal(part.angle) * power }] : undefined;
  const parameters = part.parameters.filter((parameter) => typeof parameter === 'number');
  if (parameters.length < part.parameters.length) return undefined;
  const gate = gateOf(part);
  const block = controlledBlock(gateMatrix(gate, parameters));
  if (block === undefined) return undefined;
  const inner = Array.from({ length: gate.qubits - 1 }, () => true);
  return writtenAsU(quadruplePower(block, power), [...(part.controls ?? []), ...inner], part.qubits);
}

/** The last 2×2 block of a matrix that is the identity everywhere else: a gate with controls. */
function controlledBlock(matrix: Float64Array): Quadruple | undefined {
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
function quadruplePower([a, b, c, d]: Quadruple, power: number): Quadruple {
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
