import { BUILTIN_CONSTANTS, BUILTIN_FUNCTIONS } from './lower/builtins.ts';
import { KEYWORD_KINDS } from './syntax/token.ts';

/** Names that the language itself gives a meaning; a declaration would hide them. */
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(BUILTIN_CONSTANTS),
  ...BUILTIN_FUNCTIONS,
]);

const IDENTIFIER = /^[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{Nl}_][\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{Nl}_0-9]*$/u;

/** Can this be declared as a name, gates of included files apart? */
export const isFreeName = (name: string): boolean =>
  IDENTIFIER.test(name) && !KEYWORD_KINDS.has(name) && name !== 'pragma' && !RESERVED_NAMES.has(name);
