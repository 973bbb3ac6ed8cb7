import { type Gate, INCLUDES, type Include } from './gate.ts';
import { GATES } from './table.ts';

const INTRODUCTIONS: Readonly<Record<Include, string>> = {
  builtin: 'Built into OpenQASM 3, without any include.',
  'stdgates.inc':
    'Declared by `include "stdgates.inc";`: exactly the standard library of the specification, global phases included.',
  'qfs.inc': 'Declared by `include "qfs.inc";`.',
};

const code = (text: string): string => `\`${text}\``;

function row(gate: Gate): string {
  const { signature, inverse, decomposition } = gate.notation;
  const cells = [
    [signature, ...gate.aliases].map(code).join(' '),
    gate.help,
    inverse === signature ? 'itself' : code(inverse),
    decomposition === undefined ? 'primitive' : code(decomposition),
    gate.aqo === undefined ? '1.1.0' : `${code(gate.aqo.op)} since ${gate.aqo.version}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The reference page of all gates, `docs/reference/gates.md`. */
export function gatesReference(): string {
  const sections = INCLUDES.map((include) =>
    [
      `## ${include === 'builtin' ? 'Built-in' : code(include)}`,
      '',
      INTRODUCTIONS[include],
      '',
      '| gate, aliases | what it does | inverse | equals | AQO |',
      '|---|---|---|---|---|',
      ...GATES.filter((gate) => gate.include === include).map(row),
    ].join('\n'),
  );
  return [
    '# Gates',
    '',
    'Generated from the gate table. Angles are in radians. In matrices the first qubit operand is the most significant',
    'bit of the index. “Equals” is a circuit of simpler gates, in order of application, equal including the global',
    'phase; `ctrl @`, `negctrl @`, `inv @` and `pow(k) @` apply to every gate.',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}
