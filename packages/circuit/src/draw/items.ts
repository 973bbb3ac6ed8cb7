import { constantBit } from '../constants.ts';
import { gateOf } from '../gates/apply.ts';
import type { GateFamily } from '../gates/gate.ts';
import type { GateInstruction, GphaseInstruction, Instruction, QubitOperand, VariableId } from '../ir.ts';
import { TouchedCollector, targetVariables, touchedQubits } from '../parts.ts';
import { expressionText, type Labels, parameterText, shorten, targetText } from './labels.ts';

/** What an item shows on one wire. */
export type Mark =
  | { readonly kind: 'box'; readonly text: string }
  | { readonly kind: 'control'; readonly positive: boolean }
  | { readonly kind: 'target' | 'swap' | 'measure' | 'reset' | 'barrier' }
  | { readonly kind: 'bit' | 'condition'; readonly text: string }
  /** One wire of a box over several; `operand` numbers the qubits of a gate. */
  | { readonly kind: 'span'; readonly operand?: number };

export type ItemFamily = GateFamily | 'measurement' | 'control-flow' | 'classical';

/** One thing in one layer. Wires without a mark between `top` and `bottom` are crossed by the links. */
export interface Item {
  readonly layer: number;
  readonly top: number;
  readonly bottom: number;
  readonly marks: ReadonlyMap<number, Mark>;
  /** Text of the box that the `span` marks form. */
  readonly label?: string;
  /** Are the marks joined by a line? */
  readonly linked: boolean;
  /** The wire from which on the joining line is the double one of classical information. */
  readonly classicalFrom?: number;
  readonly family: ItemFamily;
}

/** An item before its place is known. */
export type Unplaced = Omit<Item, 'layer' | 'top' | 'bottom'>;

type MeasureInstruction = Extract<Instruction, { kind: 'measure' }>;

/** Turns single instructions into items; undefined where nothing of an instruction is on a drawn wire. */
export class ItemBuilder {
  readonly #labels: Labels;
  readonly #collector = new TouchedCollector();
  readonly #qubitWires: ReadonlyMap<number, number>;
  readonly #variableWires: ReadonlyMap<VariableId, number>;

  constructor(
    labels: Labels,
    qubitWires: ReadonlyMap<number, number>,
    variableWires: ReadonlyMap<VariableId, number>,
  ) {
    this.#labels = labels;
    this.#qubitWires = qubitWires;
    this.#variableWires = variableWires;
  }

  /** All drawn wires that an instruction touches, ascending. */
  wiresOf(instruction: Instruction): number[] {
    const touched = this.#collector.ofInstruction(instruction);
    return [
      ...touchedQubits(touched).flatMap((qubit) => this.#qubitWires.get(qubit) ?? []),
      ...[...touched.variables].flatMap((variable) => this.#variableWires.get(variable) ?? []),
    ].sort((a, b) => a - b);
  }

  itemOf(instruction: Instruction, wires: readonly number[]): Unplaced | undefined {
    const touched = (): number[] => this.wiresOf(instruction);
    switch (instruction.kind) {
      case 'gate':
        return this.#gate(instruction, touched);
      case 'gphase':
        return this.#phase(instruction, touched);
      case 'measure':
        return this.#measurement(instruction, touched);
      case 'reset':
        return (
          this.#onEach([instruction.qubit], { kind: 'reset' }, 'measurement') ??
          this.box(touched(), 'reset', 'measurement')
        );
      case 'barrier':
        return (
          this.#onEach(instruction.qubits, { kind: 'barrier' }, 'classical') ??
          this.box(touched(), 'barrier', 'classical')
        );
      case 'delay':
        return this.box(touched(), `delay(${expressionText(instruction.duration, this.#labels)})`, 'general');
      case 'assign': {
        const { target, value } = instruction;
        const label = `${targetText(target, this.#labels)} = ${expressionText(value, this.#labels)}`;
        return this.box(touched(), label, 'classical');
      }
      case 'evaluate':
        return this.box(touched(), expressionText(instruction.value, this.#labels), 'general');
      default:
        return this.box(wires, instruction.kind, 'control-flow');
    }
  }

  /** Wires of operands, or undefined when one of them is chosen at run time or not drawn. */
  #constantWires(qubits: readonly QubitOperand[]): number[] | undefined {
    const wires = qubits.map((qubit) =>
      typeof qubit === 'number' ? this.#qubitWires.get(qubit) : undefined,
    );
    return wires.every((wire) => wire !== undefined) ? (wires as number[]) : undefined;
  }

  #gateLabel({ gate, parameters }: GateInstruction): string {
    const row = gateOf({ kind: 'gate', gate, parameters, qubits: [] });
    const label = this.#labels.ascii ? row.drawing.label.replace('√', 'S') : row.drawing.label;
    const angles = parameters.map((parameter) => parameterText(parameter, this.#labels));
    return shorten(angles.length === 0 ? label : `${label}(${angles.join(',')})`, this.#labels);
  }

  #gate(instruction: GateInstruction, touched: () => number[]): Unplaced | undefined {
    const { controls = [], qubits } = instruction;
    const { drawing, family, name } = gateOf(instruction);
    const label = this.#gateLabel(instruction);
    const wires = this.#constantWires(qubits);
    if (wires === undefined) return this.box(touched(), label || name, family);
    const own = wires.slice(controls.length);
    const [first, last] = [Math.min(...own), Math.max(...own)];
    const isBox = drawing.symbols === undefined && own.length > 1;
    if (isBox && wires.slice(0, controls.length).some((wire) => wire > first && wire < last)) {
      return this.box(wires, `ctrl @ ${label}`, family, wires);
    }
    const marks = new Map<number, Mark>();
    controls.forEach((positive, order) => {
      marks.set(wires[order] as number, { kind: 'control', positive });
    });
    if (isBox) for (let wire = first; wire <= last; wire++) marks.set(wire, { kind: 'span' });
    own.forEach((wire, operand) => {
      marks.set(wire, isBox ? { kind: 'span', operand } : markOf(drawing.symbols?.[operand] ?? '□', label));
    });
    return { marks, linked: true, family, ...(isBox && { label }) };
  }

  #phase(instruction: GphaseInstruction, touched: () => number[]): Unplaced | undefined {
    const { angle, controls = [], qubits = [] } = instruction;
    const text = parameterText(angle, this.#labels);
    const wires = this.#constantWires(qubits) ?? [];
    const target = wires.at(-1);
    if (target === undefined) return this.box(touched(), `gphase(${text})`, 'phase');
    const marks = new Map<number, Mark>(
      wires.map((wire, order) => [wire, { kind: 'control', positive: controls[order] ?? true }]),
    );
    // A phase under controls is the phase gate on the last of them; under `negctrl` it acts on |0⟩.
    const label = controls.at(-1) === false ? `P0(${text})` : `P(${text})`;
    marks.set(target, { kind: 'box', text: shorten(label, this.#labels) });
    return { marks, linked: true, family: 'phase' };
  }

  #measurement(instruction: MeasureInstruction, touched: () => number[]): Unplaced | undefined {
    const { qubit, target } = instruction;
    const [wire] = this.#constantWires([qubit]) ?? [];
    if (wire === undefined) return this.box(touched(), 'measure', 'measurement');
    const marks = new Map<number, Mark>([[wire, { kind: 'measure' }]]);
    const variables = target === undefined ? [] : targetVariables(target);
    const variable = variables.length === 1 ? variables[0] : undefined;
    const bitWire = variable === undefined ? undefined : this.#variableWires.get(variable);
    if (target === undefined || bitWire === undefined) return { marks, linked: false, family: 'measurement' };
    const bit = constantBit(this.#labels.program, target);
    const loose = this.#labels.program.variables[variable as number]?.loose === true;
    const text = loose ? '' : bit === undefined ? targetText(target, this.#labels) : String(bit.bit);
    marks.set(bitWire, { kind: 'bit', text: shorten(text, this.#labels) });
    return { marks, linked: true, classicalFrom: wire, family: 'measurement' };
  }

  /** One mark on every qubit, without a link between them. */
  #onEach(qubits: readonly QubitOperand[], mark: Mark, family: ItemFamily): Unplaced | undefined {
    const wires = this.#constantWires(qubits);
    return wires && { marks: new Map(wires.map((wire) => [wire, mark])), linked: false, family };
  }

  /** A box over all wires between the first and the last of these. */
  box(
    wires: readonly number[],
    label: string,
    family: ItemFamily,
    operands: readonly number[] = [],
  ): Unplaced | undefined {
    if (wires.length === 0) return undefined;
    const marks = new Map<number, Mark>();
    for (let wire = Math.min(...wires); wire <= Math.max(...wires); wire++) {
      const operand = operands.indexOf(wire);
      marks.set(wire, operand < 0 ? { kind: 'span' } : { kind: 'span', operand });
    }
    return { marks, linked: false, label: shorten(label, this.#labels), family };
  }

  /**
   * An `if` around one gate, whose condition is about one drawn variable, is drawn as that gate with a
   * condition.
   */
  conditionalGate(instruction: Instruction): Unplaced | undefined {
    if (instruction.kind !== 'if' || instruction.otherwise !== undefined) return undefined;
    const { condition, body } = instruction;
    const [gate, ...others] = body;
    if (gate?.kind !== 'gate' || others.length > 0) return undefined;
    const [variable, ...further] = this.#collector.ofInstruction({
      kind: 'evaluate',
      value: condition,
    }).variables;
    const wire = variable === undefined ? undefined : this.#variableWires.get(variable);
    if (wire === undefined || further.length > 0 || this.#constantWires(gate.qubits) === undefined)
      return undefined;
    const item = this.#gate(gate, () => []) as Unplaced;
    const text = shorten(expressionText(condition, this.#labels), this.#labels);
    const marks = new Map([...item.marks, [wire, { kind: 'condition', text }] as const]);
    return { ...item, marks, linked: true, classicalFrom: Math.max(...item.marks.keys()) };
  }
}

function markOf(symbol: string, label: string): Mark {
  if (symbol === '■') return { kind: 'control', positive: true };
  if (symbol === '⊕') return { kind: 'target' };
  return symbol === '✕' ? { kind: 'swap' } : { kind: 'box', text: label };
}
