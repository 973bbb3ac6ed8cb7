import {
  type CircuitResult,
  countsLayout,
  orderCounts,
  type Program,
  readAqo,
  readResults,
} from '@qfs/circuit';
import { QfsError } from '@qfs/core';

/** Numbers of shots by outcome, or their shares. */
type Histogram = ReadonlyMap<string, number>;

/** The result of every circuit of a job, as it is stored; of a sweep the first one. */
export function circuitResults(bytes: Uint8Array): (index: number) => CircuitResult {
  const results = readResults(bytes);
  if (!results.ok) throw results.error;
  return (index) => {
    const result = results.value.items[index]?.results[0];
    if (result !== undefined) return result;
    throw new QfsError('ARTIFACT_NOT_FOUND', `The job has no results of circuit ${index}.`);
  };
}

/** The number that IonQ's clients know an outcome by: bit 0, which is qubit 0 of a JSON circuit, counts 1. */
const decimal = (key: string): string => {
  const bits = key.replaceAll(' ', '');
  return bits === '' ? '0' : BigInt(`0b${bits}`).toString();
};

export const histogram = ({ counts }: CircuitResult): Histogram =>
  new Map([...orderCounts(counts)].map(([key, count]) => [decimal(key), count]));

export const probabilities = (result: CircuitResult): Histogram => shares(histogram(result), result.shots);

const shares = (counts: Histogram, shots: number): Histogram =>
  new Map([...counts].map(([key, count]) => [key, count / shots]));

const noMemory = (): QfsError =>
  new QfsError('ARTIFACT_NOT_FOUND', 'The shots of this job were not kept one by one; read its histogram.');

/** The outcome of every shot in order, as its number. */
export function shots({ memory }: CircuitResult): string[] {
  if (memory === undefined) throw noMemory();
  return memory.map(decimal);
}

/** The register that holds every bit; in the second version of the formats bit 0 always comes first. */
const EVERYTHING = 'output_all';

/** Which characters of a count key, from the right and without spaces, belong to which register. */
export type Registers = ReadonlyMap<string, readonly number[]>;

/** The classical registers of a compiled program. */
export function registersOf(aqo: Uint8Array): Registers {
  const read = readAqo(aqo);
  if (!read.ok) throw new QfsError('ARTIFACT_CORRUPT', 'The compiled circuit of the job cannot be read.');
  return namedBits(read.value);
}

function namedBits(program: Program): Registers {
  const registers = new Map<string, number[]>();
  const bits = countsLayout(program).characters.filter((character) => character !== ' ');
  for (const [position, { variable, bit }] of bits.toReversed().entries()) {
    const { name } = program.variables[variable]!;
    const places = registers.get(name) ?? [];
    places[bit] = position;
    registers.set(name, places);
  }
  return registers;
}

/** The bits of each register for one count key, bit 0 first. */
function registerBits(key: string, registers: Registers): [name: string, bits: string][] {
  const bits = [...key.replaceAll(' ', '')].reverse();
  const named = [...registers].map(([name, places]): [string, string] => [
    name,
    places.map((place) => bits[place] ?? '0').join(''),
  ]);
  return [...named, [EVERYTHING, bits.join('')]];
}

export function registeredHistogram({ counts }: CircuitResult, registers: Registers) {
  const merged = new Map<string, Map<string, number>>();
  for (const [key, count] of orderCounts(counts)) {
    for (const [name, bits] of registerBits(key, registers)) {
      const register = merged.get(name) ?? new Map<string, number>();
      register.set(bits, (register.get(bits) ?? 0) + count);
      merged.set(name, register);
    }
  }
  return { histogram: { registers: merged } };
}

export function registeredProbabilities(result: CircuitResult, registers: Registers) {
  const { histogram: counted } = registeredHistogram(result, registers);
  const merged = [...counted.registers].map(
    ([name, counts]) => [name, shares(counts, result.shots)] as const,
  );
  return { probabilities: { registers: new Map(merged) } };
}

export function registeredShots({ memory }: CircuitResult, registers: Registers) {
  if (memory === undefined) throw noMemory();
  return {
    shots: memory.map((key) => ({
      registers: new Map(
        registerBits(key, registers).map(([name, bits]) => [name, [...bits].map(Number)] as const),
      ),
    })),
  };
}
