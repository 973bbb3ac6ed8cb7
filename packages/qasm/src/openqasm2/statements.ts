import { parseSimpleStatement } from '../parser/actions.ts';
import type { Cursor } from '../parser/cursor.ts';
import { parseList } from '../parser/expressions.ts';
import { literalNode } from '../parser/literals.ts';
import { plainOperands } from '../parser/plain.ts';
import { parseScope, parseStatements } from '../parser/statements.ts';
import type {
  ExpressionNode,
  GateOperand,
  Identifier,
  IndexedIdentifier,
  StatementNode,
} from '../syntax/ast.ts';
import { KIND } from '../syntax/token.ts';
import { parseParameter } from './parameters.ts';
import { NEWER_WORDS } from './words.ts';

/**
 * The statements of an OpenQASM 2.0 program (arXiv:1707.03429, appendix A), as the syntax tree that
 * OpenQASM 3 has for them.
 */
export const parseOpenQasm2 = (cursor: Cursor): StatementNode[] => new Statements(cursor).program();

class Statements {
  readonly #cursor: Cursor;
  /** Gates that the program declares by names which are words of OpenQASM 3. */
  readonly #declared = new Set<string>();

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  program(): StatementNode[] {
    return parseStatements(this.#cursor, true, () => this.#statement());
  }

  #statement(): StatementNode {
    const cursor = this.#cursor;
    const { kind, start } = cursor;
    switch (kind) {
      case KIND['kw:include']:
      case KIND['kw:OPENQASM']:
        return parseSimpleStatement(cursor);
      case KIND['kw:qreg']:
      case KIND['kw:creg']:
        return this.#register(start);
      case KIND['kw:gate']:
        return this.#gate(start);
      case KIND['kw:barrier']:
        return this.#barrier(start);
      case KIND['kw:if']:
        return this.#if(start);
      default:
        if (kind === KIND.identifier && cursor.text === 'opaque') return this.#opaque(start);
        return this.#operation();
    }
  }

  /** What a condition may stand before: a gate, a measurement or a reset. */
  #operation(): StatementNode {
    const cursor = this.#cursor;
    const { kind, start } = cursor;
    if (kind === KIND['kw:measure']) return this.#measure(start);
    if (kind === KIND['kw:reset']) {
      cursor.advance();
      const operand = this.#argument('a qubit');
      return { kind: 'reset', operand, start, end: this.#finish() };
    }
    return this.#call();
  }

  #finish(): number {
    this.#cursor.expect(KIND[';'], 'at the end of the statement');
    return this.#cursor.lastEnd;
  }

  #integer(what: string): ExpressionNode {
    const cursor = this.#cursor;
    const { start, end, text } = cursor;
    if (cursor.kind !== KIND.integer || !/^[0-9]+$/.test(text)) return cursor.unexpected(what);
    const node = literalNode(KIND.integer, cursor.tokens.source, start, end);
    cursor.advance();
    return node!;
  }

  #register(start: number): StatementNode {
    const cursor = this.#cursor;
    const keyword = cursor.kind === KIND['kw:qreg'] ? 'qreg' : 'creg';
    cursor.advance();
    const name = cursor.identifier('a name for the register');
    cursor.expect(KIND['['], 'and the size of the register');
    const designator = this.#integer('the size of the register, an integer');
    cursor.expect(KIND[']'], 'after the size');
    return { kind: 'oldStyle', keyword, name, designator, start, end: this.#finish() };
  }

  /** A register, or one element of it. */
  #argument(what: string): IndexedIdentifier {
    const cursor = this.#cursor;
    const name = cursor.identifier(what);
    if (cursor.kind !== KIND['['])
      return { kind: 'indexed', name, indices: [], start: name.start, end: name.end };
    const { start } = cursor;
    cursor.advance();
    const index = this.#integer('an index, which OpenQASM 2 writes as an integer');
    cursor.expect(KIND[']'], 'after the index');
    const indices = [{ kind: 'items' as const, items: [index], start, end: cursor.lastEnd }];
    return { kind: 'indexed', name, indices, start: name.start, end: cursor.lastEnd };
  }

  /** At least one argument, separated by commas. */
  #arguments(argument: () => GateOperand): GateOperand[] {
    const operands = [argument()];
    while (this.#cursor.accept(KIND[','])) operands.push(argument());
    return operands;
  }

  #measure(start: number): StatementNode {
    const cursor = this.#cursor;
    cursor.advance();
    const operand = this.#argument('a qubit or a register of qubits');
    cursor.expect(KIND['->'], 'and the bits that take the outcomes');
    const target = this.#argument('a bit or a register of bits');
    const measure = { kind: 'measure' as const, operand, start, end: operand.end };
    return { kind: 'measureArrow', measure, target, start, end: this.#finish() };
  }

  #barrier(start: number): StatementNode {
    this.#cursor.advance();
    const operands = this.#arguments(() => this.#argument('a qubit or a register of qubits'));
    return { kind: 'barrier', operands, start, end: this.#finish() };
  }

  #if(start: number): StatementNode {
    const cursor = this.#cursor;
    cursor.advance();
    cursor.expect(KIND['('], 'after `if`');
    const left = cursor.identifier('a register of bits');
    if (cursor.kind === KIND['['])
      cursor.unexpected(
        '`==`',
        'OpenQASM 2 compares whole registers; put the bit into a register of its own',
      );
    cursor.expect(KIND['=='], 'after the register');
    const right = this.#integer('the integer that the register is compared with');
    cursor.expect(KIND[')'], 'to close the parenthesis of `if`');
    if (cursor.kind === KIND['{'])
      cursor.unexpected(
        'one operation',
        'OpenQASM 2 has no blocks: repeat the condition before every operation',
      );
    const end = cursor.lastEnd;
    const body = this.#operation();
    const condition = {
      kind: 'binary' as const,
      operator: '==' as const,
      left,
      right,
      start: left.start,
      end,
    };
    return { kind: 'if', condition, body, start, end: cursor.lastEnd };
  }

  /** The name of a gate with its parameters and qubits, as `gate` and `opaque` declare them. */
  #signature(): { name: Identifier; parameters?: Identifier[]; qubits: Identifier[] } {
    const cursor = this.#cursor;
    cursor.advance();
    const name = cursor.identifier('a name for the gate');
    this.#declared.add(name.name);
    const parameters = cursor.accept(KIND['('])
      ? parseList(cursor, KIND[')'], () => cursor.identifier('a parameter name'), true, 'the parameters')
      : undefined;
    const qubits = [cursor.identifier('a qubit name')];
    while (cursor.accept(KIND[','])) qubits.push(cursor.identifier('a qubit name'));
    return { name, ...(parameters === undefined ? {} : { parameters }), qubits };
  }

  #opaque(start: number): StatementNode {
    const signature = this.#signature();
    return { kind: 'opaque', ...signature, start, end: this.#finish() };
  }

  #gate(start: number): StatementNode {
    const signature = this.#signature();
    const body = parseScope(this.#cursor, 'the body of the gate', () => this.#gateStatement());
    return { kind: 'gate', ...signature, body, start, end: this.#cursor.lastEnd };
  }

  #gateStatement(): StatementNode {
    const cursor = this.#cursor;
    if (cursor.kind === KIND['kw:barrier']) return this.#barrier(cursor.start);
    if (cursor.kind !== KIND.identifier)
      cursor.unexpected('a gate', 'a gate definition may only contain gates');
    return this.#call();
  }

  #call(): StatementNode {
    const cursor = this.#cursor;
    this.#refuseNewerWord();
    const { start } = cursor;
    const name = cursor.identifier('a statement of OpenQASM 2');
    if (cursor.kind === KIND['='])
      cursor.unexpected('the qubits of a gate', 'OpenQASM 2 writes a measurement as `measure q -> c;`');
    const args = cursor.accept(KIND['('])
      ? parseList(cursor, KIND[')'], () => parseParameter(cursor), true, 'the parameters')
      : undefined;
    const operands = this.#isPhase(name) && args !== undefined ? this.#phaseOperands() : this.#operands();
    return {
      kind: 'gateCall',
      modifiers: [],
      name,
      ...(args === undefined ? {} : { arguments: args }),
      operands,
      start,
      end: cursor.lastEnd,
    };
  }

  /** The qubits of a gate, and the `;` behind them. */
  #operands(): GateOperand[] {
    const plain = plainOperands(this.#cursor);
    if (plain !== undefined) return plain;
    const operands = this.#arguments(() => this.#argument('a qubit or a register of qubits'));
    this.#finish();
    return operands;
  }

  /**
   * The one word of OpenQASM 3 that programs of OpenQASM 2 are found with: PennyLane writes it, on all the
   * qubits it knows or on none, and means the global phase.
   */
  #isPhase({ name }: Identifier): boolean {
    return name === 'gphase' && !this.#declared.has(name);
  }

  #phaseOperands(): GateOperand[] {
    if (this.#cursor.kind === KIND[';']) this.#finish();
    else this.#operands();
    return [];
  }

  #refuseNewerWord(): void {
    const cursor = this.#cursor;
    const { text } = cursor;
    if (cursor.kind !== KIND.identifier || !Object.hasOwn(NEWER_WORDS, text) || this.#declared.has(text))
      return;
    cursor.fail(
      'QASM_UNEXPECTED_TOKEN',
      cursor,
      `\`${text}\` is a word of OpenQASM 3, and this program is OpenQASM 2.`,
      { hint: NEWER_WORDS[text]! },
    );
  }
}
