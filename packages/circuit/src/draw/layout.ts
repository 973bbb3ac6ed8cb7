import { DRAWING_CELLS_MAX, DRAWING_OPERATIONS_MAX, DRAWING_WIRES_MAX } from '@qfs/core';
import type { Block, Expression, GphaseInstruction, Instruction, Program, VariableId } from '../ir.ts';
import { partsOf, TouchedCollector, touchedQubits } from '../parts.ts';
import { type Item, ItemBuilder, type Unplaced } from './items.ts';
import { angleText, expressionText, type Labels, rangeText, shorten } from './labels.ts';

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

class Placement {
  readonly #program: Program;
  readonly #labels: Labels;
  readonly #builder: ItemBuilder;
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
    this.#builder = new ItemBuilder(this.#labels, this.#qubitWires, this.#variableWires);
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
    const touched = new TouchedCollector().ofBlock(body);
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
      else this.#place(this.#builder.itemOf(instruction, wires));
    }
  }

  /** A construct is drawn as boxes over all its wires, before, between and after its blocks. */
  #placeControlFlow(instruction: Instruction): void {
    const wires = this.#builder.wiresOf(instruction);
    const conditional = this.#builder.conditionalGate(instruction);
    if (conditional !== undefined) {
      this.#place(conditional);
      return;
    }
    const sections = this.#sectionsOf(instruction);
    this.#depth += 1;
    for (const { label, block } of sections) {
      this.#place(this.#builder.box(wires, label, 'control-flow'));
      this.#placeBlock(block, wires);
    }
    this.#depth -= 1;
    this.#place(this.#builder.box(wires, `end ${instruction.kind}`, 'control-flow'));
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

/** `global phase: π/2`, or nothing for no phase. */
export const globalPhaseText = ({ globalPhase }: Layout, ascii: boolean): string | undefined =>
  globalPhase === 0 ? undefined : `global phase: ${angleText(globalPhase, ascii)}`;
