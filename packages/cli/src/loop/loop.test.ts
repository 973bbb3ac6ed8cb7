import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordingTerminal } from '../testing/recording-terminal.ts';
import { measuredText, valueText } from './energy.ts';
import { type Iteration, iterationText, LoopPlot } from './loop-view.ts';
import { drawPlot } from './plot.ts';

const drawing = (values: readonly number[], width = 48, height = 4): string =>
  `\n${drawPlot(values, { width, height }).join('\n')}\n`;

test('a plot goes from the first value to the last one, with least and largest at its axis', () => {
  assert.equal(
    drawing([-1.117, -1.02, -1.137, -1.09, -1.1313, -1.1361, -1.1372, -1.1369, -1.1373, -1.1373]),
    `
-1.0200 ┤   ⢀⠎⢆
        ┤  ⡰⠁ ⠈⢆
        ┤⢀⠎    ⠈⢆   ⢀⠤⠢⢄
-1.1373 ┤⠁      ⠈⢆⠤⠊⠁   ⠉⠒⠤⠤⢄⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
`,
  );
});

test('one value, equal values and more values than dots are drawn', () => {
  assert.equal(drawing([3], 20, 2), '\n3.0000 ┤\n3.0000 ┤⡀\n');
  assert.equal(drawing([3, 3], 20, 2), '\n3.0000 ┤\n3.0000 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀\n');
  const many = Array.from({ length: 10_000 }, (_, k) => 10_000 - k);
  const lines = drawPlot(many, { width: 40, height: 6 });
  assert.equal(lines.length, 6);
  assert.ok(lines.every(({ length }) => length <= 40));
});

test('a value has the digits that its error leaves it', () => {
  assert.equal(measuredText(-1.137306035, 0), '-1.1373060 ± 0');
  assert.equal(measuredText(-1.137306035, 0.00212), '-1.1373 ± 0.0021');
  assert.equal(measuredText(-6.6, 0.0131), '-6.600 ± 0.013');
  assert.equal(measuredText(12.3, 25), '12 ± 25');
  assert.equal(measuredText(-1e100, 1e98), '-1.0000000e+100 ± 1.0000000e+98');
  assert.equal(valueText(-2, 1e-20), '-2.000000000000');
});

const iteration = (at: number, value: number, stdError = 0): Iteration =>
  ({ iteration: at, evaluations: at + 1, evaluationsMax: 10, value, stdError, best: value }) as Iteration;

test('an iteration is one line', () => {
  assert.equal(
    iterationText({ ...iteration(12, -1.13), best: -1.1373 } as Iteration),
    'iteration 12  energy -1.1300000  best -1.1373000',
  );
  assert.equal(iterationText(iteration(2, -1.13, 0.01)), 'iteration 2  energy -1.130 ± 0.010  best -1.130');
});

test('the plot redraws itself in its place, not more often than anybody looks, and rests with the newest', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1000 });
  const terminal = new RecordingTerminal({}, {}, { interactive: true });
  const plot = new LoopPlot(terminal);
  plot.add(iteration(1, -1));
  const first = terminal.transcript;
  assert.match(first, /energy -1\.0000000 {2}best -1\.0000000 {2}██░{8} 2\/10\n$/);
  plot.add(iteration(2, -2));
  assert.equal(terminal.transcript, first);
  t.mock.timers.tick(100);
  plot.add(iteration(3, -3));
  assert.ok(terminal.transcript.slice(first.length).startsWith('! \u001b[7A\u001b[J'));
  plot.add(iteration(4, -4));
  plot.rest();
  const rested = terminal.transcript;
  assert.match(rested, /iteration 4 .* 5\/10\n$/);
  plot.rest();
  assert.equal(terminal.transcript, rested);
});

test('a narrow terminal has the line alone, cut to its width', () => {
  const lines: string[] = [];
  const terminal = { columns: 25, note: (text: string) => void lines.push(text) };
  new LoopPlot(terminal).add(iteration(1, -1));
  assert.deepEqual(lines, ['iteration 1  energy -1.0\n']);
});
