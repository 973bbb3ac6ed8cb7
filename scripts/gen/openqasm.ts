import { validateSource } from '@qfs/compiler';
import { FEATURES, type Feature, HEAD, SUITES } from '../../tests/conformance/features.ts';
import { VERDICTS } from '../../tests/conformance/verdicts.ts';

const INTRODUCTION = `# OpenQASM 3

The whole of OpenQASM 3.0 and 3.1 is read. *Executed* means that a program with it runs, on the simulator of this platform.
*Checked* means that it is read and checked, and changes nothing about the results; a note says so. *Refused* means that
a program with it is correct (\`valid\`), can be checked with \`level: "syntax"\`, and is not run, with the reason that stands
here. Each line names the tests behind it, and its example is compiled to see that the line is true.

Bounds of programs are constants in \`packages/core/src/limits.ts\`; [diagnostics](diagnostics.md) lists all findings,
[gates](gates.md) all gates. OpenQASM 2.0 is read and written as well.
`;

/** Where another tool may do otherwise, and why it is done this way here. */
const DIFFERENCES: readonly (readonly [difference: string, reason: string])[] = [
  [
    'Integers wrap at their width, and `int` without one has 64 bits. Division by zero ends the shot with an error.',
    'The specification has C in mind. A result must not depend on the machine, so nothing is left undefined.',
  ],
  [
    'Global phases are kept: `gphase`, and the phases of `U` and of every gate as the specification defines them.',
    'Under `ctrl @` a global phase is a relative one. A tool that drops it computes another circuit.',
  ],
  [
    'A fractional power of a gate is the principal branch: of every eigenvalue the power with an angle in (-π, π].',
    'The specification asks for it: `sx` is `pow(0.5) @ x`, phase included.',
  ],
  [
    'A hardware qubit `$n` is a qubit like another, in ascending order before the declared registers.',
    'What a device makes of the number is the matter of the device. A simulator has no coupling map to obey.',
  ],
  [
    'Keys of counts have the registers in reverse order of declaration and bit 0 of each rightmost, one space between them.',
    'A key is then the number that all bits together stand for. [Results](../spec/results.md) says it exactly.',
  ],
  [
    'A condition on a register compares a number: `c == 3` of `bit[2] c` is true for "11".',
    'The specification casts bits to unsigned integers; bit 0 is the least significant.',
  ],
  [
    'Delays, boxes and stretches have no effect; what depends on the length of a gate is refused.',
    'A simulator without noise has no time. A value that is made up would be wrong without a word.',
  ],
  [
    'Only "stdgates.inc" and "qfs.inc" can be included.',
    'A program must mean the same on every machine. Other files are pasted into the program.',
  ],
  [
    'Gates of "stdgates.inc" are names like others: a variable `t` beside them is declared twice.',
    'So the specification says; the message tells that an included file has the name.',
  ],
  [
    'A subroutine that promises a value and cannot give one is refused; if only the run shows it, the shot ends.',
    'Most tools return 0 in silence.',
  ],
  [
    'Unknown pragmas and annotations are notes, not errors.',
    'They are meant for other tools. What would change the outcomes is refused.',
  ],
  [
    'A measurement goes into bits, not into a `bool` or an integer: `bit b = measure q;`.',
    'The specification gives it the type bit. A bit is a condition, and `int[4](c)` is its number.',
  ],
  [
    'A program needs a qubit, and its results are bounded by `RESULTS_BYTES_MAX`.',
    'What runs is a circuit. Ten million shots that all end differently must not take the memory of others.',
  ],
];

/** `docs/reference/openqasm.md`, from the table of features and what the compiler says about their examples. */
export function openQasmReference(): string {
  const sections = [...Map.groupBy(FEATURES, ({ section }) => section)].map(
    ([section, features]) =>
      `## ${section}\n\n| feature | | example | tests |\n|---|---|---|---|\n${features.map(row).join('\n')}\n`,
  );
  const differences = DIFFERENCES.map(([difference, reason]) => `- **${difference}** ${reason}`);
  const verdicts = Object.entries(VERDICTS).map(
    ([file, { verdict, because }]) =>
      `| \`${file}\` | ${verdict} | ${because === undefined ? '' : `It ${because}.`} |`,
  );
  const suites = Object.entries(SUITES).map(([name, path]) => `| ${name} | \`${path}\` |`);
  return [
    INTRODUCTION,
    ...sections,
    `## What differs from other tools, and why\n\n${differences.join('\n')}\n`,
    '## The official examples\n',
    'The tests are given a part of the official corpus: 7 examples, 12 reference sources and 81 invalid lines. Every',
    'program is accepted at `level: "syntax"`, and every invalid line is rejected. Every rule of the official grammar has',
    'programs of its own besides (`tests/conformance/grammar.ts`). Beyond the grammar:\n',
    `| program | verdict | reason |\n|---|---|---|\n${verdicts.join('\n')}\n`,
    `## Where the tests are\n\n| name | file |\n|---|---|\n${suites.join('\n')}\n`,
    'Besides these, `npm run fuzz -- qasm` gives hostile programs to everything that reads OpenQASM 3, and',
    '`npm run fuzz -- differential` compares random programs with an interpreter of the specification.\n',
  ].join('\n');
}

const cell = (text: string): string => text.trim().replaceAll('|', '\\|').replaceAll('\n', ' ⏎ ');

function row({ feature, treatment, example, tests }: Feature): string {
  const said = treatment === 'executed' ? '' : `: ${cell(reasonOf(example))}`;
  const mark = example.includes('`') ? '``' : '`';
  return `| ${cell(feature)} | ${treatment}${said} | ${mark}${cell(example)}${mark} | ${cell(tests.join('; '))} |`;
}

/** What the compiler says about an example that does not simply run. */
const reasonOf = (example: string): string =>
  validateSource({ language: 'openqasm3', source: HEAD + example, level: 'semantic' }).diagnostics[0]
    ?.message ?? '';
