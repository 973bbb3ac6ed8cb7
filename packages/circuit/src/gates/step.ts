import { assert } from '@qfs/core';
import type { Expression, Parameter } from '../ir.ts';

/** `pi·π + Σ factor·parameter`: every angle of the gate table is of this form. */
export interface AngleForm {
  /** Multiple of π. */
  readonly pi: number;
  /** One factor per parameter of the gate that the form belongs to. */
  readonly factors: readonly number[];
}

/** One gate applied inside the definition of another. */
export interface GateStep {
  readonly gate: string;
  readonly controlled: boolean;
  readonly parameters: readonly AngleForm[];
  /** Operand numbers of the gate that is being defined. */
  readonly qubits: readonly number[];
}

/** Name, parameters and qubits as they are written in a gate definition. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly qubits: readonly string[];
}

const list = (text: string | undefined): string[] =>
  text === undefined || text.trim() === '' ? [] : text.split(',').map((item) => item.trim());

const STEP = /^(?<ctrl>ctrl @ )?(?<name>\w+)(?:\((?<parameters>[^)]*)\))?(?<qubits>[ \w,]*)$/;

function split(text: string): { name: string; controlled: boolean; parameters: string[]; qubits: string[] } {
  const groups = STEP.exec(text.trim())?.groups;
  assert(groups?.name !== undefined, () => `gate table: cannot read '${text}'`);
  return {
    name: groups.name,
    controlled: groups.ctrl !== undefined,
    parameters: list(groups.parameters),
    qubits: list(groups.qubits),
  };
}

/** Reads `cu(theta, phi, lambda, gamma) a, b`. */
export function parseSignature(text: string): Signature {
  const { name, parameters, qubits } = split(text);
  return { name, parameters, qubits };
}

/** Reads gate calls separated by semicolons, for example `rz(theta/2) b; ctrl @ sx a, b`. */
export function parseSteps(text: string, signature: Signature): GateStep[] {
  return text.split(';').map((step) => {
    const { name, controlled, parameters, qubits } = split(step);
    return {
      gate: name,
      controlled,
      parameters: parameters.map((angle) => parseAngle(angle, signature.parameters)),
      qubits: qubits.map((qubit) => {
        const operand = signature.qubits.indexOf(qubit);
        assert(operand >= 0, () => `gate table: no qubit '${qubit}' in '${text}'`);
        return operand;
      }),
    };
  });
}

const TERM = /\s*([+-]?)\s*([a-z]+|\d+)\s*(?:\/\s*(\d+))?\s*/y;

/** Reads a sum of terms such as `gamma - theta/2` or `-pi/4`. */
function parseAngle(text: string, names: readonly string[]): AngleForm {
  const factors = names.map(() => 0);
  let pi = 0;
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const term = TERM.exec(text);
    assert(term !== null, () => `gate table: cannot read the angle '${text}'`);
    const [, sign, name = '', divisor] = term;
    const factor = (sign === '-' ? -1 : 1) / Number(divisor ?? 1);
    if (name === 'pi') pi += factor;
    else if (name !== '0') {
      const index = names.indexOf(name);
      assert(index >= 0, () => `gate table: no parameter '${name}' in '${text}'`);
      factors[index] = (factors[index] ?? 0) + factor;
    }
  }
  return { pi, factors };
}

/** The angle for these parameters: a number when all that count are numbers, otherwise an expression. */
export function angleOf(form: AngleForm, parameters: readonly Parameter[]): Parameter {
  let constant = form.pi * Math.PI;
  let symbolic: Expression | undefined;
  form.factors.forEach((factor, index) => {
    const parameter = parameters[index];
    assert(parameter !== undefined, () => `parameter ${index} of a gate is missing`);
    if (factor === 0) return;
    if (typeof parameter === 'number') constant += factor * parameter;
    else
      symbolic =
        symbolic === undefined ? scaled(parameter, factor) : sum(symbolic, scaled(parameter, factor));
  });
  if (symbolic === undefined) return constant;
  return constant === 0 ? symbolic : sum(symbolic, { kind: 'float', value: constant });
}

const sum = (left: Expression, right: Expression): Expression => ({
  kind: 'binary',
  operator: '+',
  left,
  right,
});

function scaled(expression: Expression, factor: number): Expression {
  if (factor === 1) return expression;
  if (factor === -1) return { kind: 'unary', operator: '-', operand: expression };
  return { kind: 'binary', operator: '*', left: { kind: 'float', value: factor }, right: expression };
}
