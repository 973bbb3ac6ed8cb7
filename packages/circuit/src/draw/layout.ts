import { DRAWING_CELLS_MAX, DRAWING_OPERATIONS_MAX, DRAWING_WIRES_MAX } from '@qfs/core';
import { constantBit } from '../constants.ts';
import { gateOf } from '../gates/apply.ts';
import type { GateFamily } from '../gates/gate.ts';
import type {
  Block,
  Expression,
  GateInstruction,
  GphaseInstruction,
  Instruction,
  Program,
  QubitOperand,
  VariableId,
} from '../ir.ts';
import { partsOf, type Touched, TouchedCollector, targetVariable, touchedQubits } from '../parts.ts';
import {
  angleText,
  expressionText,
  type Labels,
  parameterText,
  rangeText,
  shorten,
  targetText,
} from './labels.ts';

export interface DrawOptions {
  /** No character outside ASCII (text only). */
  readonly ascii?: boolean;
  /** The last qubit and the last register on top. */
  readonly reverseBits?: boolean;
  /** Leave out qubits that nothing happens to. */
  readonly hideIdle?: boolean;
}

export interface Wire {
  readonly label: string;
  readonly kind: 'qubit' | 'classical';
  /** Bits of a register, shown as `2/`. */
  readonly width?: number;
}

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

export interface Layout {
  readonly wires: readonly Wire[];
  readonly items: readonly Item[];
  readonly layers: number;
  /** Sum of the global phases at the top level, in radians. */
  readonly globalPhase: number;
  /** What could not be shown, in sentences. */
  readonly notes: readonly string[];
}

/** Places every operation into the first layer where its wires, and all wires between them, are free. */
export const layoutOf = (program: Program, options: DrawOptions = {}): Layout =>
  new Placement(program, options).layout();

type Unplaced = Omit<Item, 'layer' | 'top' | 'bottom'>;
type MeasureInstruction = Extract<Instruction, { kind: 'measure' }>;

class Placement {
  readonly #program: Program;
  readonly #labels: Labels;
  readonly #collector = new TouchedCollector();
  readonly #wires: Wire[] = [];
  readonly #qubitWires = new Map<number, number>();
  readonly #variableWires = new Map<VariableId, number>();
  readonly #free: number[];
  readonly #items: Item[] = [];
  #layers = 0;
  #globalPhase = 0;
  #omitted = 0;
  #depth = 0;

  constructor(program: Program, options: DrawOptions) {
    this.#program = program;
    this.#labels = { ascii: options.ascii ?? false, program };
    this.#addWires(options);
    this.#free = this.#wires.map(() => 0);
  }

  layout(): Layout {
    this.#placeBlock(
      this.#program.body,
      this.#wires.map((_, wire) => wire),
    );
    const missing = this.#program.qubits - this.#qubitWires.size;
    const notes = [
      ...(this.#omitted > 0 ? [`${this.#omitted} further operations are not drawn.`] : []),
      ...(missing > 0 && this.#wires.length >= DRAWING_WIRES_MAX ? [`${missing} qubits are not drawn.`] : []),
    ];
    return {
      wires: this.#wires,
      items: this.#items,
      layers: this.#layers,
      globalPhase: this.#globalPhase,
      notes,
    };
  }

  #addWires({ reverseBits = false, hideIdle = false }: DrawOptions): void {
    const { qubits, qubitRegisters, variables, body } = this.#program;
    const touched = this.#collector.ofBlock(body);
    const busy = new Set(touchedQubits(touched));
    const names = Array.from({ length: qubits }, (_, qubit) => `q_${qubit}`);
    for (const { name, offset, size, loose } of qubitRegisters) {
      for (let at = 0; at < size; at++) names[offset + at] = loose ? name : `${name}_${at}`;
    }
    const inOrder = <T>(values: T[]): T[] => (reverseBits ? values.reverse() : values);
    for (const [qubit, label] of inOrder([...names.entries()])) {
      if (this.#wires.length >= DRAWING_WIRES_MAX) break;
      if (hideIdle && !busy.has(qubit)) continue;
      this.#qubitWires.set(qubit, this.#wires.length);
      this.#wires.push({ label: shorten(label, this.#labels), kind: 'qubit' });
    }
    for (const [id, { name, type, inner, loose }] of inOrder([...variables.entries()])) {
      if (this.#wires.length >= DRAWING_WIRES_MAX) break;
      if ((type.kind !== 'bit' || inner) && !touched.variables.has(id)) continue;
      this.#variableWires.set(id, this.#wires.length);
      const width = type.kind === 'bit' && !loose ? { width: type.width } : {};
      this.#wires.push({ label: shorten(name, this.#labels), kind: 'classical', ...width });
    }
  }

  #wiresOf(touched: Touched): number[] {
    return [
      ...touchedQubits(touched).flatMap((qubit) => this.#qubitWires.get(qubit) ?? []),
      ...[...touched.variables].flatMap((variable) => this.#variableWires.get(variable) ?? []),
    ].sort((a, b) => a - b);
  }

  #place(item: Unplaced | undefined): void {
    const wires = [...(item?.marks.keys() ?? [])];
    if (item === undefined || wires.length === 0 || this.#isFull()) {
      this.#omitted += 1;
      return;
    }
    const top = Math.min(...wires);
    const bottom = Math.max(...wires);
    let layer = 0;
    for (let wire = top; wire <= bottom; wire++) layer = Math.max(layer, this.#free[wire] as number);
    this.#free.fill(layer + 1, top, bottom + 1);
    this.#layers = Math.max(this.#layers, layer + 1);
    this.#items.push({ ...item, layer, top, bottom });
  }

  #isFull(): boolean {
    const isFull = this.#layers * this.#wires.length >= DRAWING_CELLS_MAX;
    return isFull || this.#items.length >= DRAWING_OPERATIONS_MAX;
  }

  /** `wires` are those of the surrounding construct, which statements like `break` span. */
  #placeBlock(block: Block, wires: readonly number[]): void {
    for (const instruction of block) {
      if (this.#isFull()) this.#omitted += 1;
      else if (partsOf(instruction).blocks.length > 0) this.#placeControlFlow(instruction);
      else if (isGlobalPhase(instruction)) this.#globalPhase += this.#depth === 0 ? instruction.angle : 0;
      else this.#place(this.#itemOf(instruction, wires));
    }
  }

  #itemOf(instruction: Instruction, wires: readonly number[]): Unplaced | undefined {
    const touched = (): number[] => this.#wiresOf(this.#collector.ofInstruction(instruction));
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
          this.#box(touched(), 'reset', 'measurement')
        );
      case 'barrier':
        return (
          this.#onEach(instruction.qubits, { kind: 'barrier' }, 'classical') ??
          this.#box(touched(), 'barrier', 'classical')
        );
      case 'delay':
        return this.#box(
          touched(),
          `delay(${expressionText(instruction.duration, this.#labels)})`,
          'general',
        );
      case 'assign': {
        const { target, value } = instruction;
        const label = `${targetText(target, this.#labels)} = ${expressionText(value, this.#labels)}`;
        return this.#box(touched(), label, 'classical');
      }
      case 'evaluate':
        return this.#box(touched(), expressionText(instruction.value, this.#labels), 'general');
      default:
        return this.#box(wires, instruction.kind, 'control-flow');
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
    if (wires === undefined) return this.#box(touched(), label || name, family);
    const own = wires.slice(controls.length);
    const [first, last] = [Math.min(...own), Math.max(...own)];
    const isBox = drawing.symbols === undefined && own.length > 1;
    if (isBox && wires.slice(0, controls.length).some((wire) => wire > first && wire < last)) {
      return this.#box(wires, `ctrl @ ${label}`, family, wires);
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
    if (target === undefined) return this.#box(touched(), `gphase(${text})`, 'phase');
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
    if (wire === undefined) return this.#box(touched(), 'measure', 'measurement');
    const marks = new Map<number, Mark>([[wire, { kind: 'measure' }]]);
    const variable = target === undefined ? undefined : targetVariable(target);
    const bitWire = variable === undefined ? undefined : this.#variableWires.get(variable);
    if (target === undefined || bitWire === undefined) return { marks, linked: false, family: 'measurement' };
    const bit = constantBit(this.#program, target);
    const loose = this.#program.variables[variable as number]?.loose === true;
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
  #box(
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

  /** A construct is drawn as boxes over all its wires, before, between and after its blocks. */
  #placeControlFlow(instruction: Instruction): void {
    const wires = this.#wiresOf(this.#collector.ofInstruction(instruction));
    const conditional = this.#conditionalGate(instruction);
    if (conditional !== undefined) {
      this.#place(conditional);
      return;
    }
    const sections = this.#sectionsOf(instruction);
    this.#depth += 1;
    for (const { label, block } of sections) {
      this.#place(this.#box(wires, label, 'control-flow'));
      this.#placeBlock(block, wires);
    }
    this.#depth -= 1;
    this.#place(this.#box(wires, `end ${instruction.kind}`, 'control-flow'));
  }

  /**
   * An `if` around one gate, whose condition is about one drawn variable, is drawn as that gate with a
   * condition.
   */
  #conditionalGate(instruction: Instruction): Unplaced | undefined {
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

  #sectionsOf(instruction: Instruction): { label: string; block: Block }[] {
    const text = (expression: Expression): string => expressionText(expression, this.#labels);
    switch (instruction.kind) {
      case 'box':
        return [
          {
            label: instruction.duration ? `box ${text(instruction.duration)}` : 'box',
            block: instruction.body,
          },
        ];
      case 'if':
        return [
          { label: `if ${text(instruction.condition)}`, block: instruction.body },
          ...(instruction.otherwise ? [{ label: 'else', block: instruction.otherwise }] : []),
        ];
      case 'switch':
        return [
          { label: `switch ${text(instruction.subject)}`, block: [] },
          ...instruction.cases.map(({ values, body }) => ({
            label: `case ${values.join(', ')}`,
            block: body,
          })),
          ...(instruction.otherwise ? [{ label: 'default', block: instruction.otherwise }] : []),
        ];
      case 'for': {
        const name = this.#program.variables[instruction.variable]?.name ?? '';
        return [
          { label: `for ${name} in ${rangeText(instruction.over, this.#labels)}`, block: instruction.body },
        ];
      }
      case 'while':
        return [{ label: `while ${text(instruction.condition)}`, block: instruction.body }];
      default:
        return [];
    }
  }
}

/** A phase that acts on no qubit in particular. */
const isGlobalPhase = (
  instruction: Instruction,
): instruction is GphaseInstruction & { readonly angle: number } =>
  instruction.kind === 'gphase' && typeof instruction.angle === 'number' && instruction.qubits === undefined;

function markOf(symbol: string, label: string): Mark {
  if (symbol === '■') return { kind: 'control', positive: true };
  if (symbol === '⊕') return { kind: 'target' };
  return symbol === '✕' ? { kind: 'swap' } : { kind: 'box', text: label };
}

/** `global phase: π/2`, or nothing for no phase. */
export const globalPhaseText = ({ globalPhase }: Layout, ascii: boolean): string | undefined =>
  globalPhase === 0 ? undefined : `global phase: ${angleText(globalPhase, ascii)}`;
