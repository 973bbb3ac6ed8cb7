import { compileSource } from '@qfs/compiler';
import { utf8 } from '@qfs/core/exact';
import { type Binding, DEFAULT_OPTIONS, simulate } from '@qfs/simulator';
import { Dice } from '../conformance/reference/generator/dice.ts';
import { randomProgram } from '../conformance/reference/generator/program.ts';

/** One item as `POST /api/v1/jobs` takes it. */
type Item = Readonly<Record<string, unknown>>;
/** A submission of `POST /api/v1/jobs`. */
export type RandomJob = Readonly<Record<string, unknown>>;

/** Random submissions of every kind: equal seeds give equal lists. */
export const randomJobs = (seed: number, count: number): RandomJob[] =>
  Array.from({ length: count }, (_, at) => randomJob(new Dice(seed * 100_000 + at)));

function randomJob(dice: Dice): RandomJob {
  const items = Array.from({ length: dice.pick([1, 1, 1, 2, 3]) }, () => dice.pick(KINDS)(dice));
  return {
    ...(items.length === 1 ? items[0] : { items }),
    seed: dice.below(1_000_000),
    ...(dice.chance(0.2) ? { precision: 'single' } : {}),
  };
}

const KINDS: readonly ((dice: Dice) => Item)[] = [
  (dice) => typed(dice),
  (dice) => typed(dice),
  (dice) => asAqo(typed(dice)),
  (dice) => sweep(dice),
  (dice) => observed(dice),
  (dice) => older(dice),
  (dice) => braket(dice),
];

const SHOTS_MAX = 60;
const shots = (dice: Dice): number => dice.between(1, SHOTS_MAX);

/** Expressions, loops, subroutines, arrays, measurements on the way and what follows from them. */
function typed(dice: Dice): Item {
  for (;;) {
    const { source, inputs } = randomProgram(dice.below(2 ** 32), dice.between(3, 16));
    const parameters = Object.keys(inputs).length > 0 ? [new Map(Object.entries(inputs))] : [];
    if (!canRun(source, parameters)) continue;
    return {
      language: 'openqasm3',
      program: source,
      shots: shots(dice),
      ...(parameters.length > 0 ? { inputs } : {}),
      ...(dice.chance(0.3) ? { memory: true } : {}),
    };
  }
}

/** A few programs divide by zero or look behind the end of an array. */
function canRun(source: string, parameters: readonly Binding[]): boolean {
  const compiled = compileSource({ language: 'openqasm3', source: utf8(source) });
  if (!compiled.ok) return false;
  const item = {
    aqo: compiled.value.aqo,
    parameters,
    shots: SHOTS_MAX,
    seed: 1,
    observables: [],
    memory: false,
  };
  try {
    simulate([item], DEFAULT_OPTIONS);
    return true;
  } catch {
    return false;
  }
}

function asAqo(item: Item): Item {
  const compiled = compileSource({ language: 'openqasm3', source: utf8(String(item.program)) });
  if (!compiled.ok) throw new Error(compiled.error.message);
  return { ...item, language: 'aqo', program: new TextDecoder().decode(compiled.value.aqo) };
}

const NUMBERS = ['0.3', '1.7', 'pi / 3', '-0.9', 'theta', 'phi', '2 * theta', 'theta - phi'];

/** Gates on `qubits` qubits with angles of the list. */
function gates(dice: Dice, qubits: number, count: number, angles: readonly string[], cx = 'cx'): string[] {
  return Array.from({ length: count }, () => {
    const [a, b] = dice.some([...Array(qubits).keys()], 2) as [number, number];
    return dice.pick([
      `h q[${a}];`,
      `rx(${dice.pick(angles)}) q[${a}];`,
      `rz(${dice.pick(angles)}) q[${b}];`,
      `${cx} q[${a}], q[${b}];`,
      `t q[${b}];`,
    ]);
  });
}

const parameterSets = (dice: Dice): Readonly<Record<string, number>>[] =>
  Array.from({ length: dice.between(1, 3) }, () => ({
    theta: dice.between(-400, 400) / 128,
    phi: dice.pick([0, 1, -2, 0.1, 3e-7, dice.between(1, 1_000_000) / 7]),
  }));

/** Parameter sets over a circuit with feed-forward. */
function sweep(dice: Dice): Item {
  const qubits = dice.between(2, 5);
  const program = [
    `OPENQASM 3.0; include "stdgates.inc"; input float theta; input float phi;`,
    `qubit[${qubits}] q; bit[${qubits}] c; bit flag;`,
    ...gates(dice, qubits, dice.between(3, 12), NUMBERS),
    `flag = measure q[${dice.below(qubits)}];`,
    `if (flag) { x q[0]; } else { ry(phi) q[1]; }`,
    `reset q[${dice.below(qubits)}];`,
    ...gates(dice, qubits, 3, NUMBERS),
    'c = measure q;',
  ].join('\n');
  return {
    language: 'openqasm3',
    program,
    shots: shots(dice),
    parameters: parameterSets(dice),
    ...(dice.chance(0.5) ? { memory: true } : {}),
  };
}

/** Observables of a circuit whose last act is to measure. */
function observed(dice: Dice): Item {
  const qubits = dice.between(2, 4);
  const word = (): string => Array.from({ length: qubits }, () => dice.pick([...'IXYZ'])).join('');
  const observables = Array.from({ length: dice.between(1, 2) }, (_, at) => ({
    ...(dice.chance(0.5) ? { name: `o${at}` } : {}),
    terms: Array.from({ length: dice.between(1, 3) }, () => ({
      coefficient: dice.between(-8, 8) / 3 + 0.01,
      paulis: word(),
    })),
  }));
  const program = [
    `OPENQASM 3.0; include "stdgates.inc"; input float theta; input float phi;`,
    `qubit[${qubits}] q; bit[${qubits}] c;`,
    ...gates(dice, qubits, dice.between(3, 12), NUMBERS),
    'c = measure q;',
  ].join('\n');
  return {
    language: 'openqasm3',
    program,
    shots: shots(dice),
    parameters: parameterSets(dice),
    observables,
  };
}

function older(dice: Dice): Item {
  const qubits = dice.between(2, 4);
  const program = [
    `OPENQASM 2.0; include "qelib1.inc"; qreg q[${qubits}]; creg c[${qubits}];`,
    ...gates(dice, qubits, dice.between(3, 12), NUMBERS.slice(0, 4)),
    'measure q[0] -> c[0]; if (c == 1) x q[1];',
    'measure q -> c;',
  ].join('\n');
  return { language: 'openqasm2', program, shots: shots(dice) };
}

function braket(dice: Dice): Item {
  const qubits = dice.between(2, 4);
  const program = [
    `OPENQASM 3.0; qubit[${qubits}] q; bit[${qubits}] c;`,
    ...gates(dice, qubits, dice.between(3, 12), NUMBERS.slice(0, 4), 'cnot'),
    'c = measure q;',
  ].join('\n');
  return { language: 'openqasm3-braket', program, shots: shots(dice) };
}
