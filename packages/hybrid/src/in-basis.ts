import type { Block, Instruction, Program, Variable } from '@qfs/circuit';
import { QfsError } from '@qfs/core';
import { measuredQubits } from './grouping.ts';

/** Gates that turn the basis of a letter into the one that devices measure in. */
const ROTATIONS: Readonly<Record<string, readonly string[]>> = { X: ['h'], Y: ['sdg', 'h'], Z: [], I: [] };

/** The register that the basis is measured into: one bit for each measured qubit, the least qubit first. */
const REGISTER = 'measured';

/**
 * The circuit with its qubits measured in a basis instead of as the program measures them at its end.
 *
 * @param basis a letter for each qubit, qubit 0 rightmost; I: not measured
 * @throws QfsError NOT_IMPLEMENTED for a program that does more than gates and, at the end, measurements
 */
export function inBasis(program: Program, basis: string): Program {
  const variables = inputsOf(program);
  const register = variables.length;
  const qubits = measuredQubits(basis);
  const rotations = qubits.flatMap((qubit) =>
    ROTATIONS[basis[basis.length - 1 - qubit]!]!.map(
      (gate): Instruction => ({ kind: 'gate', gate, parameters: [], qubits: [qubit] }),
    ),
  );
  const measurements = qubits.map(
    (qubit, bit): Instruction => ({
      kind: 'measure',
      qubit,
      target: {
        kind: 'index',
        base: { kind: 'variable', variable: register },
        index: { kind: 'int', value: BigInt(bit), type: { kind: 'int', width: 64 } },
      },
    }),
  );
  return {
    ...program,
    variables: [...variables, { name: REGISTER, type: { kind: 'bit', width: qubits.length }, role: 'local' }],
    subroutines: [],
    body: [...gatesOf(program.body), ...rotations, ...measurements],
  };
}

/** Variables up to the last input, which keep their ids; registers between them must not show in counts. */
function inputsOf({ variables }: Program): Variable[] {
  const last = variables.findLastIndex(({ role }) => role === 'input');
  return variables
    .slice(0, last + 1)
    .map((variable) => (variable.role === 'input' ? variable : { ...variable, type: { kind: 'bool' } }));
}

/** The program without its measurements, if nothing happens to a qubit after it was measured. */
function gatesOf(body: Block): Block {
  const measured = new Set<unknown>();
  return body.filter((instruction) => {
    const { kind } = instruction;
    if (kind === 'measure') measured.add(instruction.qubit);
    else if (kind !== 'gate' && kind !== 'gphase' && kind !== 'barrier') throw unfit(`it has "${kind}"`);
    else if (kind === 'gate' && instruction.qubits.some((qubit) => measured.has(qubit))) {
      throw unfit('a gate follows a measurement');
    }
    return kind !== 'measure';
  });
}

const unfit = (why: string): QfsError =>
  new QfsError(
    'NOT_IMPLEMENTED',
    `The device gives no expectation values, and the circuit cannot be measured in other bases: ${why}.`,
  );
