/** Durations: values where their length is known, checked and without effect elsewhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertOutcome, compiled, HEAD, refusal, run } from './run.ts';

type Row = readonly [source: string, r: string];

function assertRows(rows: readonly Row[]): void {
  for (const [source, expected] of rows) assertOutcome(`qubit q; ${source}`, expected);
}

// biome-ignore format: one program per line
const VALUES: readonly Row[] = [
  ['const duration d = 100ns; output float r; r = 0.25us / d;', '2.5'],
  ['duration d = 100ns; output float r; r = 0.25us / d;', '2.5'],
  ['duration d; d = 100ns; output float r; r = 0.25us / d;', '2.5'],
  ['output bool r; r = 1.1us == 1100ns && 1ms == 1000us && 1s == 1000ms && 2us == 2µs;', 'true'],
  ['output bool r; r = 10ns + 20ns == 30ns && 3 * 10ns - 5ns > 24.9ns && 7us / 2 <= 3.5us;', 'true'],
  ['duration d = 10ns; d += 20ns; output bool r; r = d == 30ns;', 'true'],
  ['duration d = 10ns; for int i in [1:9] { d += 10ns; if (i > 9) break; } output bool r; r = d == 0.1us;', 'true'],
  ['duration d = 10ns; output float r; r = -d * 2.5 / 10ns;', '-2.5'],
  ['def f(duration d, int k) -> duration { return d * k; } output float r; r = f(10ns, 3) / 10ns;', '3'],
  ['array[duration, 2] a = {10ns, 20ns}; output float r; a[0] *= 2; r = (a[0] + a[1]) / 10ns;', '4'],
  ['duration d = 10ns; output int r; while (d < 1us) { d *= 2; r += 1; delay[d] q; }', '7'],
  ['output duration r; r = 30ns;', '3e-8'],
];

test('AQO-10: durations add, compare, scale and have ratios, in whole femtoseconds', () =>
  assertRows(VALUES));

// biome-ignore format: one program per line
const LENGTHS: readonly Row[] = [
  ['qubit[2] p2; output float r; r = durationof({ delay[10ns] p2[0]; delay[20ns] p2; delay[10ns]; }) / 10ns;', '4'],
  ['const duration d = 3 * durationof({ delay[5ns] q; }); output float r; r = d / 1ns;', '15'],
  ['output float r; r = durationof({ }) / 1ns;', '0'],
];

test('delays have a length that can be asked for', () => assertRows(LENGTHS));

// biome-ignore format: one program per line
const WITHOUT_EFFECT: readonly Row[] = [
  ['duration d = 100ns; stretch a; stretch b = 300ns; box[2 * d + a] { delay[a] q; delay[10dt + b - d] q; } x q; output bit r; r = measure q;', '1'],
  ['const duration d = 5dt; duration e = d; e = e + 10ns; delay[e] q; output bit r; r = measure q;', '0'],
  ['duration m; m = durationof({ x q; }); delay[m] q; output bit r; r = measure q;', '0'],
  ['box { } box[10ns] { nop q; box { delay[1us] q; } } delay[0ns]; output bit r; r = measure q;', '0'],
  ['def f(qubit a) -> duration { x a; return 1ns; } delay[f(q)] q; output bit r; r = measure q;', '1'],
];

test('delays, boxes and stretches have no effect, whatever they depend on', () => {
  assertRows(WITHOUT_EFFECT);
  const { diagnostics } = compiled(`${HEAD}qubit q; stretch g; delay[g] q;`);
  assert.deepEqual(
    diagnostics.map(({ code, severity }) => `${severity} ${code}`),
    ['warning QASM_IGNORED', 'warning QASM_IGNORED'],
  );
});

test('a program that only declares durations stays a static circuit', () => {
  const { program } = compiled(`${HEAD}qubit q; duration d = 2 * 50ns; delay[d] q; x q;`);
  assert.deepEqual([program.variables, program.body.map(({ kind }) => kind)], [[], ['gate']]);
});

test('a duration that is an input is bound in seconds', () => {
  const source = `${HEAD}input duration d; qubit q; output float r; r = d / 1us;`;
  assert.deepEqual([...run(source, 1, [new Map([['d', 2.5e-6]])]).outputs.get('r')!], [['2.5', 1]]);
});

test('what depends on a length that only a device knows is refused, with the reason', () => {
  for (const [source, reason] of [
    ['bool b = 10dt > 5ns;', /depends on the length of a `dt`, which a device has/],
    ['duration d = 10dt; float f = 2 * d / 1ns;', /depends on the length of a `dt`/],
    ['duration d = 10ns; d = 5dt; if (d > 1ns) x q;', /depends on the length of a `dt`/],
    ['stretch g; bool b = g > 5ns;', /depends on the stretch `g`/],
    ['stretch g; duration d = 2 * g; float f = d / 1ns;', /depends on the stretch `g`/],
    ['duration d = durationof({ x q; }); float f = d / 1ns;', /depends on how long gates take/],
    ['def f(duration d) { } f(10dt);', /depends on the length of a `dt`/],
  ] as const)
    assert.match(refusal(`qubit q; ${source}`), new RegExp(`^QASM_UNSUPPORTED.*${reason.source}`));
});

test('what is no duration, or none that can be', () => {
  for (const [source, finding] of [
    ['delay[10] q;', 'QASM_TYPE: A duration is needed here, not int[64].'],
    ['stretch g; delay[g + 5] q;', 'QASM_TYPE: A duration is needed here, not int[64].'],
    ['stretch g; delay[g * g] q;', 'QASM_UNSUPPORTED: '],
    ['duration d = 10ns * 20ns;', 'QASM_TYPE: No value for duration and duration'],
    ['bool b = 10ns > 5;', 'QASM_TYPE: No value for duration and int[64]'],
    ['int n = 10ns;', 'QASM_TYPE: A value of type duration cannot become int[64].'],
    ['if (10ns) x q;', 'QASM_TYPE: A condition must be true or false, not duration.'],
    ['const duration d = 10ns; delay[-d] q;', 'QASM_VALUE: How long something takes cannot be negative.'],
    ['const duration d = 10ns / 0;', 'QASM_VALUE: This has no value: division by zero.'],
    ['array[stretch, 2] a;', 'QASM_UNSUPPORTED: A stretch as a value'],
  ] as const)
    assert.ok(
      refusal(`qubit q; ${source}`).startsWith(finding),
      `${source}: ${refusal(`qubit q; ${source}`)}`,
    );
  const source = `${HEAD}qubit q; int k; duration d = 10ns; d = d / k; output bit r; r = measure q;`;
  assert.throws(() => run(source), { code: 'PROGRAM_FAULT', message: 'A duration cannot be Infinity s.' });
});
