import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOWERING_STEPS_MAX } from '@qfs/core';
import { Findings } from './findings.ts';
import { Budget, lowerSource, lowerSourceWithin } from './index.ts';
import { Lowering, TooLarge } from './lower/lowering.ts';

const NOWHERE = { start: 0, end: 0 };
const PLENTY = 1_000_000_000;

/** Steps that the lowering of a program takes. */
function stepsOf(source: string): number {
  const budget = new Budget(PLENTY);
  lowerSourceWithin(budget, source, 'openqasm3');
  return PLENTY - budget.left;
}

const many = (count: number, text: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join('\n');

test('a budget that is just enough is enough, and one step less is an answer, not an error', () => {
  const source = 'qubit[4] q; for int i in [0:3] { U(i * 0.5, 0, 0) q[i]; } barrier q; error q;';
  const steps = stepsOf(source);
  assert.deepEqual(lowerSourceWithin(new Budget(steps), source, 'openqasm3'), lowerSource(source));
  assert.equal(lowerSourceWithin(new Budget(steps - 1), source, 'openqasm3'), undefined);
});

test('programs share a budget', () => {
  const source = 'qubit q; reset q;';
  const budget = new Budget(2 * stepsOf(source));
  const isDone = Array.from(
    { length: 3 },
    () => lowerSourceWithin(budget, source, 'openqasm3') !== undefined,
  );
  assert.deepEqual(isDone, [true, true, false]);
});

const GROWING: Readonly<Record<string, (size: number) => string>> = {
  'gates in a row': (size) => `qubit[2] q; ${'U(0, 0.5, -pi / 3) q[1];'.repeat(size)}`,
  'rounds of a loop': (size) => `qubit q; for int i in [1:${size}] { U(i, 0, 0) q; }`,
  'empty rounds': (size) => `qubit q; for int i in [1:${size}] { }`,
  'a register': (size) => `qubit[${size}] q; reset q; barrier q;`,
  'a repeated gate': (size) => `qubit q; pow(${size}) @ U(1, 2, 3) q;`,
  declarations: (size) => `qubit q; ${many(size, (at) => `int[8] n${at} = ${at % 100};`)}`,
  'declarations of one name': (size) => `qubit q; ${many(size, () => '{ int n = 1; n += 1; }')}`,
  aliases: (size) => `qubit[4] q; let a0 = q; ${many(size, (at) => `let a${at + 1} = a${at}[0:3];`)}`,
  'a long sum in parts': (size) => `qubit q; int n; ${many(size, (at) => `n = n + ${at} * n;`)}`,
  subroutines: (size) => `qubit q; ${many(size, (at) => `def f${at}(int n) -> int { return n + ${at}; }`)}`,
  'definitions of gates': (size) =>
    many(size, (at) => `gate g${at} a { ${at === 0 ? 'U(0, 0, 0)' : `g${at - 1}`} a; }`),
};

for (const [title, program] of Object.entries(GROWING)) {
  test(`twice as much takes twice as many steps: ${title}`, () => {
    const [once, twice] = [stepsOf(program(500)), stepsOf(program(1000))];
    assert.ok(once > 0 && twice <= 2.01 * once, `${once}, then ${twice}`);
  });
}

test('work that leaves little behind is counted before it is done', () => {
  const body = `gate big a { ${'U(1, 2, 3) a; '.repeat(100)} } qubit[30] q;`;
  const controlled = stepsOf(
    `${body} ctrl(29) @ big ${many(30, (at) => `q[${at}]`).replaceAll('\n', ', ')};`,
  );
  assert.ok(controlled - stepsOf(body) >= 100 * 30);
  assert.ok(stepsOf('qubit q; bit[60000] c; let a = c[0:59998];') >= 60_000);
  assert.ok(stepsOf('qubit[4096] q; let a = q; barrier a;') >= 2 * 4096);
  const uses = (count: number): number =>
    stepsOf(`qubit q; bit[60000] c; ${'c = rotl(c, 1);'.repeat(count)}`);
  assert.ok(uses(20) < 1_000, 'whole registers are named without a look at their bits');
  const named = many(1000, (at) => `x $${at};`).replaceAll('x', 'reset');
  assert.ok(stepsOf(`def f() { ${named} } ${'f();'.repeat(50)}`) >= 50 * 1000);
  const block = '{ duration d = 1ns; d = 2ns; }';
  assert.ok(stepsOf(`qubit q; ${block.repeat(300)}`) >= 300 * 300);
  assert.ok(stepsOf('gate nothing a { } qubit q; pow(1000000000000000) @ nothing q;') < 100);
});

test('lowering ends at LOWERING_STEPS_MAX', () => {
  const findings = new Findings();
  const lowering = new Lowering(findings, new Budget());
  lowering.spend(LOWERING_STEPS_MAX, NOWHERE);
  assert.throws(() => lowering.spend(1, NOWHERE), TooLarge);
  assert.deepEqual(
    findings.list.map(({ code }) => code),
    ['QASM_CIRCUIT_TOO_LARGE'],
  );
  const controls = Array.from({ length: 50 }, (_, at) => `q[${at}]`).join(', ');
  const source = `qubit[50] q; ctrl(24) @ ctrl(25) @ pow(2000000) @ U(1, 2, 3) ${controls};`;
  const { diagnostics, program } = lowerSource(source);
  assert.equal(program, undefined);
  assert.match(diagnostics[0]!.message, /more than 100000000 steps/);
});
