/** What becomes of a program of the official corpus beyond its grammar. */
export interface CorpusVerdict {
  /** `runs`, or the code of the reason why it does not. */
  readonly verdict: string;
  readonly because?: string;
}

const runs: CorpusVerdict = { verdict: 'runs' };
const wrong = (because: string): CorpusVerdict => ({ verdict: 'QASM_SEMANTIC', because });

/** By the path in the corpus; the reference sources are made to be parsed, and hardly any means something. */
export const VERDICTS: Readonly<Record<string, CorpusVerdict>> = {
  'examples/adder.qasm': runs,
  'examples/arrays.qasm': wrong('declares `first_dimension` twice'),
  'examples/defcal.qasm': { verdict: 'QASM_UNSUPPORTED', because: 'is pulses alone' },
  'examples/qft.qasm': runs,
  'examples/rb.qasm': runs,
  'examples/teleport.qasm': runs,
  'examples/vqe.qasm': wrong(
    'calls a subroutine without parentheses, as a draft of the language did; it also has `extern` functions and `float[16]`',
  ),
  'reference/assignment/alias.yaml': wrong('takes the elements 1 to 4 of a register of two bits'),
  'reference/control_flow/branching.yaml': wrong('declares none of its variables'),
  'reference/control_flow/switch.yaml': wrong('declares none of its variables'),
  'reference/declaration/array.yaml': wrong('declares `x` fifteen times'),
  'reference/declaration/declaration.yaml': wrong('declares `z` five times'),
  'reference/directives/annotations.yaml': wrong('declares `x` three times'),
  'reference/directives/include.yaml': wrong('includes files that do not exist'),
  'reference/expression/binary_expr.yaml': wrong('declares none of its variables'),
  'reference/expression/unary_expr.yaml': wrong('declares none of its variables'),
  'reference/gate/gate_modifiers.yaml': wrong('gives a gate with two controls one qubit'),
  'reference/header.yaml': wrong('has no qubits'),
  'reference/subroutine/subroutine.yaml': wrong('returns a value from a subroutine that has none'),
};
