import { printOpenQasm2 } from './openqasm2/spelling.ts';
import {
  printDesignator,
  printExpression,
  printIndexed,
  printOperand,
  printRange,
  printSet,
  printType,
  printValue,
} from './print-expression.ts';
import type {
  Annotation,
  ArrayReferenceType,
  GateCallNode,
  GateOperand,
  ModifierNode,
  OldStyleTypeNode,
  ParameterNode,
  ParameterType,
  ProgramNode,
  ScalarTypeNode,
  Statement,
  StatementNode,
} from './syntax/ast.ts';

const INDENT = '  ';

/**
 * The program as text. Reading it back gives the same tree (apart from offsets), and printing that the same
 * text.
 */
export function printProgram(program: ProgramNode): string {
  const { version } = program;
  const minor = version?.minor === undefined ? '' : `.${version.minor}`;
  const header = version === undefined ? '' : `OPENQASM ${version.major}${minor};\n`;
  const print = (statement: StatementNode): string => printStatement(statement, '');
  const lines = program.statements.map((statement) =>
    version?.major === 2 ? printOpenQasm2(statement, print) : print(statement),
  );
  return header + lines.map((line) => `${line}\n`).join('');
}

/** A block in braces; `indent` is the indentation of the line it begins on. */
export function printBlock(node: { readonly statements: readonly StatementNode[] }, indent: string): string {
  if (node.statements.length === 0) return '{}';
  const inner = indent + INDENT;
  return `{\n${node.statements.map((statement) => `${inner}${printStatement(statement, inner)}\n`).join('')}${indent}}`;
}

function printStatement(node: StatementNode, indent: string): string {
  const annotations = (node.annotations ?? [])
    .map((annotation) => `${printAnnotation(annotation)}\n${indent}`)
    .join('');
  return annotations + printBare(node, indent);
}

const printAnnotation = ({ name, content }: Annotation): string =>
  `@${name}${content === '' ? '' : ` ${content}`}`;

const list = (items: readonly string[]): string => items.join(', ');
const names = (items: readonly { readonly name: string }[]): string => list(items.map(({ name }) => name));
const operands = (items: readonly GateOperand[]): string =>
  items.length === 0 ? '' : ` ${list(items.map(printOperand))}`;

function printBare(node: StatementNode, indent: string): string {
  switch (node.kind) {
    case 'gateCall':
      return printGateCall(node);
    case 'measureArrow':
      return `${printValue(node.measure)}${node.target === undefined ? '' : ` -> ${printIndexed(node.target)}`};`;
    case 'assignment':
      return `${printIndexed(node.target)} ${node.operator} ${printValue(node.value)};`;
    case 'barrier':
    case 'nop':
      return `${node.kind}${operands(node.operands)};`;
    case 'reset':
      return `reset ${printOperand(node.operand)};`;
    case 'delay':
      return `delay[${printExpression(node.duration)}]${operands(node.operands)};`;
    case 'expression':
      return `${printLead(printExpression(node.expression))};`;
    case 'return':
      return `return${node.value === undefined ? '' : ` ${printValue(node.value)}`};`;
    case 'break':
    case 'continue':
    case 'end':
      return `${node.kind};`;
    case 'pragma':
      return `pragma${node.content === '' ? '' : ` ${node.content}`}`;
    case 'include':
      return `include ${quoted(node.name)};`;
    case 'calibrationGrammar':
      return `defcalgrammar ${quoted(node.name)};`;
    case 'cal':
      return `cal {${node.body}}`;
    default:
      return isControl(node) ? printControl(node, indent) : printDeclaration(node, indent);
  }
}

/** At the beginning of a statement `pow` would be read as the gate modifier. */
const printLead = (expression: string): string =>
  expression.startsWith('pow(') ? `(${expression})` : expression;

const quoted = (name: string): string => (name.includes('"') ? `'${name}'` : `"${name}"`);

function printGateCall(node: GateCallNode): string {
  const modifiers = node.modifiers.map((modifier) => `${printModifier(modifier)} @ `).join('');
  const args =
    node.arguments === undefined
      ? ''
      : `(${list(node.arguments.map((argument) => printExpression(argument)))})`;
  return `${modifiers}${node.name.name}${args}${printDesignator(node.duration)}${operands(node.operands)};`;
}

function printModifier(node: ModifierNode): string {
  if (node.kind === 'inv' || node.argument === undefined) return node.kind;
  return `${node.kind}(${printExpression(node.argument)})`;
}

type ControlKind = 'if' | 'for' | 'while' | 'switch' | 'scope' | 'box';
const isControl = (node: StatementNode): node is Statement<ControlKind> =>
  ['if', 'for', 'while', 'switch', 'scope', 'box'].includes(node.kind);

function printControl(node: Statement<ControlKind>, indent: string): string {
  switch (node.kind) {
    case 'scope':
      return printBlock(node, indent);
    case 'box':
      return `box${printDesignator(node.duration)} ${printBlock(node.body, indent)}`;
    case 'if':
      return printIf(node, indent);
    case 'while':
      return `while (${printExpression(node.condition)}) ${printStatement(node.body, indent)}`;
    case 'for':
      return printFor(node, indent);
    case 'switch':
      return printSwitch(node, indent);
  }
}

function printIf(node: Statement<'if'>, indent: string): string {
  const head = `if (${printExpression(node.condition)}) ${printStatement(node.body, indent)}`;
  return node.otherwise === undefined
    ? head
    : `${head}${endsLine(node.body) ? '\n' : ' '}else ${printStatement(node.otherwise, indent)}`;
}

/** A pragma reaches to the end of its line, so nothing may follow it there. */
function endsLine(node: StatementNode): boolean {
  if (node.kind === 'if') return endsLine(node.otherwise ?? node.body);
  return node.kind === 'pragma' || ((node.kind === 'while' || node.kind === 'for') && endsLine(node.body));
}

function printFor(node: Statement<'for'>, indent: string): string {
  const { over } = node;
  const values =
    over.kind === 'set'
      ? printSet(over)
      : over.kind === 'range'
        ? `[${printRange(over)}]`
        : printExpression(over);
  return `for ${printType(node.type)} ${node.variable.name} in ${values} ${printStatement(node.body, indent)}`;
}

function printSwitch(node: Statement<'switch'>, indent: string): string {
  const inner = indent + INDENT;
  const cases = node.cases.map(({ values, body }) => {
    const head =
      values === undefined ? 'default' : `case ${list(values.map((value) => printExpression(value)))}`;
    return `${inner}${head} ${printBlock(body, inner)}\n`;
  });
  return `switch (${printExpression(node.subject)}) {\n${cases.join('')}${indent}}`;
}

type DeclarationKind =
  | 'alias'
  | 'declaration'
  | 'const'
  | 'io'
  | 'oldStyle'
  | 'qubits'
  | 'def'
  | 'extern'
  | 'gate'
  | 'opaque'
  | 'defcal';

function printDeclaration(node: Statement<DeclarationKind>, indent: string): string {
  switch (node.kind) {
    case 'alias':
      return `let ${node.name.name} = ${printValue(node.value)};`;
    case 'declaration':
      return `${printType(node.type)} ${node.name.name}${node.initial === undefined ? '' : ` = ${printValue(node.initial)}`};`;
    case 'const':
      return `const ${printType(node.type)} ${node.name.name} = ${printValue(node.initial)};`;
    case 'io':
      return `${node.direction} ${printType(node.type)} ${node.name.name};`;
    case 'oldStyle':
      return `${node.keyword} ${node.name.name}${printDesignator(node.designator)};`;
    case 'qubits':
      return `qubit${printDesignator(node.type.designator)} ${node.name.name};`;
    case 'gate':
    case 'opaque': {
      const parameters = node.parameters === undefined ? '' : `(${names(node.parameters)})`;
      const head = `${node.kind} ${node.name.name}${parameters} ${names(node.qubits)}`;
      return node.kind === 'gate' ? `${head} ${printBlock(node.body, indent)}` : `${head};`;
    }
    case 'def':
      return `def ${node.name.name}(${list(node.parameters.map(printParameter))})${printResult(node.result)} ${printBlock(node.body, indent)}`;
    case 'extern':
      return `extern ${node.name.name}(${list(node.parameters.map(printParameterType))})${printResult(node.result)};`;
    case 'defcal':
      return printDefcal(node);
  }
}

const printResult = (node: ScalarTypeNode | undefined): string =>
  node === undefined ? '' : ` -> ${printType(node)}`;

function printDefcal(node: Statement<'defcal'>): string {
  const argument = (item: NonNullable<typeof node.arguments>[number]): string =>
    item.kind === 'parameter' ? printParameter(item) : printExpression(item);
  const args = node.arguments === undefined ? '' : `(${list(node.arguments.map(argument))})`;
  const on = list(node.operands.map((item) => (item.kind === 'identifier' ? item.name : `$${item.number}`)));
  return `defcal ${node.target}${args} ${on}${printResult(node.result)} {${node.body}}`;
}

function printParameter(node: ParameterNode): string {
  const { type } = node;
  if (type.kind === 'oldStyleType')
    return `${type.keyword} ${node.name.name}${printDesignator(type.designator)}`;
  return `${printParameterType(type)} ${node.name.name}`;
}

function printParameterType(type: ParameterType | ArrayReferenceType | OldStyleTypeNode): string {
  switch (type.kind) {
    case 'qubitType':
      return `qubit${printDesignator(type.designator)}`;
    case 'oldStyleType':
      return type.keyword + printDesignator(type.designator);
    case 'arrayReference': {
      const { dimensions } = type;
      const sizes =
        'count' in dimensions
          ? `#dim = ${printExpression(dimensions.count)}`
          : list(dimensions.sizes.map((size) => printExpression(size)));
      return `${type.access} array[${printType(type.element)}, ${sizes}]`;
    }
    default:
      return printType(type);
  }
}
