/** Digits of an exact value: below a hundredth of what chemistry asks for. */
const EXACT_DIGITS = 7;
const DIGITS_MAX = 12;
/** Beyond this numbers are written with an exponent. */
const PLAIN_MAX = 1e15;

/** A value with its standard error, which has two digits that count: `-1.1348 ± 0.0021`. */
export const measuredText = (value: number, stdError: number): string =>
  `${valueText(value, stdError)} ± ${stdError === 0 ? '0' : written(stdError, digitsOf(stdError))}`;

/** A value with as many digits as its error leaves it. */
export const valueText = (value: number, stdError: number): string => written(value, digitsOf(stdError));

const written = (value: number, digits: number): string =>
  Math.abs(value) < PLAIN_MAX ? value.toFixed(digits) : value.toExponential(EXACT_DIGITS);

function digitsOf(stdError: number): number {
  if (!(stdError > 0)) return EXACT_DIGITS;
  const magnitude = Math.floor(Math.log10(stdError));
  return Math.min(Math.max(1 - magnitude, 0), DIGITS_MAX);
}
