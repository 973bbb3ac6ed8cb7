import { gateByName } from '@qfs/circuit';
import { OPENQASM2_CONTROLS_MAX } from '@qfs/core';
import { DIALECTS } from './dialects.ts';
import type { GateLibrary } from './lower/library.ts';
import { QELIB1 } from './openqasm2/qelib1.ts';
import { FUNCTIONS } from './openqasm2/words.ts';

const INTRODUCTION = `# OpenQASM 2 and dialects

OpenQASM 2.0 is read and written beside [OpenQASM 3](openqasm.md), and programs with the gates of Amazon
Braket are read. A program is what its header says, whatever the request called it; a note tells when the
two differ.

| language | in requests | in the command line |
|---|---|---|
| OpenQASM 2.0 | \`"language": "openqasm2"\` | by its header |
| OpenQASM 3 with the gates of Braket | \`"language": "openqasm3", "dialect": "braket"\`, over gRPC \`openqasm3-braket\` | \`--dialect braket\` |

## OpenQASM 2

Every statement of the language is executed; an \`opaque\` gate may be declared, and using one is refused by
name. Numbers in parameters are real, so \`1/2\` is a half; \`^\` is the power; the functions are
${Object.keys(FUNCTIONS).join(', ')}. Counts have the same keys as in OpenQASM 3. Beyond the language a
missing header and \`gphase(a) q;\`, the global phase, are read. \`U\` is \`u3\` and \`CX\` is \`cx\`;
\`include "qelib1.inc";\` declares the gates below. A program may give their names to gates and registers of
its own.
`;

const WRITING = `\`eigen-cli convert FILE --to openqasm2\` writes what has a form there: gates with numbers as parameters,
with up to ${OPENQASM2_CONTROLS_MAX} controls of either kind, measurements into bits, \`reset\`,
\`barrier\`, and conditions on one register. Gates that the file lacks are written as several that it has. A
global phase is left out, with a note. Everything without a form is listed.
`;

const BRAKET = `## The gates of Amazon Braket

They need no inclusion, and a program may give their names to something else. \`U\` has a real upper left
entry. The pragma \`braket unitary\` is executed, \`braket noise\` is refused, \`braket result\` and
\`braket verbatim\` are reported and have no effect.
`;

/** `docs/reference/openqasm2.md`, from the tables of gates. */
export const dialectsReference = (): string =>
  [INTRODUCTION, table(QELIB1), WRITING, BRAKET, table(DIALECTS.braket.gates)].join('\n');

/** What each gate of a library is, in the notation of gate definitions. */
function table({ names, weakNames, definitions }: GateLibrary): string {
  const defined = new Map(
    [...definitions.matchAll(/gate (\w+)([^{]*)\{([^}]*)\}/g)].map(([, name, head, body]) => [
      name!,
      [`${name}${head}`.trim(), body!.trim().replaceAll(/\s+/g, ' ')] as const,
    ]),
  );
  const all = [...names, ...weakNames];
  const same = all.filter((name) => !defined.has(name) && gateByName(name)?.name === name);
  const rows = all
    .filter((name) => !same.includes(name))
    .map((name) => defined.get(name) ?? [name, gateByName(name)!.name])
    .map(([signature, body]) => `| \`${signature}\` | \`${body}\` |`);
  const shared = `The gates of the [gate table](gates.md) with the same names: ${same.map((name) => `\`${name}\``).join(', ')}.`;
  return `${shared} The others:\n\n| gate | is |\n|---|---|\n${rows.join('\n')}\n`;
}
