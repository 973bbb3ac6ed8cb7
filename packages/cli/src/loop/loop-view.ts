import type { Terminal } from '../terminal.ts';
import { measuredText, valueText } from './energy.ts';
import { drawPlot } from './plot.ts';

/** One step of a loop, as events of a job tell it. */
export interface Iteration {
  readonly iteration: number;
  readonly evaluations: number;
  readonly evaluationsMax: number;
  readonly value: number;
  readonly stdError: number;
  readonly best: number;
}

/** Columns where no terminal says otherwise. */
const COLUMNS = 80;
/** Narrower than this no line can be seen beside the axis. */
const PLOT_COLUMNS_MIN = 30;
const PLOT_ROWS = 6;
const BAR_CELLS = 10;
/** Loops may be faster than anybody can look. */
const REDRAW_MS = 100;

/** `iteration 12  energy -1.1371 ± 0.0021  best -1.1373` */
export const iterationText = ({ best, iteration, stdError, value }: Iteration): string =>
  [
    `iteration ${iteration}`,
    `energy ${stdError > 0 ? measuredText(value, stdError) : valueText(value, 0)}`,
    `best ${valueText(best, stdError)}`,
  ].join('  ');

/** The energy of every iteration so far as a plot that redraws itself, above a line with the newest. */
export class LoopPlot {
  readonly #terminal: Pick<Terminal, 'columns' | 'note'>;
  readonly #values: number[] = [];
  #newest: Iteration | undefined;
  #lines = 0;
  #drawnAtMs = 0;

  constructor(terminal: Pick<Terminal, 'columns' | 'note'>) {
    this.#terminal = terminal;
  }

  add(iteration: Iteration): void {
    this.#values.push(iteration.value);
    this.#newest = iteration;
    const nowMs = Date.now();
    if (this.#lines > 0 && nowMs - this.#drawnAtMs < REDRAW_MS) return;
    this.#drawnAtMs = nowMs;
    this.#draw();
  }

  /** Shows the newest state and leaves it where it is; what comes is drawn below. */
  rest(): void {
    if (this.#lines > 0) this.#draw();
    this.#lines = 0;
  }

  #draw(): void {
    // One column stays free: a full line makes some terminals begin another.
    const width = (this.#terminal.columns ?? COLUMNS) - 1;
    const plot = width < PLOT_COLUMNS_MIN ? [] : drawPlot(this.#values, { width, height: PLOT_ROWS });
    const lines = [...plot, statusLine(this.#newest!).slice(0, width)];
    const back = this.#lines === 0 ? '' : `\u001b[${this.#lines}A\u001b[J`;
    this.#terminal.note(`${back}${lines.join('\n')}\n`);
    this.#lines = lines.length;
  }
}

function statusLine(newest: Iteration): string {
  const { evaluations, evaluationsMax } = newest;
  const share = evaluationsMax === 0 ? 0 : Math.min(evaluations / evaluationsMax, 1);
  const full = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
  return `${iterationText(newest)}  ${bar} ${evaluations}/${evaluationsMax}`;
}
