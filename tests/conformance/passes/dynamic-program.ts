import { Dice } from '../reference/generator/dice.ts';

/** Gates that cancel, merge and commute with each other, so that a pass has something to do around what bounds it. */
const ONE = ['h', 'x', 'y', 'z', 's', 'sdg', 't', 'tdg', 'sx'];
const TURNS = ['rz', 'rx', 'ry', 'p'];
const TWO = ['cx', 'cx', 'cx', 'cz', 'swap', 'cy', 'ch'];
const TWO_TURNS = ['cp', 'crz', 'cry'];
const ANGLES = ['pi / 2', 'pi / 4', '-pi / 4', '0.3', 'theta', '-theta', '2 * theta', 'phi + 0.1', 'moving'];
/** Values of the inputs of a random program. */
export const DYNAMIC_INPUTS = { theta: 0.7, phi: -0.4 } as const;

const DEPTH_MAX = 2;

/**
 * A random program of OpenQASM 3 on up to six qubits, with measurements, resets, barriers and every kind of control
 * flow between its gates. `moving` is a variable that the program assigns to, `theta` and `phi` are inputs.
 */
export function randomDynamicProgram(seed: number, size: number, qubitsMax: number): string {
  const dice = new Dice(seed);
  const qubits = dice.between(1, qubitsMax);
  const on = (count: number): string[] =>
    dice.some(
      Array.from({ length: qubits }, (_, at) => `q[${at}]`),
      count,
    );
  const angle = (): string => dice.pick(ANGLES);
  const gate = (): string => {
    const kind = dice.below(qubits === 1 ? 4 : qubits === 2 ? 9 : 10);
    if (kind < 2) return `${dice.pick(ONE)} ${on(1)};`;
    if (kind < 4) return `${dice.pick(TURNS)}(${angle()}) ${on(1)};`;
    if (kind < 7) return `${dice.pick(TWO)} ${on(2).join(', ')};`;
    if (kind === 7) return `${dice.pick(TWO_TURNS)}(${angle()}) ${on(2).join(', ')};`;
    if (kind === 8)
      return `${dice.pick(['ctrl', 'negctrl'])} @ ${dice.pick(['h', 'sx', 'rx(0.4)'])} ${on(2).join(', ')};`;
    return `${dice.pick(['ccx', 'cswap'])} ${on(3).join(', ')};`;
  };
  const gates = (): string[] => Array.from({ length: dice.between(1, 4) }, gate);
  const condition = (): string =>
    dice.pick([
      `c[${dice.below(3)}]`,
      `!c[${dice.below(3)}]`,
      `c == ${dice.below(8)}`,
      'n < 2',
      'moving > 0.5',
    ]);
  let nesting = 0;
  const block = (depth: number): string => {
    nesting += 1;
    const text = `{ ${lines(dice.between(1, 2), depth + 1).join(' ')} }`;
    nesting -= 1;
    return text;
  };
  const flow = (depth: number): string => {
    switch (dice.below(6)) {
      case 0:
        return `if (${condition()}) ${block(depth)}`;
      case 1:
        return `if (${condition()}) ${block(depth)} else ${block(depth)}`;
      case 2:
        return `switch (n) { case 0 ${block(depth)} case 1, 2 ${block(depth)} default ${block(depth)} }`;
      case 3:
        return `n${nesting} = 0; while (n${nesting} < 2) { n${nesting} = n${nesting} + 1; ${gates().join(' ')} if (${condition()}) { break; } }`;
      case 4:
        return `for int i in [0:n & 1] ${block(depth)}`;
      default:
        return `box ${block(depth)}`;
    }
  };
  const statement = (depth: number): string => {
    switch (dice.below(depth < DEPTH_MAX ? 10 : 7)) {
      case 0:
        return `c[${dice.below(3)}] = measure ${on(1)};`;
      case 1:
        return `reset ${on(1)};`;
      case 2:
        return `barrier ${on(dice.between(1, qubits)).join(', ')};`;
      case 3:
        return dice.pick([
          'n = n + 1;',
          'moving = moving + theta;',
          `gphase(${angle()});`,
          'delay[10ns] q[0];',
        ]);
      case 4:
        return qubits > 1 ? `part(q[${dice.below(qubits - 1)}], theta);` : 'n = 2;';
      case 5:
      case 6:
        return gate();
      default:
        return flow(depth);
    }
  };
  const lines = (count: number, depth: number): string[] =>
    Array.from({ length: count }, () => [...gates(), statement(depth)]).flat();
  return [
    'OPENQASM 3.0;',
    'include "stdgates.inc";',
    'def part(qubit a, float[64] x) { h a; rz(x) a; h a; h a; rx(x) a; }',
    'input float[64] theta;',
    'input float[32] phi;',
    `qubit[${qubits}] q;`,
    'bit[3] c;',
    'int n;',
    'int n0; int n1; int n2;',
    'float[64] moving = 0.25;',
    ...lines(size, 0),
    '',
  ].join('\n');
}
