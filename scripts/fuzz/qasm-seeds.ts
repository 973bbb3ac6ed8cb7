import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateSource } from '@qfs/compiler';
import { DIAGNOSTICS } from '@qfs/qasm';
import { GRAMMAR } from '../../tests/conformance/grammar.ts';

const SEED_CHARS_MAX = 20_000;
/** A program of a line or two gives mutations little to change. */
const PROGRAM_CHARS_MIN = 100;

/** Constructs that the examples do not have together, each in a form that runs. */
const RICH = `OPENQASM 3.0;
include "stdgates.inc";
gate g(a, b) x, y { rx(a / 2) x; ctrl @ inv @ rz(-b) x, y; gphase(pi); }
input float[64] theta; output bit[2] o;
qubit[4] q; bit[4] c; int[8] i = 3; uint[8] u; angle[8] w = pi / 3; bool f = true;
const int n = 2 ** 3 - 4; let half = q[0:1] ++ q[3:3];
h q; g(theta, 0.5) q[0], q[1]; pow(-2) @ s q[n - 4]; negctrl @ x q[0], q[1];
c = measure q; if (c == 3 && !f) { x q[i]; } else y q[1];
for uint k in [0:2:6] { rz(k * w) q[0]; } while (i > 0) { i -= 1; if (c[0]) break; }
switch (i) { case 1, 2 { z q[0]; } default { reset q; } }
def f2(qubit[2] r, int[8] k, mutable array[int[8], 2] m) -> bit {
  m[k] += 1; if (k > 1) return f2(r, k - 1, m); return measure r[0]; }
array[int[8], 2, 2] m = {{1, 2}, {3, 4}}; c[1] = f2(q[{0, 2}], i, m[1]); for int[8] e in m[0] { i[e] = 1; }
complex[float] z1 = 1 - 2im; z1 *= real(z1); float v = sin(theta) ** 2 + popcount(c); c = rotl(c, 2) | c << 1;
duration d1 = 2 * 10ns; delay[d1] q; pow(0.5) @ y q[2]; m[0][0:1] = m[1]; int[4] j = int[4](i) % 3;
o = c[1:2]; barrier q; box[d1] { delay[20ns] q[0]; } measure half[0] -> c[3]; end;
`;

/** The `source:` block of a reference file of the corpus. */
const sourceOf = (yaml: string): string => /^source: *\|?-?\n((?: .*\n|\n)*)/m.exec(yaml)?.[1] ?? '';

/** What inputs are made from. */
export interface Seeds {
  /** Programs that run. */
  readonly programs: readonly string[];
  /** What cannot run by itself. */
  readonly parts: readonly string[];
}

/** Examples, exports of other tools, the corpus that `QFS_OPENQASM_CORPUS` names, every grammar rule, and the examples of the findings. */
export function seeds(): Seeds {
  const read = (path: string): string => readFileSync(path, 'utf8');
  const corpus = process.env.QFS_OPENQASM_CORPUS ?? '';
  const official = (pattern: string): string[] =>
    corpus === '' ? [] : globSync(join(corpus, pattern)).sort().map(read);
  const rules = Object.values(GRAMMAR).flatMap(({ accepted, rejected }) => [...accepted, ...rejected]);
  const all = [
    RICH,
    ...globSync(['examples/**/*.qasm', 'tests/conformance/**/*.qasm']).sort().map(read),
    ...official('examples/**/*.qasm'),
    ...official('reference/**/*.yaml').map(sourceOf),
    ...Object.values(DIAGNOSTICS).map(({ example }) => example),
    ...rules,
    rules.join('\n'),
  ].filter(({ length }) => length <= SEED_CHARS_MAX);
  const runs = (source: string): boolean =>
    source.length > PROGRAM_CHARS_MIN &&
    validateSource({ language: 'openqasm3', source, level: 'semantic' }).executable;
  return { programs: all.filter(runs), parts: all.filter((source) => !runs(source)) };
}
