import { GATES, gateByName, type Parameter } from '@qfs/circuit';
import { assert } from '@qfs/core';
import { Budget } from '../budget.ts';
import { Findings } from '../findings.ts';
import { parseProgram } from '../parser/parse.ts';
import { lowerGateDefinition } from './gates.ts';
import { Lowering } from './lowering.ts';
import type { GateSymbol, ScopeEntry } from './symbols.ts';

/** A file of gates, or the gates that a dialect knows without any file. */
export interface GateLibrary {
  /** Gates of the gate table, by name or alias, or of `definitions`. */
  readonly names: readonly string[];
  /** The same, whose names a program may give another meaning. */
  readonly weakNames: readonly string[];
  /** Gate definitions in OpenQASM 3 over the gate table. */
  readonly definitions: string;
}

export type LibraryGate = Required<Pick<ScopeEntry, 'name' | 'isWeak'>> & { readonly meaning: GateSymbol };

const READ = new WeakMap<GateLibrary, readonly LibraryGate[]>();

/** Every gate of a library with its meaning. A library that cannot be read is a bug of ours. */
export function gatesOfLibrary(library: GateLibrary): readonly LibraryGate[] {
  const known = READ.get(library);
  if (known !== undefined) return known;
  const defined = definedGates(library.definitions);
  const entry = (isWeak: boolean) => (name: string) => ({
    name,
    isWeak,
    meaning: defined.get(name) ?? tableGate(name),
  });
  const gates = [...library.names.map(entry(false)), ...library.weakNames.map(entry(true))];
  READ.set(library, gates);
  return gates;
}

/** The symbol of a gate of the table. */
export function tableGate(name: string): GateSymbol {
  const gate = gateByName(name);
  assert(gate !== undefined, () => `the gate table has no ${name}`);
  return { kind: 'gate', name: gate.name, qubits: gate.qubits, parameters: gate.parameters.length };
}

function definedGates(definitions: string): ReadonlyMap<string, GateSymbol> {
  const findings = new Findings();
  const { statements } = parseProgram(definitions, findings);
  const lowering = new Lowering(findings, new Budget());
  for (const name of GATES.flatMap((gate) => [gate.name, ...gate.aliases])) {
    if (name !== 'gphase') lowering.scopes.declare({ name, isWeak: true, meaning: tableGate(name) });
  }
  const gates = new Map<string, GateSymbol>();
  for (const node of statements) {
    assert(node.kind === 'gate', 'a gate library holds gate definitions');
    lowerGateDefinition(lowering, node);
    const meaning = lowering.scopes.find(node.name.name)?.meaning;
    assert(meaning?.kind === 'gate', () => `the gate ${node.name.name} of a library has a meaning`);
    gates.set(node.name.name, withoutDetour(meaning));
  }
  assert(findings.errors === 0, () => `a gate library: ${findings.list[0]?.message}`);
  return gates;
}

/** The gate of the table that a definition only gives another name. */
function withoutDetour(symbol: GateSymbol): GateSymbol {
  const [only, ...others] = symbol.template ?? [];
  if (only?.kind !== 'gate' || others.length > 0 || only.controls !== undefined) return symbol;
  const inOrder = (parameter: Parameter, at: number): boolean =>
    typeof parameter === 'object' && parameter.kind === 'variable' && parameter.variable === -1 - at;
  const isSame =
    only.parameters.length === symbol.parameters &&
    only.parameters.every(inOrder) &&
    only.qubits.length === symbol.qubits &&
    only.qubits.every((qubit, at) => qubit === at);
  return isSame ? tableGate(only.gate) : symbol;
}
