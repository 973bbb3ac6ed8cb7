import type { Program } from '@qfs/circuit';
import { CIRCUIT_QUBITS_MAX } from '@qfs/core';
import { Budget } from '../budget.ts';
import { DIALECTS, type Dialect } from '../dialects.ts';
import { Findings } from '../findings.ts';
import type { ProgramNode } from '../syntax/ast.ts';
import { gatesOfLibrary, tableGate } from './library.ts';
import { Lowering, TooLarge } from './lowering.ts';
import { lowerStatements } from './statements.ts';
import { assignmentsOf } from './timing.ts';

/**
 * Gives a syntax tree its meaning: names, types and sizes are checked, gate definitions and constant loops
 * expanded, constants computed. The program is present exactly if there is no error, be it one of the
 * parser. Hardware qubits come first, in ascending order, then the declared registers in order of
 * declaration.
 *
 * @throws BudgetSpent
 */
export function lowerProgram(
  ast: ProgramNode,
  findings: Findings = new Findings(),
  dialect?: Dialect,
  budget = new Budget(),
): Program | undefined {
  const lowering = new Lowering(findings, budget);
  lowering.isVersion2 = ast.version?.major === 2;
  try {
    declareBuiltins(lowering, ast, dialect);
    lowerStatements(lowering, ast.statements);
  } catch (thrown) {
    if (!(thrown instanceof TooLarge)) throw thrown;
  }
  if (findings.errors > 0) return undefined;
  if (lowering.frame.qubits === 0) {
    findings.add('QASM_VALUE', { start: ast.start, end: ast.start }, 'The program has no qubits.', {
      hint: 'declare some: `qubit[2] q;`',
    });
    return undefined;
  }
  return {
    qubits: lowering.frame.qubits,
    qubitRegisters: lowering.registers,
    variables: lowering.frame.variables,
    subroutines: lowering.subroutines,
    body: lowering.body,
  };
}

/** The gates that a program has without any file. OpenQASM 2 has the U of determinant 1 (its equation 2). */
const BUILTIN_GATES = { 2: { U: 'u3', CX: 'cx' }, 3: { U: 'U' } } as const;

function declareBuiltins(lowering: Lowering, ast: ProgramNode, dialect: Dialect | undefined): void {
  // What a dialect means by a name goes before what the language means by it.
  if (dialect !== undefined)
    for (const gate of gatesOfLibrary(DIALECTS[dialect].gates)) lowering.scopes.declare(gate);
  const builtin = BUILTIN_GATES[lowering.isVersion2 ? 2 : 3];
  for (const [name, gate] of Object.entries(builtin))
    lowering.scopes.declare({ name, meaning: tableGate(gate) });
  for (const number of ast.hardwareQubits) {
    if (lowering.frame.qubits === CIRCUIT_QUBITS_MAX)
      lowering.tooLarge({ start: 0, end: 0 }, `The program has more than ${CIRCUIT_QUBITS_MAX} qubits.`);
    if (number.length > 9)
      lowering.tooLarge({ start: 0, end: 0 }, `The number of the hardware qubit $${number} is too large.`);
    lowering.frame.hardware.set(number, lowering.addRegister(`$${number}`, 1, ast, true)[0]!);
  }
  lowering.assignedValues = assignmentsOf(ast);
  if (ast.lostNames !== undefined) lowering.lostNames = ast.lostNames;
  for (const node of ast.statements) {
    if (!('name' in node) || typeof node.name === 'string' || node.kind === 'gateCall') continue;
    if (!lowering.globals.has(node.name.name)) lowering.globals.set(node.name.name, node.name);
  }
}
