import type {
  ArrayLiteral,
  BinaryOperatorText,
  ExpressionNode,
  IndexedIdentifier,
  MeasureNode,
  Statement,
  StatementNode,
} from '@qfs/qasm';
import { convert, integerOf, isTrue, numberOf } from './conversions.ts';
import { Scope, type Shot } from './environment.ts';
import { call, evaluate, placeOf, qubitsOf, resolveType, selected, steps } from './expressions.ts';
import { applyGate } from './gates.ts';
import { binary, unary } from './operators.ts';
import { concatenation, elementAt, lengthOf, type Place, variable } from './places.ts';
import { bits, elementType, Fault, float, type Type, type Value, whole, zero } from './values.ts';

/** How a block ended. */
export type Ended =
  | { readonly kind: 'normal' | 'break' | 'continue' }
  | { readonly kind: 'return'; readonly value?: Value };

const NORMAL: Ended = { kind: 'normal' };

/** `end` ends the shot wherever it stands. */
export class EndOfShot extends Error {}

/** Runs statements with the names of a scope that is theirs. */
export function runBody(statements: readonly StatementNode[], scope: Scope, shot: Shot): Ended {
  for (const statement of statements) {
    const ended = run(statement, scope, shot);
    if (ended.kind !== 'normal') return ended;
  }
  return NORMAL;
}

/** Runs the body of a control statement in a scope of its own. */
const runInner = (body: StatementNode, scope: Scope, shot: Shot): Ended =>
  runBody(body.kind === 'scope' ? body.statements : [body], new Scope(scope), shot);

function run(node: StatementNode, scope: Scope, shot: Shot): Ended {
  shot.step();
  switch (node.kind) {
    case 'scope':
      return runInner(node, scope, shot);
    case 'box':
      return runBody(node.body.statements, new Scope(scope), shot);
    case 'if':
      if (isTrue(evaluate(node.condition, scope, shot))) return runInner(node.body, scope, shot);
      return node.otherwise === undefined ? NORMAL : runInner(node.otherwise, scope, shot);
    case 'while':
      return runWhile(node, scope, shot);
    case 'for':
      return runFor(node, scope, shot);
    case 'switch':
      return runSwitch(node, scope, shot);
    case 'break':
    case 'continue':
      return { kind: node.kind };
    case 'end':
      throw new EndOfShot();
    case 'return':
      return node.value === undefined
        ? { kind: 'return' }
        : { kind: 'return', value: resultOf(node.value, scope, shot) };
    default:
      act(node, scope, shot);
      return NORMAL;
  }
}

/** Statements after which the next one follows. */
function act(node: StatementNode, scope: Scope, shot: Shot): void {
  switch (node.kind) {
    case 'gateCall':
      applyGate(node, scope, shot);
      return;
    case 'measureArrow': {
      const value = measured(node.measure, scope, shot);
      if (node.target !== undefined) targetOf(node.target, scope, shot).write(value);
      return;
    }
    case 'reset':
      for (const qubit of qubitsOf(node.operand, scope, shot).qubits) shot.state.reset(qubit);
      return;
    case 'assignment':
      assign(node, scope, shot);
      return;
    case 'expression':
      if (node.expression.kind === 'call') call(node.expression, scope, shot);
      else evaluate(node.expression, scope, shot);
      return;
    case 'declaration':
    case 'const':
      declare(node, scope, shot);
      return;
    case 'alias':
      alias(node, scope, shot);
      return;
    case 'gate':
      scope.declare(node.name.name, { kind: 'gate', definition: node, scope });
      return;
    case 'def':
      scope.declare(node.name.name, { kind: 'subroutine', definition: node, scope });
      return;
    case 'barrier':
    case 'nop':
    case 'delay':
    case 'include':
      return;
    default:
      throw new Fault(`${node.kind} has no meaning here`);
  }
}

function declare(node: Statement<'declaration' | 'const'>, scope: Scope, shot: Shot): void {
  const type = resolveType(node.type, scope, shot);
  const initial = node.initial === undefined ? zero(type) : initialValue(node.initial, type, scope, shot);
  if (node.kind === 'const')
    scope.declare(node.name.name, { kind: 'constant', value: convert(initial, type) });
  else scope.declare(node.name.name, { kind: 'place', place: variable(type, initial) });
}

function initialValue(
  node: ExpressionNode | MeasureNode | ArrayLiteral,
  type: Type,
  scope: Scope,
  shot: Shot,
): Value {
  if (node.kind !== 'array') return resultOf(node, scope, shot);
  if (type.kind !== 'array') throw new Fault('this is no array');
  const element = elementType(type);
  const items = node.elements.map((item) => convert(initialValue(item, element, scope, shot), element));
  return convert({ kind: 'array', element, items }, type);
}

const resultOf = (node: ExpressionNode | MeasureNode, scope: Scope, shot: Shot): Value =>
  node.kind === 'measure' ? measured(node, scope, shot) : evaluate(node, scope, shot);

function measured({ operand }: MeasureNode, scope: Scope, shot: Shot): Value {
  return bits(qubitsOf(operand, scope, shot).qubits.map((qubit) => shot.state.measure(qubit)));
}

function targetOf(node: IndexedIdentifier, scope: Scope, shot: Shot): Place {
  return node.indices.reduce(
    (place, operator) => selected(place, operator, scope, shot),
    placeOf(node.name, scope, shot),
  );
}

function assign(node: Statement<'assignment'>, scope: Scope, shot: Shot): void {
  const value = resultOf(node.value, scope, shot);
  const target = targetOf(node.target, scope, shot);
  if (node.operator === '=') target.write(value);
  else if (node.operator === '~=') target.write(unary('~', value));
  else target.write(binary(node.operator.slice(0, -1) as BinaryOperatorText, target.read(), value));
}

/** `let` gives qubits, bits or elements another name. */
function alias({ name, value }: Statement<'alias'>, scope: Scope, shot: Shot): void {
  const parts = value.kind === 'concatenation' ? value.parts : [value];
  if (isQuantum(parts[0]!, scope)) {
    const operands = parts.map((part) => qubitsOf(part, scope, shot));
    scope.declare(name.name, {
      kind: 'qubits',
      qubits: operands.flatMap(({ qubits }) => qubits),
      isSingle: operands.length === 1 && operands[0]!.isSingle,
    });
    return;
  }
  const places = parts.map((part) => placeOf(part, scope, shot));
  scope.declare(name.name, {
    kind: 'place',
    place: places.length === 1 ? places[0]! : concatenation(places),
  });
}

function isQuantum(node: ExpressionNode, scope: Scope): boolean {
  if (node.kind === 'index') return isQuantum(node.base, scope);
  return node.kind === 'identifier' && scope.find(node.name)?.kind === 'qubits';
}

function runWhile(node: Statement<'while'>, scope: Scope, shot: Shot): Ended {
  while (isTrue(evaluate(node.condition, scope, shot))) {
    const ended = runInner(node.body, scope, shot);
    if (ended.kind === 'break') return NORMAL;
    if (ended.kind === 'return') return ended;
  }
  return NORMAL;
}

function runFor(node: Statement<'for'>, scope: Scope, shot: Shot): Ended {
  const type = resolveType(node.type, scope, shot);
  for (const value of valuesOf(node, scope, shot)) {
    const inside = new Scope(scope);
    // Assigning to the loop variable does not change what it is next.
    inside.declare(node.variable.name, { kind: 'place', place: variable(type, value) });
    const ended = runInner(node.body, inside, shot);
    if (ended.kind === 'break') return NORMAL;
    if (ended.kind === 'return') return ended;
  }
  return NORMAL;
}

/** What a loop goes over. */
function valuesOf({ over }: Statement<'for'>, scope: Scope, shot: Shot): readonly Value[] {
  if (over.kind === 'set') return over.elements.map((element) => evaluate(element, scope, shot));
  if (over.kind === 'range') {
    const [from, step, to] = [over.from, over.step, over.to].map((node) =>
      node === undefined ? whole('int', 64, 1n) : evaluate(node, scope, shot),
    );
    return [from, step, to].some((part) => part!.kind === 'float')
      ? floatSteps(numberOf(from!), numberOf(step!), numberOf(to!))
      : steps(integerOf(from!), integerOf(step!), integerOf(to!)).map((value) => ({
          kind: 'int',
          width: 64,
          value,
        }));
  }
  const place = placeOf(over, scope, shot);
  return Array.from({ length: lengthOf(place.type) }, (_, index) => elementAt(place, index).read());
}

function floatSteps(from: number, step: number, to: number): readonly Value[] {
  const count = Math.floor((to - from) / step);
  return Array.from({ length: Math.max(0, count + 1) }, (_, at) => float(from + at * step));
}

/** The first case that names the value runs, and only that one. */
function runSwitch(node: Statement<'switch'>, scope: Scope, shot: Shot): Ended {
  const subject = integerOf(evaluate(node.subject, scope, shot));
  const chosen =
    node.cases.find(({ values }) =>
      values?.some((value) => integerOf(evaluate(value, scope, shot)) === subject),
    ) ?? node.cases.find(({ values }) => values === undefined);
  return chosen === undefined ? NORMAL : runBody(chosen.body.statements, new Scope(scope), shot);
}
