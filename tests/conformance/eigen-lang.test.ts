import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findingsOf } from '@qfs/circuit';
import { lowerProgram, parseProgram } from '@qfs/eigen-lang';
import { readPlan, writePlan } from '@qfs/hybrid';
import fc from 'fast-check';

/*
 * Whatever Eigen-Lang accepts, CPython's own parser accepts; whatever of the corpus is hostile,
 * Eigen-Lang refuses
 * with a place. Programs are read by `ast.parse` and never run.
 */
const PYTHON = spawnSync('python3', ['--version']).status === 0;
const GOLDEN = new URL('./eigen-lang/golden/', import.meta.url);
const CORPUS = new URL('./eigen-lang/hostile.txt', import.meta.url);

const READ = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
def verdict(source):
    try:
        ast.parse(source)
        return None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"
print(json.dumps([verdict(source) for source in json.load(sys.stdin)]))
`;

/** What CPython says against each program; null where it reads it. */
function pythonVerdicts(programs: readonly string[]): (string | null)[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', READ], {
    input: JSON.stringify(programs),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 60_000,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as (string | null)[];
}

const isAccepted = (source: string): boolean => parseProgram(source).diagnostics.length === 0;

const PROGRAMS = [
  `"""H2."""
from eigen_lang import (
    ExpectationValue, Observable, Param, QubitRegister, cnot, hybrid_program, minimize, ry, x,
)


@hybrid_program(target="sim:local", shots=8192, seed=7, metadata={"molecule": "H2", "k": [1, 2.5e-1, None, True]})

def vqe_h2():
    """One angle."""
    theta = Param("theta", -0.10)
    q = QubitRegister(2)
    x(0)
    ry(1, theta=theta)
    for k in range(2 * 3 - 5):
        if k == 0 and not False:
            cnot(1, 0)
        else:
            pass
    energy = ExpectationValue("ansatz", observable=Observable.from_terms([(-1.052, "II"), (0.398, "IZ")]))
    optimum = minimize(energy, [0.1], method="COBYLA", max_iters=0x20)
    return {"energy": optimum.fun, "x": optimum.x, "n": q.size,}
`,
  'a = 1; b = -a ** -2 // 3 % 4\nif a <= b != 3: pass\nelif (b): c = (1,)\nelse: c = []\n',
  "s = r'\\d' \"\\u0041\\x42\\103\" '''a\nb'''\nt: float = .5e+1_0\n",
];

/** A text that is near a program: pieces of one are left out, doubled, exchanged, or of another. */
const nearTo = (programs: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...programs),
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 3 })), { maxLength: 6 }),
    )
    .map(([program, changes]) => {
      const pieces = program.split(/(\b|(?<=\W)(?=\W))/).filter((piece) => piece !== '');
      for (const [at, from, kind] of changes) {
        const [k, j] = [at % pieces.length, from % pieces.length];
        if (kind === 0) pieces.splice(k, 1);
        else if (kind === 1) pieces.splice(k, 0, pieces[j]!);
        else if (kind === 2) [pieces[k], pieces[j]] = [pieces[j]!, pieces[k]!];
        else
          pieces[k] = ['\n', '    ', '\t', '\\', '(', ')', ':', '=', '0', '_', '.', "'", 'not ', '\f'][
            j % 14
          ]!;
      }
      return pieces.join('');
    });

const near = nearTo(PROGRAMS);

test('the programs that others are made of are accepted', () => {
  for (const source of PROGRAMS) assert.deepEqual(parseProgram(source).diagnostics, []);
});

test('whatever is accepted, CPython accepts', { skip: !PYTHON && 'python3 is not installed' }, () => {
  const seed = Number(process.env.QFS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const samples = fc.sample(near, { numRuns: 8_000, seed });
  const accepted = [...new Set(samples.filter(isAccepted))];
  assert.ok(accepted.length > 300, `${accepted.length} programs were accepted`);
  const verdicts = pythonVerdicts([...PROGRAMS, ...accepted]);
  for (const [k, verdict] of verdicts.entries()) {
    const source = [...PROGRAMS, ...accepted][k];
    assert.equal(verdict, null, `QFS_SEED=${seed}: ${JSON.stringify(source)}: ${verdict}`);
  }
});

test('whatever text is lowered, the answer is a sound circuit with its plan, or diagnostics', () => {
  const seed = Number(process.env.QFS_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const files = readdirSync(GOLDEN).filter((name) => name.endsWith('.eigen.py'));
  const sources = files.map((name) => readFileSync(new URL(name, GOLDEN), 'utf8'));
  let sound = 0;
  for (const source of fc.sample(nearTo(sources), { numRuns: 2_000, seed })) {
    const { program, diagnostics } = lowerProgram(source);
    const said = `QFS_SEED=${seed}: ${JSON.stringify(source)}`;
    assert.equal(program === undefined, diagnostics.length > 0, said);
    if (program === undefined) continue;
    sound += 1;
    assert.deepEqual(findingsOf(program.circuit), [], said);
    if (program.plan !== undefined) assert.ok(readPlan(writePlan(program.plan)).ok, said);
  }
  assert.ok(sound > 60, `${sound} programs`);
});

test('every hostile program of the corpus is refused, with what it uses and where', () => {
  const cases = readFileSync(CORPUS, 'utf8')
    .split(/^--- /m)
    .slice(1)
    .map((text) => {
      const [, expected = '', program = ''] = /^(.*)\n([\s\S]*)$/.exec(text) ?? [];
      return { expected, program };
    });
  assert.ok(cases.length >= 60, `${cases.length} programs`);
  for (const { expected, program } of cases) {
    const { diagnostics } = parseProgram(program);
    const said = diagnostics.map(({ line, column, message }) => `${line}:${column} ${message}`);
    assert.ok(
      said.some((text) => text.startsWith(expected)),
      `${expected}\n${program}\n${said.join('\n')}`,
    );
  }
});
