/**
 * The circuit IR: a structured program over qubits 0…n-1 and typed classical variables. A static circuit is
 * the program whose body holds only gates, barriers, `gphase` and measurements with constant indices and
 * parameters (see `isStatic`). Nodes are plain frozen data, one `kind` each; AQO 1.1.0 is their JSON.
 */

export type ClassicalType =
  | { readonly kind: 'bit'; readonly width: number } // a register; a single bit has width 1
  | { readonly kind: 'bool' }
  | { readonly kind: 'int' | 'uint' | 'angle'; readonly width: number }
  | { readonly kind: 'float'; readonly width: 32 | 64 }
  | { readonly kind: 'complex'; readonly width: 32 | 64 }
  | { readonly kind: 'duration' | 'stretch' }
  /** A dimension of `OPEN_LENGTH` is as long as what is referred to. */
  | { readonly kind: 'array'; readonly element: ClassicalType; readonly dimensions: readonly number[] };

/** Index into `Program.variables`; inside a subroutine, into the `locals` of that subroutine. */
export type VariableId = number;

export interface Variable {
  readonly name: string;
  readonly type: ClassicalType;
  /**
   * `input` must be bound before execution, `output` is reported; `loose` marks a single bit without
   * brackets.
   */
  readonly role: 'local' | 'input' | 'output';
  readonly loose?: boolean;
  /** Declared inside a block, so that counts leave it out. */
  readonly inner?: boolean;
}

/** A named run of qubits, for drawing and for printing; execution uses flat indices only. */
export interface QubitRegister {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly loose?: boolean;
}

export type UnaryOperator = '-' | '!' | '~';
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '++';

export type Expression =
  | { readonly kind: 'int'; readonly value: bigint; readonly type: ClassicalType }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'bits'; readonly value: string } // leftmost character is the highest bit
  | { readonly kind: 'complex'; readonly re: number; readonly im: number }
  | { readonly kind: 'variable'; readonly variable: VariableId }
  | { readonly kind: 'index'; readonly base: Expression; readonly index: Expression }
  | {
      readonly kind: 'slice';
      readonly base: Expression;
      readonly start: Expression;
      readonly step: Expression;
      readonly stop: Expression;
    }
  | { readonly kind: 'select'; readonly base: Expression; readonly selectors: readonly Selector[] }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'cast'; readonly type: ClassicalType; readonly operand: Expression }
  | { readonly kind: 'builtin'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'call'; readonly subroutine: number; readonly arguments: readonly Argument[] };

/**
 * What is picked in one dimension, outermost first: one element, which leaves no dimension, or several.
 * Parts of a range that are absent reach to the end.
 */
export type Selector =
  | { readonly kind: 'index'; readonly index: Expression }
  | {
      readonly kind: 'range';
      readonly start?: Expression;
      readonly step?: Expression;
      readonly stop?: Expression;
    }
  | { readonly kind: 'set'; readonly indices: readonly Expression[] };

/** A qubit: a flat index, or a run-time index into a run of qubits or into any list of them. */
export type QubitOperand = number | QubitChoice;
export type QubitChoice =
  | { readonly offset: number; readonly size: number; readonly index: Expression }
  | { readonly among: readonly number[]; readonly index: Expression };

export type Argument =
  | { readonly kind: 'value'; readonly value: Expression }
  | { readonly kind: 'reference'; readonly target: Target }
  | { readonly kind: 'qubits'; readonly qubits: readonly QubitOperand[] };

/** What can be assigned: a variable, an element or some elements of it, or bits of several variables. */
export type Target =
  | { readonly kind: 'variable'; readonly variable: VariableId }
  | { readonly kind: 'index'; readonly base: Target; readonly index: Expression }
  | { readonly kind: 'select'; readonly base: Target; readonly selectors: readonly Selector[] }
  | { readonly kind: 'join'; readonly parts: readonly Target[] };

/** A gate parameter: a number (radians), or an expression that is evaluated when the gate runs. */
export type Parameter = number | Expression;

export interface GateInstruction {
  readonly kind: 'gate';
  /** A name (not an alias) of the gate table. */
  readonly gate: string;
  readonly parameters: readonly Parameter[];
  /**
   * Control polarities put before the gate's own qubits, `ctrl` first: true for |1⟩, false for |0⟩. Never
   * empty.
   */
  readonly controls?: readonly boolean[];
  /** Controls first, then the gate's qubits in the order of its table row. */
  readonly qubits: readonly QubitOperand[];
}

/** A global phase e^{i·angle}; with controls, a phase on the state where all of them hold. */
export interface GphaseInstruction {
  readonly kind: 'gphase';
  readonly angle: Parameter;
  readonly controls?: readonly boolean[];
  readonly qubits?: readonly QubitOperand[];
}

export type Instruction =
  | GateInstruction
  | GphaseInstruction
  | { readonly kind: 'measure'; readonly qubit: QubitOperand; readonly target?: Target }
  | { readonly kind: 'reset'; readonly qubit: QubitOperand }
  | { readonly kind: 'barrier'; readonly qubits: readonly QubitOperand[] }
  | { readonly kind: 'delay'; readonly duration: Expression; readonly qubits: readonly QubitOperand[] }
  | { readonly kind: 'box'; readonly duration?: Expression; readonly body: Block }
  | { readonly kind: 'assign'; readonly target: Target; readonly value: Expression }
  | { readonly kind: 'if'; readonly condition: Expression; readonly body: Block; readonly otherwise?: Block }
  | {
      readonly kind: 'switch';
      readonly subject: Expression;
      readonly cases: readonly { readonly values: readonly bigint[]; readonly body: Block }[];
      readonly otherwise?: Block;
    }
  | { readonly kind: 'for'; readonly variable: VariableId; readonly over: ForRange; readonly body: Block }
  | { readonly kind: 'while'; readonly condition: Expression; readonly body: Block }
  | { readonly kind: 'break' | 'continue' | 'end' }
  | { readonly kind: 'evaluate'; readonly value: Expression } // a call for its effects
  | { readonly kind: 'return'; readonly value?: Expression };

export type ForRange =
  | {
      readonly kind: 'range';
      readonly start: Expression;
      readonly step: Expression;
      readonly stop: Expression;
    }
  | { readonly kind: 'set'; readonly values: readonly Expression[] }
  | { readonly kind: 'elements'; readonly array: Expression };

export type Block = readonly Instruction[];

export interface Subroutine {
  readonly name: string;
  readonly parameters: readonly (
    | { readonly kind: 'value' | 'reference'; readonly variable: VariableId }
    | { readonly kind: 'qubits'; readonly offset: number; readonly size: number }
  )[];
  readonly result?: ClassicalType;
  /** Variables that every call gets fresh. */
  readonly locals: readonly Variable[];
  readonly body: Block;
}

export interface Program {
  readonly qubits: number;
  readonly qubitRegisters: readonly QubitRegister[];
  readonly variables: readonly Variable[];
  readonly subroutines: readonly Subroutine[];
  readonly body: Block;
}
