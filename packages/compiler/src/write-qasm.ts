import type {
  Block,
  Include,
  Instruction,
  Program,
  QubitRegister,
  Subroutine,
  Variable,
  VariableId,
} from '@qfs/circuit';
import { gateByName, INCLUDES } from '@qfs/circuit';
import { OWN_ANNOTATIONS } from '@qfs/qasm';
import { chooseNames, type WrittenNames, type WrittenSubroutine } from './names.ts';
import { BlockWriter } from './write-blocks.ts';
import { writeType } from './write-expression.ts';
import { writtenVariables } from './written-references.ts';

/**
 * The circuit IR as OpenQASM 3.0 text that compiles back to the same program. Registers and variables stand
 * at the top in the order of the IR, subroutines behind them; gates of the table are called by name.
 */
export function writeQasm(program: Program): string {
  const included = usedIncludes([program.body, ...program.subroutines.map(({ body }) => body)]);
  const written = chooseNames(program, included);
  const writer = new BlockWriter(written);
  writer.write(program.body, '');
  const { registers, variables, originals } = written;
  const changed = writtenVariables(program);
  const lines = [
    'OPENQASM 3.0;',
    ...INCLUDES.filter((file) => file !== 'builtin' && included.has(file)).map(
      (file) => `include "${file}";`,
    ),
    ...registers.filter(isDeclared).map((register) => registerText(register, originals)),
    ...variables.map((variable) => variableText(variable, originals)),
    ...writer.aliases,
    ...program.subroutines.flatMap((subroutine, at) =>
      subroutineLines(subroutine, written.subroutines[at]!, written, changed[at]!),
    ),
    ...idleHardware(registers, writer.usedQubits),
    ...writer.lines,
  ];
  return `${lines.join('\n')}\n`;
}

type Originals = WrittenNames['originals'];

function originalText(name: string, originals: Originals): string {
  const original = originals.get(name);
  return original === undefined ? '' : `@${OWN_ANNOTATIONS.name} ${original}\n`;
}

function registerText({ name, size, loose }: QubitRegister, originals: Originals): string {
  return `${originalText(name, originals)}qubit${loose === true ? '' : `[${size}]`} ${name};`;
}

function variableText(variable: Variable, originals: Originals): string {
  const { name, role, inner } = variable;
  const annotation = inner === true ? `@${OWN_ANNOTATIONS.inner}\n` : '';
  const words = `${role === 'local' ? '' : `${role} `}${variableType(variable)}`;
  return `${originalText(name, originals)}${annotation}${words} ${name};`;
}

const variableType = ({ type, loose }: Variable): string => (loose === true ? 'bit' : writeType(type));

/**
 * The definition of a subroutine. The names of its qubits are not part of the program, so they are
 * invented.
 */
function subroutineLines(
  subroutine: Subroutine,
  names: WrittenSubroutine,
  program: WrittenNames,
  changed: ReadonlySet<VariableId>,
): string[] {
  const writer = new BlockWriter({ ...names, subroutines: program.subroutines });
  writer.write(subroutine.body, '  ');
  const parameters = new Set<number>();
  const registers = [...names.registers];
  const annotations: string[] = [];
  const texts = subroutine.parameters.map((parameter) => {
    if (parameter.kind === 'qubits') return `qubit[${parameter.size}] ${registers.shift()!.name}`;
    parameters.add(parameter.variable);
    const variable = names.variables[parameter.variable]!;
    const original = names.originals.get(variable.name);
    if (original !== undefined)
      annotations.push(`@${OWN_ANNOTATIONS.parameter} ${variable.name} ${original}`);
    const isChanged = changed.has(parameter.variable);
    const access = parameter.kind === 'value' ? '' : isChanged ? 'mutable ' : 'readonly ';
    return `${access}${variableType(variable)} ${variable.name}`;
  });
  const locals = names.variables.filter((_, at) => !parameters.has(at));
  const result = subroutine.result === undefined ? '' : ` -> ${writeType(subroutine.result)}`;
  const original = program.originals.get(names.name);
  return [
    ...(original === undefined ? [] : [`@${OWN_ANNOTATIONS.name} ${original}`]),
    ...annotations,
    `def ${names.name}(${texts.join(', ')})${result} {`,
    ...locals.map((variable) => `  ${variableText(variable, names.originals).replaceAll('\n', '\n  ')}`),
    ...writer.aliases.map((alias) => `  ${alias}`),
    ...writer.lines,
    '}',
  ];
}

/** Hardware qubits exist by being mentioned, so one that nothing acts on is mentioned by itself. */
const idleHardware = (registers: readonly QubitRegister[], used: ReadonlySet<number>): string[] =>
  registers
    .filter((register) => !isDeclared(register) && !used.has(register.offset))
    .map(({ name }) => `nop ${name};`);

const isDeclared = ({ name }: QubitRegister): boolean => !name.startsWith('$');

/** The files that declare the gates of these blocks. */
function usedIncludes(blocks: readonly Block[], found: Set<Include> = new Set()): Set<Include> {
  for (const block of blocks) {
    for (const instruction of block) {
      if (instruction.kind === 'gate') found.add(gateByName(instruction.gate)!.include);
      else usedIncludes(innerBlocks(instruction), found);
    }
  }
  return found;
}

function innerBlocks(instruction: Instruction): Block[] {
  if (instruction.kind === 'switch') {
    return [
      ...instruction.cases.map(({ body }) => body),
      ...(instruction.otherwise === undefined ? [] : [instruction.otherwise]),
    ];
  }
  if (instruction.kind === 'if') {
    return instruction.otherwise === undefined
      ? [instruction.body]
      : [instruction.body, instruction.otherwise];
  }
  return 'body' in instruction ? [instruction.body] : [];
}
