import type {
  Argument,
  Block,
  Expression,
  ForRange,
  Instruction,
  Parameter,
  QubitOperand,
  Selector,
  Target,
  VariableId,
} from '@qfs/circuit';

/** What stands for the variables and qubits of a block somewhere else. */
export interface Substitution {
  variable(id: VariableId): VariableId;
  /** The index of a choice is substituted already. */
  qubit(operand: QubitOperand): QubitOperand;
}

/** The same block with other variables and qubits. */
export const substituteBlock = (block: Block, by: Substitution): Block =>
  block.map((instruction) => substituteInstruction(instruction, by));

function substituteInstruction(instruction: Instruction, by: Substitution): Instruction {
  const value = (expression: Expression): Expression => substituteExpression(expression, by);
  switch (instruction.kind) {
    case 'gate': {
      const { parameters, qubits } = instruction;
      return { ...instruction, parameters: parametersOf(parameters, by), qubits: operandsOf(qubits, by) };
    }
    case 'gphase': {
      const [angle = instruction.angle] = parametersOf([instruction.angle], by);
      const { qubits } = instruction;
      return { ...instruction, angle, ...(qubits && { qubits: operandsOf(qubits, by) }) };
    }
    case 'measure': {
      const { target } = instruction;
      const qubit = operandOf(instruction.qubit, by);
      return { ...instruction, qubit, ...(target && { target: substituteTarget(target, by) }) };
    }
    case 'reset':
      return { ...instruction, qubit: operandOf(instruction.qubit, by) };
    case 'barrier':
      return { ...instruction, qubits: operandsOf(instruction.qubits, by) };
    case 'delay': {
      const { duration, qubits } = instruction;
      return { ...instruction, duration: value(duration), qubits: operandsOf(qubits, by) };
    }
    case 'assign': {
      const target = substituteTarget(instruction.target, by);
      return { ...instruction, target, value: value(instruction.value) };
    }
    case 'evaluate':
      return { ...instruction, value: value(instruction.value) };
    case 'return':
      return { ...instruction, ...(instruction.value && { value: value(instruction.value) }) };
    default:
      return substituteControlFlow(instruction, by);
  }
}

function substituteControlFlow(instruction: Instruction, by: Substitution): Instruction {
  const value = (expression: Expression): Expression => substituteExpression(expression, by);
  const inner = (block: Block): Block => substituteBlock(block, by);
  switch (instruction.kind) {
    case 'box': {
      const { body, duration } = instruction;
      return { ...instruction, ...(duration && { duration: value(duration) }), body: inner(body) };
    }
    case 'while':
      return { ...instruction, condition: value(instruction.condition), body: inner(instruction.body) };
    case 'for': {
      const variable = by.variable(instruction.variable);
      return { ...instruction, variable, over: rangeOf(instruction.over, by), body: inner(instruction.body) };
    }
    case 'if': {
      const { condition, body, otherwise } = instruction;
      const rest = otherwise && { otherwise: inner(otherwise) };
      return { ...instruction, condition: value(condition), body: inner(body), ...rest };
    }
    case 'switch': {
      const { subject, otherwise } = instruction;
      const cases = instruction.cases.map(({ values, body }) => ({ values, body: inner(body) }));
      const rest = otherwise && { otherwise: inner(otherwise) };
      return { ...instruction, subject: value(subject), cases, ...rest };
    }
    default:
      return instruction;
  }
}

const parametersOf = (parameters: readonly Parameter[], by: Substitution): readonly Parameter[] =>
  parameters.map((parameter) =>
    typeof parameter === 'number' ? parameter : substituteExpression(parameter, by),
  );

const operandsOf = (operands: readonly QubitOperand[], by: Substitution): readonly QubitOperand[] =>
  operands.map((operand) => operandOf(operand, by));

const operandOf = (operand: QubitOperand, by: Substitution): QubitOperand =>
  by.qubit(
    typeof operand === 'number' ? operand : { ...operand, index: substituteExpression(operand.index, by) },
  );

function rangeOf(range: ForRange, by: Substitution): ForRange {
  const value = (expression: Expression): Expression => substituteExpression(expression, by);
  switch (range.kind) {
    case 'range':
      return { ...range, start: value(range.start), step: value(range.step), stop: value(range.stop) };
    case 'set':
      return { ...range, values: range.values.map(value) };
    case 'elements':
      return { ...range, array: value(range.array) };
  }
}

export function substituteExpression(expression: Expression, by: Substitution): Expression {
  const value = (part: Expression): Expression => substituteExpression(part, by);
  switch (expression.kind) {
    case 'variable':
      return { ...expression, variable: by.variable(expression.variable) };
    case 'index':
      return { ...expression, base: value(expression.base), index: value(expression.index) };
    case 'slice': {
      const { base, start, step, stop } = expression;
      return { ...expression, base: value(base), start: value(start), step: value(step), stop: value(stop) };
    }
    case 'select':
      return {
        ...expression,
        base: value(expression.base),
        selectors: selectorsOf(expression.selectors, by),
      };
    case 'unary':
    case 'cast':
      return { ...expression, operand: value(expression.operand) };
    case 'binary':
      return { ...expression, left: value(expression.left), right: value(expression.right) };
    case 'builtin':
      return { ...expression, arguments: expression.arguments.map(value) };
    case 'call':
      return { ...expression, arguments: expression.arguments.map((argument) => argumentOf(argument, by)) };
    default:
      return expression;
  }
}

function argumentOf(argument: Argument, by: Substitution): Argument {
  switch (argument.kind) {
    case 'value':
      return { ...argument, value: substituteExpression(argument.value, by) };
    case 'reference':
      return { ...argument, target: substituteTarget(argument.target, by) };
    case 'qubits':
      return { ...argument, qubits: operandsOf(argument.qubits, by) };
  }
}

function substituteTarget(target: Target, by: Substitution): Target {
  switch (target.kind) {
    case 'variable':
      return { ...target, variable: by.variable(target.variable) };
    case 'index':
      return {
        ...target,
        base: substituteTarget(target.base, by),
        index: substituteExpression(target.index, by),
      };
    case 'select':
      return {
        ...target,
        base: substituteTarget(target.base, by),
        selectors: selectorsOf(target.selectors, by),
      };
    case 'join':
      return { ...target, parts: target.parts.map((part) => substituteTarget(part, by)) };
  }
}

const selectorsOf = (selectors: readonly Selector[], by: Substitution): readonly Selector[] =>
  selectors.map((selector) => selectorOf(selector, by));

function selectorOf(selector: Selector, by: Substitution): Selector {
  const value = (expression: Expression): Expression => substituteExpression(expression, by);
  switch (selector.kind) {
    case 'index':
      return { ...selector, index: value(selector.index) };
    case 'set':
      return { ...selector, indices: selector.indices.map(value) };
    case 'range': {
      const { start, step, stop } = selector;
      return {
        ...selector,
        ...(start && { start: value(start) }),
        ...(step && { step: value(step) }),
        ...(stop && { stop: value(stop) }),
      };
    }
  }
}
