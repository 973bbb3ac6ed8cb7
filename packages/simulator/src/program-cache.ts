import {
  aqoDigest,
  type CountsLayout,
  countsLayout,
  type Instruction,
  type Program,
  readAqo,
} from '@qfs/circuit';
import { GateCache } from './gate-cache.ts';
import { type Structure, structureOfProgram } from './structure.ts';

/** A program that was read, and what can be said of it before anything is bound. */
export class ReadProgram {
  readonly program: Program;
  readonly structure: Structure;
  readonly layout: CountsLayout;
  readonly aqoDigest: string;
  /** Does it consist of gates, and measurements at its end? */
  readonly isStraight: boolean;
  #gates = new GateCache();
  #places: Int32Array = new Int32Array();

  /** Throws the QfsError of a document that cannot be read. */
  constructor(aqo: Uint8Array) {
    const read = readAqo(aqo);
    if (!read.ok) throw read.error;
    this.program = read.value;
    this.structure = structureOfProgram(this.program);
    this.isStraight = this.structure.terminal && isStraight(this.program);
    this.layout = countsLayout(this.program);
    this.aqoDigest = aqoDigest(aqo);
  }

  /** Gates of the program without noise, for qubits at these places of the state vector. */
  gatesOn(places: Int32Array): GateCache {
    if (!isEqual(places, this.#places)) {
      this.#gates = new GateCache();
      this.#places = places;
    }
    return this.#gates;
  }
}

const STRAIGHT: ReadonlySet<Instruction['kind']> = new Set(['gate', 'gphase', 'barrier', 'delay', 'measure']);

const isStraight = ({ body, subroutines }: Program): boolean =>
  subroutines.length === 0 && body.every(({ kind }) => STRAIGHT.has(kind));

/** Documents that a cache holds at most, and their bytes: what is read of one takes many times its bytes. */
const PROGRAMS_MAX = 16;
const PROGRAMS_BYTES_MAX = 1024 * 1024;

/**
 * Programs that ran lately, so that a circuit which comes again with other values for its inputs is not
 * read again.
 * They are known by their bytes. What is found here is what reading would give, so that nobody can tell
 * by a result
 * whether it was.
 */
export class ProgramCache {
  /** In the order of their last use. */
  #programs: { readonly aqo: Uint8Array; readonly read: ReadProgram }[] = [];

  read(aqo: Uint8Array): ReadProgram {
    const at = this.#programs.findIndex((known) => isEqual(known.aqo, aqo));
    const found = at < 0 ? { aqo, read: new ReadProgram(aqo) } : this.#programs[at]!;
    if (at !== 0) this.#keep(found);
    return found.read;
  }

  #keep(newest: { readonly aqo: Uint8Array; readonly read: ReadProgram }): void {
    let bytes = 0;
    this.#programs = [newest, ...this.#programs.filter((known) => known !== newest)]
      .slice(0, PROGRAMS_MAX)
      .filter(({ aqo }) => {
        bytes += aqo.byteLength;
        return bytes <= PROGRAMS_BYTES_MAX;
      });
  }
}

function isEqual(a: Uint8Array | Int32Array, b: Uint8Array | Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
