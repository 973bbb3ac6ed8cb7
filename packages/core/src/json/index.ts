/** `@qfs/core/json`: the two canonical forms, a strict reader, and a writer that keeps the order of Maps. */
export { type JsonFault, type JsonValue, parseJson } from './parse.ts';
export { type JsonInput, jcs, pythonCanonicalJson, stringifyJson } from './write.ts';
