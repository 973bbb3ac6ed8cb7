import { finite } from '../codec.ts';
import { constantBit } from '../constants.ts';
import { gateByName } from '../gates/table.ts';
import type { Instruction, Program, Variable } from '../ir.ts';
import { BIT_ENTRIES, type BitEntry, QUBIT_ENTRIES, widthOf } from './basic-registers.ts';

/** First flat bit of each variable when all classical bits are numbered in order of declaration. */
const bitOffsets = (sizes: readonly number[]): number[] => {
  let offset = 0;
  return sizes.map((width) => {
    offset += width;
    return offset - width;
  });
};

/** The document of version 1.0.0, or undefined when the program needs more than it can say. */
export function writeBasic(program: Program): string | undefined {
  const bits = program.variables.map(bitEntry);
  if (program.qubits === 0 || program.subroutines.length > 0 || !tiles(program)) return undefined;
  if (bits.some((entry) => entry === undefined)) return undefined;
  const offsets = bitOffsets(program.variables.map(widthOf));
  const operations: string[] = [];
  for (const instruction of program.body) {
    const operation = basicOperation(program, offsets, instruction);
    if (operation === undefined) return undefined;
    operations.push(operation);
  }
  const metadata = `{"bits":${BIT_ENTRIES.write(bits as BitEntry[])},"qubits":${QUBIT_ENTRIES.write(program.qubitRegisters)}}`;
  return `{"metadata":${metadata},"operations":[${operations.join(',')}],"qubits":${program.qubits},"version":"1.0.0"}`;
}

function bitEntry(variable: Variable): BitEntry | undefined {
  const { name, type, role, loose, inner } = variable;
  if (type.kind !== 'bit' || role === 'input') return undefined;
  return {
    name,
    size: type.width,
    ...(loose && { loose }),
    ...(role === 'output' && { output: true }),
    ...(inner && { inner }),
  };
}

/** Do the registers cover the qubits one after the other, so that names and sizes say everything? */
function tiles(program: Program): boolean {
  let next = 0;
  for (const { offset, size } of program.qubitRegisters) {
    if (offset !== next) return false;
    next += size;
  }
  return next === program.qubits;
}

function basicOperation(program: Program, offsets: readonly number[], node: Instruction): string | undefined {
  switch (node.kind) {
    case 'gate': {
      const op = gateByName(node.gate)?.aqo?.op;
      const [theta] = node.parameters;
      if (op === undefined || node.controls !== undefined) return undefined;
      if (!node.qubits.every((qubit) => typeof qubit === 'number')) return undefined;
      if (theta === undefined) return `{"op":"${op}","q":[${node.qubits.join(',')}]}`;
      if (typeof theta !== 'number') return undefined;
      return `{"op":"${op}","params":{"theta":${finite.write(theta)}},"q":[${node.qubits.join(',')}]}`;
    }
    case 'reset':
      return typeof node.qubit === 'number' ? `{"op":"RESET","q":[${node.qubit}]}` : undefined;
    case 'measure': {
      const bit = node.target && constantBit(program, node.target);
      if (typeof node.qubit !== 'number' || bit === undefined) return undefined;
      return `{"c":[${(offsets[bit.variable] as number) + bit.bit}],"op":"MEASURE","q":[${node.qubit}]}`;
    }
    default:
      return undefined;
  }
}
