import { CIRCUIT_QUBITS_MAX, nearestName, QASM_SOURCE_BYTES_MAX, QfsError } from '@qfs/core';
import { type Fields, hasNumber, isFields, readNumber, readQubits, refuse } from './gate-fields.ts';
import { GATESETS, type Gateset, nativeGate, qisGate, withControls } from './gates.ts';
import { pauliExponential } from './pauli-exponential.ts';

/** A circuit of IonQ's JSON as an OpenQASM 3 program, and what its client is told of it. */
export interface CircuitProgram {
  readonly text: string;
  readonly qubits: number;
  readonly oneQubitGates: number;
  readonly multiQubitGates: number;
}

/** The register that all qubits are measured into at the end; bit n is qubit n. */
const HEAD = (qubits: number): string =>
  `OPENQASM 3.0;\ninclude "stdgates.inc";\ninclude "qfs.inc";\nbit[${qubits}] c;\nqubit[${qubits}] q;\n`;

interface GateText {
  readonly statements: readonly string[];
  readonly qubits: readonly number[];
}

/**
 * Translates `circuit`, a list of gates of one gateset. All qubits are measured at the end, since such circuits have no
 * measurements of their own.
 * @param declared how many qubits the client says there are; undefined: as many as the gates use
 * @throws QfsError BODY_INVALID naming the gate and the member; PAYLOAD_TOO_LARGE
 */
export function circuitProgram(
  circuit: unknown,
  gateset: Gateset,
  declared: number | undefined,
  place: string,
): CircuitProgram {
  if (!Array.isArray(circuit)) return refuse(place, 'must be a list of gates');
  const lines: string[] = [];
  let used = 0;
  let chars = 0;
  let oneQubitGates = 0;
  for (const [index, gate] of circuit.entries()) {
    const at = `${place}[${index}]`;
    if (!isFields(gate)) refuse(at, 'must be a gate, for example {"gate": "h", "target": 0}');
    const { statements, qubits } = gateText(gate, gateset, at);
    for (const qubit of qubits) {
      if (qubit >= (declared ?? CIRCUIT_QUBITS_MAX)) refuse(at, `acts on qubit ${qubit} of ${declared}`);
      used = Math.max(used, qubit + 1);
    }
    if (qubits.length === 1) oneQubitGates += 1;
    for (const statement of statements) chars += statement.length + 1;
    if (chars > QASM_SOURCE_BYTES_MAX) {
      throw new QfsError(
        'PAYLOAD_TOO_LARGE',
        `${place} is more than ${QASM_SOURCE_BYTES_MAX} bytes of OpenQASM 3.`,
      );
    }
    for (const statement of statements) lines.push(statement);
  }
  const qubits = declared ?? used;
  if (qubits === 0) refuse(place, 'uses no qubit; say under `qubits` how many there are');
  const text = `${HEAD(qubits)}${lines.map((line) => `${line}\n`).join('')}c = measure q;\n`;
  return { text, qubits, oneQubitGates, multiQubitGates: circuit.length - oneQubitGates };
}

function gateText(gate: Fields, gateset: Gateset, place: string): GateText {
  const { gate: name } = gate;
  if (typeof name !== 'string') refuse(`${place}.gate`, 'is missing; name a gate');
  const targets = readQubits(gate, 'target', 'targets', place);
  const controls = readQubits(gate, 'control', 'controls', place);
  const qubits = [...controls, ...targets];
  if (new Set(qubits).size < qubits.length) refuse(place, 'names a qubit twice');
  const operands = targets.map((target) => `q[${target}]`);
  if (gateset === 'native')
    return { statements: nativeStatements(gate, name, operands, controls, place), qubits };
  if (name === 'pauliexp') {
    if (controls.length > 0) refuse(`${place}.controls`, 'cannot stand with pauliexp');
    if (targets.length === 0) refuse(`${place}.targets`, 'is missing');
    return { statements: pauliExponential(gate, operands, place), qubits };
  }
  return { statements: [qisStatement(gate, name, operands, controls, place)], qubits };
}

function qisStatement(
  gate: Fields,
  name: string,
  operands: readonly string[],
  controls: readonly number[],
  place: string,
): string {
  const row = qisGate(name);
  if (row === undefined) return unknownGate(name, 'qis', place);
  checkTargets(name, row.targets, operands.length, place);
  if (controls.length < (row.controls ?? 0)) refuse(`${place}.control`, `is missing; ${name} has one`);
  const rotated = hasNumber(gate, 'rotation');
  const call = rotated ? row.rotated : row.plain;
  if (call === undefined) refuse(`${place}.rotation`, rotated ? `does not belong to ${name}` : 'is missing');
  const parameter = rotated ? `(${readNumber(gate, ['rotation'], place)})` : '';
  const written = withControls(call, controls.length);
  return `${written}${parameter} ${[...controls.map((qubit) => `q[${qubit}]`), ...operands].join(', ')};`;
}

function nativeStatements(
  gate: Fields,
  name: string,
  [a = '', b = '', ...further]: readonly string[],
  controls: readonly number[],
  place: string,
): readonly string[] {
  const row = nativeGate(name);
  if (row === undefined) return unknownGate(name, 'native', place);
  if (controls.length > 0) refuse(`${place}.controls`, `cannot stand with ${name}: native gates have none`);
  checkTargets(name, row.targets, Number(a !== '') + Number(b !== '') + further.length, place);
  const turns = row.turns.map(({ names, absent }) => readNumber(gate, names, place, absent));
  return row.write(turns, a, b);
}

function checkTargets(name: string, wanted: number, given: number, place: string): void {
  if (given !== wanted) refuse(`${place}.targets`, `has ${given} qubits; ${name} has ${wanted}`);
}

function unknownGate(name: string, gateset: Gateset, place: string): never {
  const names = Object.keys(GATESETS[gateset]);
  const known = gateset === 'qis' ? [...names, 'pauliexp'] : names;
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? `known are ${known.join(', ')}` : `did you mean "${nearest}"?`;
  return refuse(`${place}.gate`, `is "${name.slice(0, 40)}", which is no gate of \`${gateset}\`; ${hint}`);
}
