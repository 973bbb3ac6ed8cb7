import {
  EIGEN_ANGLE_NODES_MAX,
  EIGEN_DEPTH_MAX,
  EIGEN_ELEMENTS_MAX,
  EIGEN_NODES_MAX,
  EIGEN_OPERATIONS_MAX,
  EIGEN_OUTPUTS_MAX,
  EIGEN_QUBITS_MAX,
  EIGEN_SOURCE_BYTES_MAX,
  EIGEN_STEPS_MAX,
  HYBRID_ITERATIONS_MAX,
  HYBRID_PARAMETERS_MAX,
  HYBRID_TERMS_MAX,
} from '@qfs/core';
import { METHODS } from '@qfs/optimise';
import { DEFAULTS } from './decorator.ts';
import { ATTRIBUTES } from './evaluate/attributes.ts';
import { EIGEN_DIAGNOSTICS } from './findings.ts';
import { TEMPLATES } from './library/ansatz.ts';
import { GROUPS } from './library/library-row.ts';
import { CONSTANTS, LIBRARY } from './library/table.ts';

const PARTS = `A program is a file of UTF-8 text, by custom \`program.eigen.py\`, in a part of Python 3. It
is read and never executed: every value but those of parameters is known when it is read. What is accepted,
Python reads too.

\`\`\`python
from eigen_lang import (
    ExpectationValue, Observable, Param, QubitRegister, cnot, hybrid_program, minimize, ry,
)


@hybrid_program(target="sim:local", seed=7)
def pair():
    """The least energy of two spins that want to be different."""
    q = QubitRegister(2)
    theta = Param("theta", 0.1)
    ry(q[0], theta)
    cnot(q[0], q[1])
    energy = ExpectationValue("pair", Observable(Z=[0, 1]))
    optimum = minimize(energy, method="COBYLA", max_iters=60)
    return {"energy": optimum.fun, "theta": optimum.x}
\`\`\`

## What a program is made of

| Python | here |
|---|---|
| \`from eigen_lang import …\` | the only import; \`as\` and parentheses too, and parts such as \`eigen_lang.gates\` |
| \`def\` with the decorator \`hybrid_program\` | exactly one, without parameters: the program. No other functions |
| a text by itself | says what the program is for |
| \`name = value\`, \`name: type = value\` | one name |
| numbers, texts, True, False, None, lists, tuples, dictionaries | as in Python; \`value[index]\` with a constant index |
| \`+ - * / // % **\` | numbers, computed as Python does; whole numbers to 63 bits. Parameters take \`+ - * /\` |
| \`and or not == != < <= > >=\` | constants |
| \`for name in range(…)\`, over a list or a register | written out |
| \`if\`, \`elif\`, \`else\` | on constants; nothing depends on measurements |
| \`return\` | what the results show: numbers, texts, lists, dictionaries and parts of an optimum |

Everything else of Python is refused with its name, line and column: other imports, classes, lambda,
comprehensions, formatted strings, \`while\`, \`try\`, \`with\`, \`match\`, \`del\`, \`global\`, stars, slices, names
with two underscores and so on.

Qubits and bits are elements of registers, or whole numbers from 0. Statements are operations in their order.
Bit 0 is the rightmost character of a count key, qubit 0 the rightmost letter of a Pauli string.`;

/** The reference page of the language, as Markdown; every table of it is the one that the compiler uses. */
export function eigenLangReference(): string {
  const groups = Object.entries(GROUPS).map(([group, title]) => {
    const rows = Object.values(LIBRARY).filter((row) => row.group === group);
    return `### ${title}\n\n${table(
      ['function', 'what it does'],
      rows.map(({ signature, help }) => [code(signature), sentence(help)]),
    )}`;
  });
  return `${[
    '# Eigen-Lang',
    PARTS,
    '## What the decorator says\n\nThe weakest word on each: `job.yaml`, requests and flags are stronger.',
    table(
      ['keyword', 'meaning'],
      Object.values(DEFAULTS).map(({ keyword, help }) => [code(keyword), sentence(help)]),
    ),
    `## Library\n\nGates are those of \`docs/reference/gates.md\`; angles are radians. ${constants()}`,
    ...groups,
    '### Circuits that Ansatz knows',
    table(
      ['name', 'gates', 'angles'],
      Object.entries(TEMPLATES).map(([name, { help, count }]) => [code(name), sentence(help), count]),
    ),
    '### Methods of minimize',
    table(
      ['method', 'what it is'],
      Object.entries(METHODS).map(([name, { help }]) => [code(name), sentence(help)]),
    ),
    '### What can be read of a value',
    table(
      ['of', 'attribute', 'value'],
      Object.entries(ATTRIBUTES).flatMap(([of, rows]) =>
        rows.map(({ name, help }) => [of, code(`.${name}`), sentence(help)]),
      ),
    ),
    '## Limits',
    table(
      ['of a program', 'at most'],
      LIMITS.map(([what, most]) => [what, String(most)]),
    ),
    '## Diagnostics\n\nEvery finding has a code, line and column. Mistakes end the job while it compiles; a program beyond ' +
      'a limit is not accepted.',
    table(
      ['code', 'meaning'],
      Object.entries(EIGEN_DIAGNOSTICS).map(([name, help]) => [code(name), help]),
    ),
  ].join('\n\n')}\n`;
}

const LIMITS: readonly (readonly [string, number])[] = [
  ['bytes of its text', EIGEN_SOURCE_BYTES_MAX],
  ['nodes of its syntax tree', EIGEN_NODES_MAX],
  ['levels of the tree', EIGEN_DEPTH_MAX],
  ['elements of a list, and turns of a loop', EIGEN_ELEMENTS_MAX],
  ['steps of its reading', EIGEN_STEPS_MAX],
  ['qubits, and bits', EIGEN_QUBITS_MAX],
  ['operations, with the operators and parameters of their angles', EIGEN_OPERATIONS_MAX],
  ['operators and parameters of one angle', EIGEN_ANGLE_NODES_MAX],
  ['values that it returns', EIGEN_OUTPUTS_MAX],
  ['parameters', HYBRID_PARAMETERS_MAX],
  ['terms of an observable', HYBRID_TERMS_MAX],
  ['iterations of minimize', HYBRID_ITERATIONS_MAX],
];

const constants = (): string => {
  const names = Object.keys(CONSTANTS).map(code).join(', ');
  return `${names} can be imported as a number.`;
};

const code = (text: string): string => `\`${text}\``;
const sentence = (text: string): string => {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return upper.endsWith('.') ? upper : `${upper}.`;
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
