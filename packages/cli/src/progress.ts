import type { Terminal } from './terminal.ts';

/** One line on the standard error that says what is going on and for how long; gone when it is over. */
export interface Progress {
  say(what: string): void;
  /** Takes the line away until there is something new to say. */
  pause(): void;
  /** Takes the line away, so that something else can be written. */
  end(): void;
}

/** What takes less than this is not worth a line. */
const SILENT_MS = 1000;
const REDRAW_MS = 200;
const FRAMES = ['|', '/', '-', '\\'];

const SILENT: Progress = { say: () => undefined, pause: () => undefined, end: () => undefined };

/** Where nobody watches, nothing is written. */
export function startProgress(terminal: Terminal): Progress {
  if (!terminal.interactive) return SILENT;
  const startedMs = Date.now();
  let text = '';
  let frame = 0;
  let isShown = false;
  const draw = (): void => {
    const elapsedMs = Date.now() - startedMs;
    if (elapsedMs < SILENT_MS || text === '') return;
    frame = (frame + 1) % FRAMES.length;
    isShown = true;
    const line = `${FRAMES[frame]} ${text} (${Math.floor(elapsedMs / 1000)} s)`;
    terminal.note(`\r\u001b[K${line.slice(0, (terminal.columns ?? LINE_CHARS_MAX) - 1)}`);
  };
  const timer = setInterval(draw, REDRAW_MS);
  // A line of progress is no reason to go on.
  timer.unref();
  const hide = (): void => {
    if (isShown) terminal.note('\r\u001b[K');
    isShown = false;
  };
  return {
    say(what) {
      text = what;
      if (isShown) draw();
    },
    pause() {
      hide();
      text = '';
    },
    end() {
      clearInterval(timer);
      hide();
    },
  };
}

/** A line that is longer would leave its beginning behind when it is rewritten. */
const LINE_CHARS_MAX = 80;
