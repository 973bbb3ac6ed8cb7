import type { ClassicalType, Expression, VariableId } from '@qfs/circuit';
import { OPENQASM2_CONDITION_BITS_MAX } from '@qfs/core';

/** A condition as OpenQASM 2 can ask it: one register has one of these values. */
export interface RegisterCondition {
  readonly variable: VariableId;
  readonly values: readonly bigint[];
}

interface Variables {
  readonly variables: readonly { readonly type: ClassicalType }[];
}

/** The values of one register for which an expression holds; undefined if it depends on anything else. */
export function registerCondition(
  { variables }: Variables,
  condition: Expression,
): RegisterCondition | undefined {
  const variable = onlyVariable(condition);
  const type = variable === undefined ? undefined : variables[variable]!.type;
  if (variable === undefined || type?.kind !== 'bit') return undefined;
  if (condition.kind === 'binary' && condition.operator === '==' && condition.left.kind === 'variable')
    return condition.right.kind === 'bits'
      ? { variable, values: [BigInt(`0b${condition.right.value}`)] }
      : undefined;
  if (type.width > OPENQASM2_CONDITION_BITS_MAX) return undefined;
  const values: bigint[] = [];
  for (let value = 0n; value < 1n << BigInt(type.width); value++) {
    const outcome = evaluate(condition, value);
    if (outcome === undefined) return undefined;
    if (outcome !== 0n) values.push(value);
  }
  return { variable, values };
}

/** The other values of the register; undefined if they are too many to list. */
export function otherwise(
  { variables }: Variables,
  { variable, values }: RegisterCondition,
): RegisterCondition | undefined {
  const { type } = variables[variable]!;
  if (type.kind !== 'bit' || type.width > OPENQASM2_CONDITION_BITS_MAX) return undefined;
  const all = Array.from({ length: 2 ** type.width }, (_, value) => BigInt(value));
  return { variable, values: all.filter((value) => !values.includes(value)) };
}

function onlyVariable(ir: Expression): VariableId | undefined {
  switch (ir.kind) {
    case 'variable':
      return ir.variable;
    case 'index':
      return onlyVariable(ir.base);
    case 'unary':
    case 'cast':
      return onlyVariable(ir.operand);
    case 'binary': {
      const left = onlyVariable(ir.left);
      const right = onlyVariable(ir.right);
      return left === undefined || right === undefined || left === right ? (left ?? right) : undefined;
    }
    default:
      return undefined;
  }
}

const truth = (value: boolean): bigint => (value ? 1n : 0n);

/** The value of an expression over bits for a value of the register; undefined for what is rarely asked. */
function evaluate(ir: Expression, register: bigint): bigint | undefined {
  switch (ir.kind) {
    case 'variable':
      return register;
    case 'bits':
      return BigInt(`0b${ir.value}`);
    case 'int':
      return ir.value;
    case 'bool':
      return truth(ir.value);
    case 'index':
      return ir.base.kind === 'variable' && ir.index.kind === 'int' && ir.index.value >= 0n
        ? (register >> ir.index.value) & 1n
        : undefined;
    case 'cast': {
      const value = evaluate(ir.operand, register);
      if (ir.type.kind !== 'bool') return undefined;
      return value === undefined ? undefined : truth(value !== 0n);
    }
    case 'unary': {
      const value = evaluate(ir.operand, register);
      return ir.operator === '!' && value !== undefined ? truth(value === 0n) : undefined;
    }
    case 'binary': {
      const left = evaluate(ir.left, register);
      const right = evaluate(ir.right, register);
      return left === undefined || right === undefined ? undefined : combine(ir.operator, left, right);
    }
    default:
      return undefined;
  }
}

function combine(operator: string, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case '==':
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '&&':
      return truth(left !== 0n && right !== 0n);
    case '||':
      return truth(left !== 0n || right !== 0n);
    default:
      return undefined;
  }
}
