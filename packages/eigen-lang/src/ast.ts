import type { Span } from './findings.ts';

/** The nodes of Eigen-Lang, named as Python's `ast` names them. There are no others. */
export interface Module extends Span {
  readonly body: readonly Statement[];
}

export type Statement = ImportFrom | FunctionDef | Assign | ExpressionStatement | Return | Pass | If | For;

export interface ImportFrom extends Span {
  readonly type: 'ImportFrom';
  /** `eigen_lang`, or a part of it. */
  readonly module: string;
  readonly names: readonly (Span & { readonly name: string; readonly alias: string })[];
}

export interface FunctionDef extends Span {
  readonly type: 'FunctionDef';
  readonly name: string;
  /** Where the name stands. */
  readonly nameSpan: Span;
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
}

/** With or without a type beside the name, which says nothing here. */
export interface Assign extends Span {
  readonly type: 'Assign';
  readonly target: Name;
  readonly value: Expression;
}

export interface ExpressionStatement extends Span {
  readonly type: 'Expr';
  readonly value: Expression;
}

export interface Return extends Span {
  readonly type: 'Return';
  readonly value: Expression | undefined;
}

export interface Pass extends Span {
  readonly type: 'Pass';
}

export interface If extends Span {
  readonly type: 'If';
  readonly test: Expression;
  readonly body: readonly Statement[];
  /** Empty when there is none; `elif` is an `If` in it. */
  readonly otherwise: readonly Statement[];
}

export interface For extends Span {
  readonly type: 'For';
  readonly target: Name;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
}

export type Expression =
  | Name
  | Constant
  | UnaryOp
  | BinOp
  | Compare
  | BoolOp
  | Call
  | Attribute
  | Subscript
  | Dict
  | Sequence;

export interface Name extends Span {
  readonly type: 'Name';
  readonly id: string;
}

export interface Constant extends Span {
  readonly type: 'Constant';
  /** Whole numbers are bigints, floats are numbers; null is None. */
  readonly value: number | bigint | string | boolean | null;
}

export type UnaryOperator = '+' | '-' | 'not';
export interface UnaryOp extends Span {
  readonly type: 'UnaryOp';
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export interface BinOp extends Span {
  readonly type: 'BinOp';
  readonly left: Expression;
  readonly operator: BinaryOperator;
  readonly right: Expression;
}

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
export interface Compare extends Span {
  readonly type: 'Compare';
  readonly left: Expression;
  readonly operators: readonly Comparison[];
  readonly others: readonly Expression[];
}

export interface BoolOp extends Span {
  readonly type: 'BoolOp';
  readonly operator: 'and' | 'or';
  readonly values: readonly Expression[];
}

export interface Call extends Span {
  readonly type: 'Call';
  readonly callee: Expression;
  readonly positional: readonly Expression[];
  readonly keywords: readonly (Span & { readonly name: string; readonly value: Expression })[];
}

export interface Attribute extends Span {
  readonly type: 'Attribute';
  readonly object: Expression;
  readonly name: string;
}

export interface Subscript extends Span {
  readonly type: 'Subscript';
  readonly object: Expression;
  readonly index: Expression;
}

export interface Dict extends Span {
  readonly type: 'Dict';
  readonly entries: readonly { readonly key: Expression; readonly value: Expression }[];
}

export interface Sequence extends Span {
  readonly type: 'List' | 'Tuple';
  readonly elements: readonly Expression[];
}
