const SECOND_MS = 1000;
const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', SECOND_MS],
] as const;

/** A time span in its two largest units: `3 d 4 h`, `12 s`, `250 ms`. */
function timeSpanText(milliseconds: number): string {
  if (milliseconds < SECOND_MS) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const at = UNITS.findIndex(([, unitMs]) => milliseconds >= unitMs);
  const [unit, unitMs] = UNITS[at]!;
  const whole = Math.floor(milliseconds / unitMs);
  const next = UNITS[at + 1];
  const rest = next === undefined ? 0 : Math.floor((milliseconds - whole * unitMs) / next[1]);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${next![0]}`;
}

/** How long ago a moment was: `3 d 4 h ago`. */
export const ago = (momentMs: number, nowMs = Date.now()): string => `${timeSpanText(nowMs - momentMs)} ago`;

/** When something is expected to begin: `now`, `in about 12 s`. */
export const inAbout = (waitMs: number): string =>
  waitMs < SECOND_MS ? 'now' : `in about ${timeSpanText(waitMs)}`;
