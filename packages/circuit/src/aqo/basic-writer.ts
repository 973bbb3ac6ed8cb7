import { finite } from '../codec.ts';
import { constantBit } from '../constants.ts';
import { gateByName } from '../gates/table.ts';
import type { Instruction, Parameter, Program, Variable } from '../ir.ts';
import { BIT_ENTRIES, type BitEntry, QUBIT_ENTRIES, SYMBOL, widthOf } from './basic-registers.ts';

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
  const { variables } = program;
  const firstInput = variables.findIndex(({ role }) => role === 'input');
  const bitCount = firstInput === -1 ? variables.length : firstInput;
  const bits = variables.slice(0, bitCount).map(bitEntry);
  const inputs = variables.slice(bitCount);
  if (program.qubits === 0 || program.subroutines.length > 0 || !tiles(program)) return undefined;
  if (bits.some((entry) => entry === undefined) || !inputs.every(isSymbol)) return undefined;
  const offsets = bitOffsets(program.variables.map(widthOf));
  const operations: string[] = [];
  for (const instruction of program.body) {
    const operation = basicOperation(program, offsets, instruction);
    if (operation === undefined) return undefined;
    operations.push(operation);
  }
  const metadata = `{"bits":${BIT_ENTRIES.write(bits as BitEntry[])},"qubits":${QUBIT_ENTRIES.write(program.qubitRegisters)}}`;
  const names = inputs.map(({ name }) => `{"name":"${name}"}`).join(',');
  const parameters = names === '' ? '' : `"parameters":[${names}],`;
  return `{"metadata":${metadata},"operations":[${operations.join(',')}],${parameters}"qubits":${program.qubits},"version":"1.0.0"}`;
}

/** Can an input be named by its symbol, with nothing else to say of it? */
const isSymbol = ({ name, type, role, loose, inner }: Variable): boolean =>
  role === 'input' && type.kind === 'float' && type.width === 64 && !loose && !inner && SYMBOL.test(name);

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

/** A number, or the symbol of an input. */
function angleText({ variables }: Program, angle: Parameter): string | undefined {
  if (typeof angle === 'number') return finite.write(angle);
  const input = angle.kind === 'variable' ? variables[angle.variable] : undefined;
  return input?.role === 'input' ? `"${input.name}"` : undefined;
}

function basicOperation(program: Program, offsets: readonly number[], node: Instruction): string | undefined {
  switch (node.kind) {
    case 'gate': {
      const op = gateByName(node.gate)?.aqo?.op;
      const [theta] = node.parameters;
      if (op === undefined || node.controls !== undefined) return undefined;
      if (!node.qubits.every((qubit) => typeof qubit === 'number')) return undefined;
      if (theta === undefined) return `{"op":"${op}","q":[${node.qubits.join(',')}]}`;
      const angle = angleText(program, theta);
      if (angle === undefined) return undefined;
      return `{"op":"${op}","params":{"theta":${angle}},"q":[${node.qubits.join(',')}]}`;
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
