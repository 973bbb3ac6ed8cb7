/** Digits of an exact value: below a hundredth of what chemistry asks for. */
const EXACT_DIGITS = 7;
const DIGITS_MAX = 12;

/** A value with its standard error, which has two digits that count: `-1.1348 ± 0.0021`. */
export const measuredText = (value: number, stdError: number): string =>
  `${valueText(value, stdError)} ± ${stdError === 0 ? '0' : stdError.toFixed(digitsOf(stdError))}`;

/** A value with as many digits as its error leaves it. */
export const valueText = (value: number, stdError: number): string => value.toFixed(digitsOf(stdError));

function digitsOf(stdError: number): number {
  if (!(stdError > 0)) return EXACT_DIGITS;
  const magnitude = Math.floor(Math.log10(stdError));
  return Math.min(Math.max(1 - magnitude, 0), DIGITS_MAX);
}
