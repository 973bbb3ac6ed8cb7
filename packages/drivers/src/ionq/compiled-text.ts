import { QfsError } from '@qfs/core';
import type { Binding } from '@qfs/simulator';

type InputValue = Binding extends ReadonlyMap<string, infer Value> ? Value : never;

/** What a compiled circuit's OpenQASM 3, as our compiler writes it, says about its results. */
export interface CompiledText {
  readonly qubits: number;
  /**
   * Widths of the groups of a count key, leftmost first: registers in reverse order of declaration,
   * consecutive loose bits together.
   */
  readonly groups: readonly number[];
  /** Numbers of the qubits by their text, such as `q[0]`. */
  readonly qubitNumbers: ReadonlyMap<string, number>;
  /** Places of the bits in a count key by their text, counted from its right end without the spaces. */
  readonly bitPlaces: ReadonlyMap<string, number>;
}

/** One declaration to a line: the form in which the compiler writes them. */
const BITS = /^(?<output>output )?bit(?:\[(?<width>\d+)\])? (?<name>\S+);$/u;
const INPUT = /^input (?<type>.+) (?<name>[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_]*);$/u;
const QUBITS = /^qubit(?:\[(?<width>\d+)\])? (?<name>\S+);$/u;
const OUTPUT = /^output /u;
/** Written in front of a variable that was declared inside a block; results do not show it. */
const INNER = '@qfs.inner';

function refuse(message: string): never {
  throw new QfsError('JOB_SPEC_INVALID', message);
}

/**
 * Reads a compiled circuit.
 * @throws QfsError JOB_SPEC_INVALID for text that no compiler of ours wrote; NOT_IMPLEMENTED for outputs
 *   that are no bits
 */
export function readCompiledText(text: string): CompiledText {
  if (!text.startsWith('OPENQASM 3')) refuse('The circuit is no OpenQASM 3 program.');
  const lines = topLevel(text);
  const hasOutputs = lines.some((line) => OUTPUT.test(line));
  const groups: number[] = [];
  const qubitNumbers = new Map<string, number>();
  const bitPlaces = new Map<string, number>();
  let loose = false;
  for (const [index, line] of lines.entries()) {
    const qubits = QUBITS.exec(line)?.groups;
    if (qubits !== undefined) number(qubitNumbers, qubits);
    const bits = BITS.exec(line)?.groups;
    if (bits === undefined) {
      if (OUTPUT.test(line)) {
        throw new QfsError('NOT_IMPLEMENTED', `The device reports bits alone; it cannot report "${line}".`);
      }
      continue;
    }
    if (lines[index - 1] === INNER || (hasOutputs && bits.output === undefined)) continue;
    const alone = bits.width === undefined;
    if (alone && loose) groups[0] = (groups[0] ?? 0) + 1;
    else groups.unshift(Number(bits.width ?? 1));
    number(bitPlaces, bits);
    loose = alone;
  }
  return { qubits: qubitNumbers.size, groups, qubitNumbers, bitPlaces };
}

/** Numbers the elements of a register, or what was declared alone, after those before. */
function number(numbers: Map<string, number>, declared: Readonly<Record<string, string | undefined>>): void {
  const { name = '', width } = declared;
  if (width === undefined) numbers.set(name, numbers.size);
  else for (let index = 0; index < Number(width); index += 1) numbers.set(`${name}[${index}]`, numbers.size);
}

/** The declarations: all of them stand before the first statement that acts, and none is indented. */
const topLevel = (text: string): string[] => text.split('\n').filter((line) => /^(?:@|\w)/u.test(line));

/**
 * Puts values in the place of the inputs.
 * @throws QfsError PARAMETER_UNBOUND, NOT_IMPLEMENTED
 */
export function bindInputs(text: string, binding: Binding): string {
  const lines = text.split('\n').map((line) => {
    const { type, name } = INPUT.exec(line)?.groups ?? {};
    if (type === undefined || name === undefined) return line;
    const value = binding.get(name);
    if (value === undefined) throw new QfsError('PARAMETER_UNBOUND', `Input "${name}" has no value.`);
    return `const ${type} ${name} = ${literal(type, name, value)};`;
  });
  return lines.join('\n');
}

function literal(type: string, name: string, value: InputValue): string {
  if (typeof value === 'object' || type.startsWith('array')) {
    throw new QfsError(
      'NOT_IMPLEMENTED',
      `Input "${name}" is an array, which the device cannot be given; write its values into the program.`,
    );
  }
  if (typeof value !== 'string') return String(value);
  if (type.startsWith('bit') && /^[01]+$/.test(value)) return `"${value}"`;
  // An integer beyond the numbers of JSON.
  if (/^-?\d+$/.test(value)) return value;
  return refuse(`Input "${name}" is "${value.slice(0, 40)}", which is no value of type ${type}.`);
}

/** The count key of an outcome that IonQ names by its number, bit 0 counting 1. */
export function countKey(outcome: bigint, groups: readonly number[]): string {
  const width = groups.reduce((sum, size) => sum + size, 0);
  const bits = outcome.toString(2).padStart(width, '0');
  let at = 0;
  return groups
    .map((size) => {
      at += size;
      return bits.slice(at - size, at);
    })
    .join(' ');
}
