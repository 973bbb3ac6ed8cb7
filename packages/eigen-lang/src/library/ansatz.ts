import { EIGEN_OPERATIONS_MAX } from '@qfs/core';
import type { Arguments, Given } from '../evaluate/arguments.ts';
import { fold } from '../evaluate/arithmetic.ts';
import { type CircuitBuilder, CircuitFault } from '../evaluate/circuit-builder.ts';
import type { PauliTerm, Value } from '../evaluate/value.ts';
import type { Evaluation, LibraryRow } from './library-row.ts';

/** What a template is written with. */
interface Shape {
  readonly qubits: readonly number[];
  readonly reps: number;
  /** Of the template that takes one: the diagonal observable whose phases are applied. */
  readonly cost: readonly PauliTerm[];
}

interface Template {
  readonly help: string;
  readonly takesCost: boolean;
  /** How many angles it takes. */
  angles(shape: Shape): number;
  /** Shown in the reference. */
  readonly count: string;
  /** Writes the gates; `next` is the next angle. */
  write(circuit: CircuitBuilder, shape: Shape, next: () => Value): void;
}

/** A rotation by a number or by a value of parameters. */
function rotate(circuit: CircuitBuilder, gate: string, qubit: number, angle: Value): void {
  if (angle.kind === 'angle') circuit.gate(gate, [angle.expression], [qubit], angle.nodes);
  else circuit.gate(gate, [Number((angle as { readonly value: number | bigint }).value)], [qubit]);
}

/** `gate` with an angle of its own on every qubit. */
function layer(circuit: CircuitBuilder, gate: string, { qubits }: Shape, next: () => Value): void {
  for (const qubit of qubits) rotate(circuit, gate, qubit, next());
}

/** CX from each qubit to the next. */
function chain(circuit: CircuitBuilder, qubits: readonly number[]): void {
  for (const [k, qubit] of qubits.slice(1).entries()) circuit.gate('cx', [], [qubits[k]!, qubit]);
}

function scaled(angle: Value, factor: number): Value {
  if (factor === 1) return angle;
  const product = fold('*', { kind: 'number', value: factor }, angle);
  if (product.kind !== 'fault') return product;
  throw new CircuitFault(product.message, product.isLimit ? 'EIGEN_LIMIT' : undefined);
}

/** exp(-i·angle·cost): each product of Z is a ladder of CX around one RZ of twice the angle and weight. */
function phases(circuit: CircuitBuilder, cost: Shape['cost'], angle: Value): void {
  for (const { coefficient, paulis } of cost) {
    const qubits = [...paulis.keys()].sort((a, b) => a - b);
    const last = qubits.at(-1);
    if (last === undefined) continue;
    chain(circuit, qubits);
    rotate(circuit, 'rz', last, scaled(angle, 2 * coefficient));
    for (let k = qubits.length - 2; k >= 0; k -= 1) circuit.gate('cx', [], [qubits[k]!, qubits[k + 1]!]);
  }
}

/** Circuits by name; each is a function of its shape and its angles alone. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  real_amplitudes: {
    help: 'A layer of RY, then `reps` times: CX from each qubit to the next, and a layer of RY',
    takesCost: false,
    count: 'qubits · (reps + 1)',
    angles: ({ qubits, reps }) => qubits.length * (reps + 1),
    write: (circuit, shape, next) => {
      layer(circuit, 'ry', shape, next);
      for (let k = 0; k < shape.reps; k += 1) {
        chain(circuit, shape.qubits);
        layer(circuit, 'ry', shape, next);
      }
    },
  },
  hardware_efficient: {
    help: 'Layers of RY and RZ, then `reps` times: CX from each qubit to the next, and layers of RY and RZ',
    takesCost: false,
    count: '2 · qubits · (reps + 1)',
    angles: ({ qubits, reps }) => 2 * qubits.length * (reps + 1),
    write: (circuit, shape, next) => {
      for (let k = 0; k <= shape.reps; k += 1) {
        if (k > 0) chain(circuit, shape.qubits);
        layer(circuit, 'ry', shape, next);
        layer(circuit, 'rz', shape, next);
      }
    },
  },
  qaoa: {
    help:
      'H on every qubit, then `reps` times: exp(−iγC) for the observable C of `cost`, which has Z alone, and ' +
      'RX(2β) on every qubit. The angles are γ, β of the first repetition, γ, β of the second, and so on',
    takesCost: true,
    count: '2 · reps',
    angles: ({ reps }) => 2 * reps,
    write: (circuit, { qubits, reps, cost }, next) => {
      for (const qubit of qubits) circuit.gate('h', [], [qubit]);
      for (let k = 0; k < reps; k += 1) {
        phases(circuit, cost, next());
        const mixing = scaled(next(), 2);
        for (const qubit of qubits) rotate(circuit, 'rx', qubit, mixing);
      }
    },
  },
};

const REPS_MAX = 1_000;

function ansatz(given: Arguments, { circuit }: Evaluation): Value {
  const named = given.required('name');
  const name = given.text(named);
  if (!Object.hasOwn(TEMPLATES, name)) {
    const known = Object.keys(TEMPLATES).join(', ');
    given.refuse(`there is no circuit "${name.slice(0, 40)}"; there are ${known}.`, named.span);
  }
  const template = TEMPLATES[name]!;
  const onto = given.required('qubits', 'q');
  if (onto.value.kind === 'number') given.refuse('its qubits are a register or a list.', onto.span);
  const [reps, angles] = [given.takeNamed('reps'), given.takeNamed('params')];
  const [prefix, init] = [given.takeNamed('prefix'), given.takeNamed('init')];
  const cost = given.takeNamed('cost');
  given.finish();
  const shape: Shape = {
    qubits: given.qubits(onto),
    reps: reps === undefined ? 1 : given.whole(reps, 1, REPS_MAX),
    cost: costOf(given, template, name, cost),
  };
  if (shape.qubits.length === 0) given.refuse('it names no qubits.', onto.span);
  const count = template.angles(shape);
  if (count > EIGEN_OPERATIONS_MAX) throw new CircuitFault(`It takes ${count} angles.`, 'EIGEN_LIMIT');
  if (angles !== undefined && (prefix ?? init) !== undefined) {
    given.refuse('prefix and init are of parameters that it declares; params are yours.', angles.span);
  }
  const values =
    angles === undefined ? declare(given, circuit, count, prefix, init) : anglesOf(given, angles, count);
  given.spend(shape.reps * (shape.cost.length + shape.qubits.length));
  let used = 0;
  template.write(circuit, shape, () => values[used++]!);
  return { kind: 'ansatz', name, angles: values };
}

function costOf(given: Arguments, template: Template, name: string, cost: Given | undefined): Shape['cost'] {
  if (!template.takesCost) {
    return cost === undefined ? [] : given.refuse(`${name} takes no cost.`, cost.span);
  }
  if (cost?.value.kind !== 'observable') {
    return given.refuse(`${name} takes cost, an Observable of Z alone.`, cost?.span);
  }
  if (cost.value.terms.some(({ paulis }) => [...paulis.values()].some((letter) => letter !== 'Z'))) {
    given.refuse('the cost has letters other than Z and I.', cost.span);
  }
  return cost.value.terms;
}

/** Parameters `prefix_0`, `prefix_1` and so on. */
function declare(
  given: Arguments,
  circuit: CircuitBuilder,
  count: number,
  prefix: Given | undefined,
  init: Given | undefined,
): readonly Value[] {
  const stem = prefix === undefined ? 'theta' : given.symbol(prefix);
  const initial = init === undefined ? undefined : given.number(init);
  return Array.from({ length: count }, (_, k) => {
    const name = `${stem}_${k}`;
    const variable = circuit.declareParameter({ name, ...(initial === undefined ? {} : { initial }) });
    return { kind: 'angle', expression: { kind: 'variable', variable }, nodes: 1, parameter: name };
  });
}

function anglesOf(given: Arguments, list: Given, count: number): readonly Value[] {
  const values = given.elements(list);
  if (values.length !== count) {
    given.refuse(`it takes ${count} angles, and ${values.length} are given.`, list.span);
  }
  for (const value of values) given.angle(value);
  return values.map(({ value }) => value);
}

export const CIRCUITS: Readonly<Record<string, LibraryRow>> = {
  Ansatz: {
    group: 'circuits',
    signature: 'Ansatz(name, qubits, reps=1, params=None, prefix="theta", init=None, cost=None)',
    help:
      'Writes the gates of a circuit that has a name. `params` are its angles: numbers, parameters or values of ' +
      'them. Without it parameters `prefix_0`, `prefix_1` and so on are declared, which begin at `init`. ' +
      '`.params` is the list of the angles',
    call: ansatz,
  },
};
