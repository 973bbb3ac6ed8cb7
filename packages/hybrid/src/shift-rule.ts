import {
  type Expression,
  type GateInstruction,
  type Instruction,
  type Program,
  readAqo,
  type Variable,
  writeAqo,
} from '@qfs/circuit';
import type { ParameterValues } from './hybrid-run.ts';
import type { Measured } from './loop.ts';
import { slopesOf, unavailable } from './slopes.ts';

/** One difference of values at shifted angles, with its weight. */
interface Difference {
  readonly shift: number;
  readonly weight: number;
}

const ROOT = Math.sqrt(2);
/**
 * The angle of a gate whose generator has two eigenvalues one apart, so that the expectation value is a sine
 * of it (Schuld et al., "Evaluating analytic gradients on quantum hardware", 2019).
 */
const TWO_TERMS: readonly Difference[] = [{ shift: Math.PI / 2, weight: 1 / 2 }];
/**
 * The same with the eigenvalues 0 and ±1/2 of controlled rotations (Anselmetti et al., "Local, expressive,
 * quantum-number-preserving VQE ansätze for fermionic systems", 2021).
 */
const FOUR_TERMS: readonly Difference[] = [
  { shift: Math.PI / 2, weight: (ROOT + 1) / (4 * ROOT) },
  { shift: (3 * Math.PI) / 2, weight: -(ROOT - 1) / (4 * ROOT) },
];

/** The rule for each parameter of a gate without control modifiers. */
const RULES: Readonly<Record<string, readonly (readonly Difference[] | undefined)[]>> = {
  rx: [TWO_TERMS],
  ry: [TWO_TERMS],
  rz: [TWO_TERMS],
  p: [TWO_TERMS],
  cp: [TWO_TERMS],
  rxx: [TWO_TERMS],
  ryy: [TWO_TERMS],
  rzz: [TWO_TERMS],
  rzx: [TWO_TERMS],
  r: [TWO_TERMS, undefined],
  u2: [TWO_TERMS, TWO_TERMS],
  u3: [TWO_TERMS, TWO_TERMS, TWO_TERMS],
  u: [TWO_TERMS, TWO_TERMS, TWO_TERMS],
  U: [TWO_TERMS, TWO_TERMS, TWO_TERMS],
  crx: [FOUR_TERMS],
  cry: [FOUR_TERMS],
  crz: [FOUR_TERMS],
  cu: [FOUR_TERMS, FOUR_TERMS, FOUR_TERMS, FOUR_TERMS],
  xx_plus_yy: [FOUR_TERMS, undefined],
};
/** With control modifiers the gates of one qubit are controlled rotations. */
const CONTROLLABLE: ReadonlySet<string> = new Set(['rx', 'ry', 'rz', 'p', 'u2', 'u3', 'u', 'U']);

/** An angle that depends on parameters, where it stands in the circuit. */
interface Occurrence {
  /** The input that shifts it. */
  readonly input: string;
  readonly angle: Expression;
  readonly differences: readonly Difference[];
}

/**
 * A circuit whose gradients are found from values alone: every angle that depends on parameters has an input
 * that shifts it. The derivative by a parameter is the sum, over the angles, of the derivative by the angle,
 * from values at shifted angles, times the derivative of the angle by the parameter.
 */
export class ShiftedCircuit {
  readonly aqo: Uint8Array;
  readonly #occurrences: readonly Occurrence[];
  readonly #names: readonly string[];
  readonly #program: Program;

  /**
   * @param aqo the compiled circuit
   * @param parameters names of the inputs to differentiate by, in order
   * @throws QfsError GRADIENT_UNAVAILABLE for gates and statements that have no rule
   */
  constructor(aqo: Uint8Array, parameters: readonly string[]) {
    const read = readAqo(aqo);
    if (!read.ok) throw read.error;
    const occurrences: Occurrence[] = [];
    const variables: Variable[] = [...read.value.variables];
    const addInput: AddInput = (angle, differences) => {
      const input = `shift_${occurrences.length}`;
      occurrences.push({ input, angle, differences });
      variables.push({ name: input, type: { kind: 'float', width: 64 }, role: 'input' });
      const right = { kind: 'variable', variable: variables.length - 1 } as const;
      return { kind: 'binary', operator: '+', left: angle, right };
    };
    const body = read.value.body.map((instruction) => shifted(instruction, addInput));
    this.#program = read.value;
    this.#names = parameters;
    this.#occurrences = occurrences;
    this.aqo = writeAqo({ ...read.value, variables, body });
  }

  /** The sets that the gradient at a set takes: the set itself, then with its angles shifted both ways. */
  sets(values: ParameterValues): ParameterValues[] {
    const still = Object.fromEntries(this.#occurrences.map(({ input }) => [input, 0]));
    const at = { ...values, ...still };
    const moved = this.#occurrences.flatMap(({ input, differences }) =>
      differences.flatMap(({ shift }) => [
        { ...at, [input]: shift },
        { ...at, [input]: -shift },
      ]),
    );
    return [at, ...moved];
  }

  /** Value and gradient from the values at these sets, in their order. */
  measured(values: ParameterValues, [here, ...moved]: readonly Measured[]): Measured {
    const gradient = this.#names.map(() => 0);
    let at = 0;
    for (const { angle, differences } of this.#occurrences) {
      let slope = 0;
      for (const { weight } of differences) {
        slope += weight * (moved[at]!.value - moved[at + 1]!.value);
        at += 2;
      }
      const inner = slopesOf(angle, this.#program, this.#names, values);
      for (const [k, factor] of inner.entries()) gradient[k]! += slope * factor;
    }
    return { value: here!.value, stdError: here!.stdError, gradient };
  }
}

/** Gives an angle another input that is added to it. */
type AddInput = (angle: Expression, differences: readonly Difference[]) => Expression;

/** The instruction with an input added to every angle that is no number. */
function shifted(instruction: Instruction, addInput: AddInput): Instruction {
  switch (instruction.kind) {
    case 'measure':
    case 'barrier':
      return instruction;
    case 'gphase': {
      // Without controls a phase is in no expectation value.
      const { angle, controls } = instruction;
      if (controls === undefined || typeof angle === 'number') return instruction;
      return { ...instruction, angle: addInput(angle, TWO_TERMS) };
    }
    case 'gate':
      return shiftedGate(instruction, addInput);
  }
  throw unavailable(`the circuit has "${instruction.kind}" besides gates and measurements`);
}

function shiftedGate(instruction: GateInstruction, addInput: AddInput): GateInstruction {
  const parameters = instruction.parameters.map((parameter, k) =>
    typeof parameter === 'number' ? parameter : addInput(parameter, ruleOf(instruction, k)),
  );
  return { ...instruction, parameters };
}

function ruleOf({ gate, controls }: GateInstruction, parameter: number): readonly Difference[] {
  const rule = RULES[gate]?.[parameter];
  if (rule === undefined) throw unavailable(`parameter ${parameter + 1} of ${gate} has no shift rule`);
  if (controls === undefined) return rule;
  if (!CONTROLLABLE.has(gate)) throw unavailable(`${gate} with control modifiers has no shift rule`);
  return FOUR_TERMS;
}
