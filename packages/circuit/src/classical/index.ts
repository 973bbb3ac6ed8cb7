/** `@qfs/circuit/classical`: what the expressions of the circuit IR mean, when they are folded and when they run. */
export { callBuiltin } from './builtins.ts';
export { elementOf, elementsOf, joined, type Picked, position, selectFrom, store } from './elements.ts';
export { fault, malformed } from './fault.ts';
export { binary, unary } from './operators.ts';
export {
  bool,
  cast,
  complex,
  duration,
  FEMTOSECONDS_PER_SECOND,
  fixed,
  float,
  toBoolean,
  toInteger,
  toNumber,
  type Value,
  zeroOf,
} from './values.ts';
