import type {
  Argument,
  Block,
  ClassicalType,
  Expression,
  QubitOperand,
  Subroutine,
  Target,
} from '@qfs/circuit';
import { argumentsOf, constantIndex, operandsOf, partsOf, targetVariables } from '@qfs/circuit';
import { CLASSICAL_BITS_MAX } from '@qfs/core';
import type { Span } from '../findings.ts';
import type {
  ExpressionNode,
  HardwareQubit,
  MeasureNode,
  ParameterNode,
  ScopeNode,
  Statement,
} from '../syntax/ast.ts';
import { irName, originalParameter } from './annotations.ts';
import { asIndexed, requireName, requireTopLevel } from './declarations.ts';
import {
  arrayType,
  coerce,
  constantSize,
  lowerExpression,
  openArrayType,
  registerSize,
  resolveType,
} from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { lowerOperand, requireDistinct } from './operands.ts';
import { lowerStorage, lowerWritable } from './places.ts';
import { lowerStatements } from './statements.ts';
import type { ParameterMeaning, SubroutineSymbol } from './symbols.ts';
import { bitType, sameType, typeText, type Value } from './types.ts';

type CallNode = Extract<ExpressionNode, { kind: 'call' }>;

/** Does computing this call a subroutine, which may act on qubits? */
export const hasCall = (ir: Expression): boolean =>
  ir.kind === 'call' || operandsOf(ir).some(hasCall) || argumentsOf(ir).some(argumentHasCall);

const argumentHasCall = (argument: Argument): boolean => argument.kind === 'value' && hasCall(argument.value);

/** What an instruction may be given several times: a call is made once, before, and its value kept. */
export function evaluatedOnce(lowering: Lowering, value: Value, span: Span): Expression {
  if (!hasCall(value.ir)) return value.ir;
  const variable = lowering.addVariable('value', value.type, span, { role: 'local', inner: true });
  lowering.emit({ kind: 'assign', target: { kind: 'variable', variable }, value: value.ir }, span);
  return { kind: 'variable', variable };
}

/**
 * A definition becomes a subroutine of the program, with variables and qubits of its own. Its name is known
 * inside of it, so that it may call itself; the engine bounds how deep.
 */
export function lowerSubroutine(lowering: Lowering, node: Statement<'def'>): void {
  requireTopLevel(lowering, node, 'Subroutines');
  requireName(lowering, node.name);
  const parameters = node.parameters.map((parameter) => parameterMeaning(lowering, parameter));
  const result = node.result === undefined ? undefined : resolveType(lowering, node.result);
  const id = lowering.subroutines.length;
  const returns = result === undefined ? {} : { result };
  const hardware = hardwareOf(lowering, node.body);
  lowering.declare(node.name, { kind: 'subroutine', id, parameters, hardware, ...returns });
  const { errors } = lowering.findings;
  let placed: Subroutine['parameters'] = [];
  let body: Subroutine['body'] = [];
  const { variables } = lowering.inSubroutine(result, () => {
    placed = [
      ...parameters.map((parameter, at) => declareParameter(lowering, node, at, parameter)),
      ...hardware.map((number) => hardwareParameter(lowering, node, number)),
    ];
    body = lowering.collect(() =>
      lowering.scopes.nested(() => lowerStatements(lowering, node.body.statements)),
    );
  });
  // A `return` that is wrong has been reported, and may be the one that is missing.
  if (result !== undefined && lowering.findings.errors === errors && !mayReturn(body))
    lowering.fail('QASM_TYPE', node.name, `No path through \`${node.name.name}\` returns its value.`, {
      hint: 'end it with `return` and a value',
    });
  const name = irName(node, node.name.name);
  lowering.subroutines.push({ name, parameters: placed, ...returns, locals: variables, body });
}

/**
 * Is there a way through this block that does not reach its end? Whether every way is one depends on values,
 * so the engine ends what comes to the end of a subroutine without the value that it should return.
 */
const mayReturn = (block: Block): boolean =>
  block.some((instruction) => {
    const { kind } = instruction;
    return kind === 'return' || kind === 'end' || partsOf(instruction).blocks.some(mayReturn);
  });

/** Hardware qubits that a body names, or that a subroutine it calls does. */
function hardwareOf(lowering: Lowering, body: ScopeNode): string[] {
  const known = [...lowering.frame.hardware.keys()];
  if (known.length === 0) return [];
  lowering.spend(body.end - body.start, body);
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('kind' in node && node.kind === 'hardwareQubit') found.add((node as HardwareQubit).number);
    if ('kind' in node && node.kind === 'call') {
      const called = lowering.scopes.find((node as CallNode).name.name)?.meaning;
      if (called?.kind === 'subroutine') {
        lowering.spend(called.hardware.length, body);
        for (const number of called.hardware) found.add(number);
      }
    }
    for (const part of Object.values(node)) visit(part);
  };
  visit(body);
  return known.filter((number) => found.has(number));
}

function hardwareParameter(lowering: Lowering, span: Span, number: string): Subroutine['parameters'][number] {
  const [offset] = lowering.addQubits(1, span) as [number];
  lowering.frame.hardware.set(number, offset);
  return { kind: 'qubits', offset, size: 1 };
}

function parameterMeaning(lowering: Lowering, { type }: ParameterNode): ParameterMeaning {
  switch (type.kind) {
    case 'qubitType':
      return {
        kind: 'qubits',
        size: type.designator === undefined ? 1 : registerSize(lowering, type.designator),
      };
    case 'oldStyleType':
      if (type.keyword === 'qreg')
        return {
          kind: 'qubits',
          size: type.designator === undefined ? 1 : registerSize(lowering, type.designator),
        };
      return {
        kind: 'value',
        type: bitType(
          type.designator === undefined ? 1 : constantSize(lowering, type.designator, CLASSICAL_BITS_MAX),
        ),
      };
    case 'arrayReference':
      return {
        kind: 'reference',
        type:
          'sizes' in type.dimensions
            ? arrayType(lowering, type, type.element, type.dimensions.sizes)
            : openArrayType(lowering, type.element, type.dimensions.count),
        isReadonly: type.access === 'readonly',
      };
    case 'scalarType':
      return { kind: 'value', type: resolveType(lowering, type) };
  }
}

function declareParameter(
  lowering: Lowering,
  definition: Statement<'def'>,
  at: number,
  parameter: ParameterMeaning,
): Subroutine['parameters'][number] {
  const node = definition.parameters[at]!;
  requireName(lowering, node.name);
  const isPlain = 'designator' in node.type ? node.type.designator === undefined : true;
  if (parameter.kind === 'qubits') {
    const qubits = lowering.addQubits(parameter.size, node);
    lowering.declare(node.name, { kind: 'qubits', qubits, isSingle: isPlain });
    return { kind: 'qubits', offset: qubits[0]!, size: parameter.size };
  }
  const { kind, type } = parameter;
  const isLoose = type.kind === 'bit' && isPlain;
  const name = originalParameter(definition, node.name.name);
  const variable = lowering.addVariable(name, type, node, {
    role: 'local',
    ...(isLoose ? { loose: true } : {}),
  });
  const isReadonly = parameter.kind === 'reference' && parameter.isReadonly;
  lowering.declare(node.name, { kind: 'variable', id: variable, type, isLoose, isReadonly });
  return { kind, variable };
}

/** A call with its arguments checked; without a type if it returns nothing. */
export function lowerCall(
  lowering: Lowering,
  node: CallNode,
  symbol: SubroutineSymbol,
): { readonly ir: Expression; readonly type?: ClassicalType } {
  const wanted = symbol.parameters.length;
  if (node.arguments.length !== wanted) {
    lowering.fail(
      'QASM_ARITY',
      node,
      `\`${node.name.name}\` takes ${wanted} argument${wanted === 1 ? '' : 's'}, not ${node.arguments.length}.`,
    );
  }
  const given = symbol.parameters.map((parameter, at) =>
    lowerArgument(lowering, node.arguments[at]!, parameter),
  );
  const hardware = symbol.hardware.map(
    (number): Argument => ({ kind: 'qubits', qubits: [lowering.frame.hardware.get(number)!] }),
  );
  given.push(...hardware);
  const qubits = given.flatMap((argument) => (argument.kind === 'qubits' ? argument.qubits : []));
  lowering.spend(qubits.length, node);
  requireDistinct(lowering, qubits, node);
  requireApart(lowering, symbol.parameters, given, node);
  return {
    ir: { kind: 'call', subroutine: symbol.id, arguments: given },
    ...(symbol.result === undefined ? {} : { type: symbol.result }),
  };
}

function lowerArgument(lowering: Lowering, node: ExpressionNode, parameter: ParameterMeaning): Argument {
  if (parameter.kind === 'qubits')
    return { kind: 'qubits', qubits: qubitArgument(lowering, node, parameter.size) };
  if (parameter.kind === 'reference')
    return { kind: 'reference', target: arrayArgument(lowering, node, parameter) };
  const value = coerce(lowering, node, lowerExpression(lowering, node), parameter.type);
  return { kind: 'value', value: value.ir };
}

function qubitArgument(lowering: Lowering, node: ExpressionNode, size: number): readonly QubitOperand[] {
  const { qubits } = lowerOperand(lowering, asIndexed(lowering, node), true);
  if (qubits.length === size) return qubits;
  return lowering.fail(
    'QASM_SIZE_MISMATCH',
    node,
    `The parameter takes ${size} qubit${size === 1 ? '' : 's'}, but ${qubits.length} ${qubits.length === 1 ? 'is' : 'are'} given.`,
  );
}

/** The array, or the part of one, that a call reads and may change. */
function arrayArgument(
  lowering: Lowering,
  node: ExpressionNode,
  { type, isReadonly }: Extract<ParameterMeaning, { kind: 'reference' }>,
): Target {
  const indexed = asIndexed(lowering, node);
  if (indexed.kind === 'indexed') {
    const storage = isReadonly
      ? lowerStorage(lowering, indexed, ({ ir }) => ir)
      : lowerWritable(lowering, indexed);
    if (storage.kind === 'place' && sameType(storage.type, type)) return storage.target;
  }
  return lowering.fail('QASM_TYPE', node, `The parameter takes an array of type ${typeText(type)}.`);
}

/** Reports a variable that a call changes through two parameters, if one of them is given all of it. */
function requireApart(
  lowering: Lowering,
  parameters: readonly ParameterMeaning[],
  given: readonly Argument[],
  span: Span,
): void {
  const whole = new Set<number>();
  const touched: number[] = [];
  parameters.forEach((parameter, at) => {
    const argument = given[at]!;
    if (parameter.kind !== 'reference' || parameter.isReadonly || argument.kind !== 'reference') return;
    touched.push(...targetVariables(argument.target));
    if (argument.target.kind === 'variable') whole.add(argument.target.variable);
  });
  const twice = touched.find((variable, at) => whole.has(variable) && touched.indexOf(variable) !== at);
  if (twice !== undefined)
    lowering.fail('QASM_TYPE', span, 'Two parameters that the call may change are parts of one array.');
}

/** An expression on its own matters only for the calls in it. */
export function lowerExpressionStatement(lowering: Lowering, node: Statement<'expression'>): void {
  const { expression } = node;
  const called = expression.kind === 'call' ? lowering.scopes.find(expression.name.name)?.meaning : undefined;
  const { ir } =
    expression.kind === 'call' && called?.kind === 'subroutine'
      ? lowerCall(lowering, expression, called)
      : lowerExpression(lowering, expression);
  if (hasCall(ir)) lowering.emit({ kind: 'evaluate', value: ir }, node);
}

export function lowerReturn(lowering: Lowering, node: Statement<'return'>): void {
  const { isSubroutine, result } = lowering.frame;
  if (!isSubroutine) lowering.fail('QASM_CONTEXT', node, '`return` stands outside of a subroutine.');
  if (result === undefined) {
    if (node.value !== undefined)
      lowering.fail('QASM_TYPE', node.value, 'This subroutine returns no value.', {
        hint: 'write the type of the value behind the parameters: `-> bit`',
      });
    lowering.emit({ kind: 'return' }, node);
    return;
  }
  if (node.value === undefined)
    lowering.fail('QASM_TYPE', node, `This subroutine returns a value of type ${typeText(result)}.`);
  const value =
    node.value.kind === 'measure'
      ? measuredValue(lowering, node.value)
      : lowerExpression(lowering, node.value);
  lowering.emit({ kind: 'return', value: coerce(lowering, node.value, value, result).ir }, node);
}

/** Measures into a variable without a name in the program. */
function measuredValue(lowering: Lowering, node: MeasureNode): Value {
  const { qubits, isSingle } = lowerOperand(lowering, node.operand);
  const type = bitType(qubits.length);
  const variable = lowering.addVariable('value', type, node, {
    role: 'local',
    inner: true,
    ...(isSingle ? { loose: true } : {}),
  });
  const whole: Target = { kind: 'variable', variable };
  qubits.forEach((qubit, at) => {
    const target: Target = isSingle ? whole : { kind: 'index', base: whole, index: constantIndex(at) };
    lowering.emit({ kind: 'measure', qubit, target }, node);
  });
  return { type, ir: { kind: 'variable', variable } };
}
