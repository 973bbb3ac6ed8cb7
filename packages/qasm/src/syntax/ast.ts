/**
 * The syntax tree of OpenQASM 3: plain nodes, one `kind` each, with the offsets of their text (UTF-16, end exclusive).
 * Names follow the rules of the official grammar (openqasm.com/versions/3.1/grammar). Parentheses and the `_` inside
 * numbers are not kept; the printer puts back what precedence needs.
 */
import type { Span } from '../findings.ts';

export interface Identifier extends Span {
  readonly kind: 'identifier';
  readonly name: string;
}

export type UnaryOperatorText = '-' | '!' | '~';
export type BinaryOperatorText =
  | '++'
  | '**'
  | '*'
  | '/'
  | '%'
  | '+'
  | '-'
  | '<<'
  | '>>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '=='
  | '!='
  | '&'
  | '^'
  | '|'
  | '&&'
  | '||';
export type AssignmentOperator =
  | '='
  | '+='
  | '-='
  | '*='
  | '/='
  | '&='
  | '|='
  | '~='
  | '^='
  | '<<='
  | '>>='
  | '%='
  | '**=';

export type ExpressionNode =
  | Identifier
  | (Span & { readonly kind: 'integer'; readonly value: bigint; readonly base: 2 | 8 | 10 | 16 })
  | (Span & { readonly kind: 'float'; readonly value: number })
  | (Span & { readonly kind: 'imaginary'; readonly value: number })
  | (Span & { readonly kind: 'boolean'; readonly value: boolean })
  | (Span & { readonly kind: 'bitString'; readonly value: string })
  | (Span & { readonly kind: 'timing'; readonly value: number; readonly unit: TimeUnit })
  | HardwareQubit
  | (Span & {
      readonly kind: 'unary';
      readonly operator: UnaryOperatorText;
      readonly operand: ExpressionNode;
    })
  | (Span & {
      readonly kind: 'binary';
      readonly operator: BinaryOperatorText;
      readonly left: ExpressionNode;
      readonly right: ExpressionNode;
    })
  | (Span & { readonly kind: 'index'; readonly base: ExpressionNode; readonly index: IndexOperator })
  | (Span & {
      readonly kind: 'call';
      readonly name: Identifier;
      readonly arguments: readonly ExpressionNode[];
    })
  | (Span & { readonly kind: 'cast'; readonly type: TypeNode; readonly operand: ExpressionNode })
  | (Span & { readonly kind: 'durationof'; readonly body: ScopeNode });

export type TimeUnit = 'dt' | 'ns' | 'us' | 'ms' | 's';

export interface HardwareQubit extends Span {
  readonly kind: 'hardwareQubit';
  /** The number behind `$`, as written without leading zeros. */
  readonly number: string;
}

export interface RangeNode extends Span {
  readonly kind: 'range';
  readonly from?: ExpressionNode;
  readonly step?: ExpressionNode;
  readonly to?: ExpressionNode;
}

export interface SetNode extends Span {
  readonly kind: 'set';
  readonly elements: readonly ExpressionNode[];
}

export type IndexOperator =
  | SetNode
  | (Span & { readonly kind: 'items'; readonly items: readonly (ExpressionNode | RangeNode)[] });

export interface MeasureNode extends Span {
  readonly kind: 'measure';
  readonly operand: GateOperand;
}

export interface ArrayLiteral extends Span {
  readonly kind: 'array';
  readonly elements: readonly (ExpressionNode | ArrayLiteral)[];
}

export interface ConcatenationNode extends Span {
  readonly kind: 'concatenation';
  readonly parts: readonly ExpressionNode[];
}

export interface IndexedIdentifier extends Span {
  readonly kind: 'indexed';
  readonly name: Identifier;
  readonly indices: readonly IndexOperator[];
}

export type GateOperand = IndexedIdentifier | HardwareQubit;

export type ScalarTypeName =
  | 'bit'
  | 'int'
  | 'uint'
  | 'float'
  | 'angle'
  | 'bool'
  | 'duration'
  | 'stretch'
  | 'complex';
export type TypeNode =
  | ScalarTypeNode
  | (Span & {
      readonly kind: 'arrayType';
      readonly element: ScalarTypeNode;
      readonly dimensions: readonly ExpressionNode[];
    });

export interface ScalarTypeNode extends Span {
  readonly kind: 'scalarType';
  readonly name: ScalarTypeName;
  readonly designator?: ExpressionNode;
  /** The component type of `complex[float[64]]`. */
  readonly component?: ScalarTypeNode;
}

export interface ArrayReferenceType extends Span {
  readonly kind: 'arrayReference';
  readonly access: 'readonly' | 'mutable';
  readonly element: ScalarTypeNode;
  readonly dimensions: { readonly sizes: readonly ExpressionNode[] } | { readonly count: ExpressionNode };
}

export interface QubitTypeNode extends Span {
  readonly kind: 'qubitType';
  readonly designator?: ExpressionNode;
}

/** `creg name[n]` or `qreg name[n]` among subroutine parameters. */
export interface OldStyleTypeNode extends Span {
  readonly kind: 'oldStyleType';
  readonly keyword: 'creg' | 'qreg';
  readonly designator?: ExpressionNode;
}

export type ParameterType = ScalarTypeNode | QubitTypeNode | ArrayReferenceType | OldStyleTypeNode;

export interface ParameterNode extends Span {
  readonly kind: 'parameter';
  readonly type: ParameterType;
  readonly name: Identifier;
}

export type ModifierNode =
  | (Span & { readonly kind: 'inv' })
  | (Span & { readonly kind: 'pow'; readonly argument: ExpressionNode })
  | (Span & { readonly kind: 'ctrl' | 'negctrl'; readonly argument?: ExpressionNode });

export interface Annotation extends Span {
  readonly name: string;
  /** The rest of the line, trimmed; empty if there is none. */
  readonly content: string;
}

export interface ScopeNode extends Span {
  readonly kind: 'scope';
  readonly statements: readonly StatementNode[];
}

export type Initializer = ExpressionNode | MeasureNode | ArrayLiteral;

export interface SwitchCase extends Span {
  /** Absent for `default`. */
  readonly values?: readonly ExpressionNode[];
  readonly body: ScopeNode;
}

export interface GateCallNode {
  readonly kind: 'gateCall';
  readonly modifiers: readonly ModifierNode[];
  /** `gphase` is a keyword of the language and a name here. */
  readonly name: Identifier;
  /** Absent without parentheses. */
  readonly arguments?: readonly ExpressionNode[];
  readonly duration?: ExpressionNode;
  readonly operands: readonly GateOperand[];
}

type StatementBody =
  | { readonly kind: 'pragma'; readonly content: string }
  | { readonly kind: 'alias'; readonly name: Identifier; readonly value: ExpressionNode | ConcatenationNode }
  | {
      readonly kind: 'assignment';
      readonly target: IndexedIdentifier;
      readonly operator: AssignmentOperator;
      readonly value: ExpressionNode | MeasureNode;
    }
  | { readonly kind: 'barrier' | 'nop'; readonly operands: readonly GateOperand[] }
  | { readonly kind: 'box'; readonly duration?: ExpressionNode; readonly body: ScopeNode }
  | { readonly kind: 'break' | 'continue' | 'end' }
  | { readonly kind: 'cal'; readonly body: string }
  | { readonly kind: 'calibrationGrammar' | 'include'; readonly name: string }
  | {
      readonly kind: 'declaration';
      readonly type: TypeNode;
      readonly name: Identifier;
      readonly initial?: Initializer;
    }
  | {
      readonly kind: 'const';
      readonly type: ScalarTypeNode;
      readonly name: Identifier;
      readonly initial: Initializer;
    }
  | {
      readonly kind: 'io';
      readonly direction: 'input' | 'output';
      readonly type: TypeNode;
      readonly name: Identifier;
    }
  | {
      readonly kind: 'oldStyle';
      readonly keyword: 'creg' | 'qreg';
      readonly name: Identifier;
      readonly designator?: ExpressionNode;
    }
  | { readonly kind: 'qubits'; readonly type: QubitTypeNode; readonly name: Identifier }
  | {
      readonly kind: 'def';
      readonly name: Identifier;
      readonly parameters: readonly ParameterNode[];
      readonly result?: ScalarTypeNode;
      readonly body: ScopeNode;
    }
  | {
      readonly kind: 'extern';
      readonly name: Identifier;
      readonly parameters: readonly (ScalarTypeNode | ArrayReferenceType | OldStyleTypeNode)[];
      readonly result?: ScalarTypeNode;
    }
  | {
      readonly kind: 'gate';
      readonly name: Identifier;
      /** Absent without parentheses. */
      readonly parameters?: readonly Identifier[];
      readonly qubits: readonly Identifier[];
      readonly body: ScopeNode;
    }
  /** A gate of OpenQASM 2 whose body the program does not give. */
  | {
      readonly kind: 'opaque';
      readonly name: Identifier;
      /** Absent without parentheses. */
      readonly parameters?: readonly Identifier[];
      readonly qubits: readonly Identifier[];
    }
  | {
      readonly kind: 'defcal';
      readonly target: string;
      readonly arguments?: readonly (ExpressionNode | ParameterNode)[];
      readonly operands: readonly (Identifier | HardwareQubit)[];
      readonly result?: ScalarTypeNode;
      readonly body: string;
    }
  | { readonly kind: 'delay'; readonly duration: ExpressionNode; readonly operands: readonly GateOperand[] }
  | { readonly kind: 'expression'; readonly expression: ExpressionNode }
  | {
      readonly kind: 'for';
      readonly type: ScalarTypeNode;
      readonly variable: Identifier;
      readonly over: ExpressionNode | SetNode | RangeNode;
      readonly body: StatementNode;
    }
  | GateCallNode
  | {
      readonly kind: 'if';
      readonly condition: ExpressionNode;
      readonly body: StatementNode;
      readonly otherwise?: StatementNode;
    }
  | { readonly kind: 'measureArrow'; readonly measure: MeasureNode; readonly target?: IndexedIdentifier }
  | { readonly kind: 'reset'; readonly operand: GateOperand }
  | { readonly kind: 'return'; readonly value?: ExpressionNode | MeasureNode }
  | { readonly kind: 'scope'; readonly statements: readonly StatementNode[] }
  | { readonly kind: 'switch'; readonly subject: ExpressionNode; readonly cases: readonly SwitchCase[] }
  | { readonly kind: 'while'; readonly condition: ExpressionNode; readonly body: StatementNode };

export type StatementNode = Span & StatementBody & { readonly annotations?: readonly Annotation[] };
export type StatementKind = StatementNode['kind'];
/** The statement of one kind. */
export type Statement<K extends StatementKind> = StatementNode & { readonly kind: K };

export interface ProgramNode extends Span {
  readonly kind: 'program';
  readonly version?: { readonly major: number; readonly minor?: number };
  readonly statements: readonly StatementNode[];
  /**
   * Names in statements that could not be read, and so are not in the tree: whether and as what they are
   * declared is not known. `include` is among them if such a statement may have been one. Absent from a
   * complete tree.
   */
  readonly lostNames?: ReadonlySet<string>;
  /** Numbers behind `$` of the hardware qubits in use, ascending. */
  readonly hardwareQubits: readonly string[];
}
