import { QfsError } from '../errors.ts';
import { err, ok, type Result } from '../exact/result.ts';

export type TomlScalar = string | number | boolean;
export type TomlValue = TomlScalar | readonly TomlScalar[] | TomlTable;
/** Members by key, in the order of the text. */
export type TomlTable = ReadonlyMap<string, TomlValue>;

type OpenTable = Map<string, TomlValue | OpenTable>;

/**
 * Reads the part of TOML 1.0 that settings need: `key = value` lines with strings, integers, floats, booleans and
 * lists of these on one line, tables (`[name]`, `[name.part]`), comments. The rest of the language (dates, inline
 * tables, arrays of tables, texts over several lines, dotted keys) is refused by its line.
 * @param path what the text is called in messages
 * @returns or REQUEST_INVALID with the path and the line
 */
export function parseToml(text: string, path: string): Result<TomlTable, QfsError> {
  const root: OpenTable = new Map();
  const declared = new Set<OpenTable>();
  let table = root;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const fail = (why: string): Result<TomlTable, QfsError> =>
      err(new QfsError('REQUEST_INVALID', `${path}:${index + 1}: ${why}.`));
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      const opened = openTable(root, line);
      if (opened === undefined) return fail(`"${line}" is not the header of a table; write [name]`);
      if (opened === 'taken' || declared.has(opened)) return fail(`the table ${line} stands twice`);
      declared.add(opened);
      table = opened;
      continue;
    }
    const [key, rest] = takeKey(line) ?? [];
    const value = rest?.startsWith('=') ? parseValue(rest.slice(1).trim()) : undefined;
    if (key === undefined || value === undefined) return fail(`"${line}" is not "key = value"`);
    if (table.has(key)) return fail(`the key "${key}" stands twice`);
    table.set(key, value);
  }
  return ok(root);
}

/** The table that a header names, made where it is missing; `taken` where a value has its name. */
function openTable(root: OpenTable, header: string): OpenTable | 'taken' | undefined {
  let table = root;
  for (let rest = header.slice(1).trim(); ; ) {
    const [key, after] = takeKey(rest) ?? [];
    if (key === undefined || after === undefined) return undefined;
    const member = table.get(key) ?? new Map();
    if (!(member instanceof Map)) return 'taken';
    table.set(key, member);
    table = member;
    if (after.startsWith(']')) return COMMENT.test(after.slice(1)) ? table : undefined;
    if (!after.startsWith('.')) return undefined;
    rest = after.slice(1).trim();
  }
}

const BARE_KEY = /^[A-Za-z0-9_-]+/;
const STRING = /^(?:"((?:[^"\\\p{Cc}]|\t|\\(?:["\\bfnrt]|u[0-9A-Fa-f]{4}))*)"|'((?:[^'\p{Cc}]|\t)*)')/u;
const SCALAR = /^(?:true|false|[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d+)?)(?=$|[\s,\]#])/;
const COMMENT = /^\s*(?:#.*)?$/;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

type Taken<T> = readonly [value: T, rest: string] | undefined;

function takeKey(text: string): Taken<string> {
  const bare = BARE_KEY.exec(text)?.[0];
  if (bare !== undefined) return [bare, text.slice(bare.length).trim()];
  const quoted = takeString(text);
  return quoted && [quoted[0], quoted[1].trim()];
}

function parseValue(text: string): TomlValue | undefined {
  const taken = text.startsWith('[') ? takeList(text.slice(1)) : takeScalar(text);
  return taken !== undefined && COMMENT.test(taken[1]) ? taken[0] : undefined;
}

function takeScalar(text: string): Taken<TomlScalar> {
  const word = SCALAR.exec(text)?.[0];
  if (word === undefined) return takeString(text);
  const rest = text.slice(word.length);
  if (word === 'true' || word === 'false') return [word === 'true', rest];
  return [Number(word.replaceAll('_', '')), rest];
}

function takeString(text: string): Taken<string> {
  const match = STRING.exec(text);
  if (match === null) return undefined;
  const rest = text.slice(match[0].length);
  if (match[2] !== undefined) return [match[2], rest];
  const unescaped = (_: string, code: string): string =>
    code.startsWith('u') ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPES[code] ?? code);
  return [match[1]!.replace(/\\(u....|.)/g, unescaped), rest];
}

function takeList(text: string): Taken<readonly TomlScalar[]> {
  const items: TomlScalar[] = [];
  let rest = text.trim();
  while (!rest.startsWith(']')) {
    const taken = takeScalar(rest);
    if (taken === undefined) return undefined;
    items.push(taken[0]);
    rest = taken[1].trim();
    if (rest.startsWith(',')) rest = rest.slice(1).trim();
    else if (!rest.startsWith(']')) return undefined;
  }
  return [items, rest.slice(1)];
}
