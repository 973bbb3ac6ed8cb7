import { QfsError } from '@qfs/core';

type Value = string | number | boolean | readonly string[];

/**
 * Reads the flat part of TOML that settings need: `key = value` lines with strings, integers, booleans, lists of
 * strings, and comments (TOML 1.0: keys, string, integer, boolean, array). Tables are refused: there are
 * none.
 */
export function parseToml(text: string, path: string): Map<string, Value> {
  const values = new Map<string, Value>();
  text.split(/\r?\n/).forEach((raw, number) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const match = /^([A-Za-z0-9_-]+)\s*=\s*(.+)$/.exec(line);
    const value = match === null ? undefined : parseValue(match[2]!);
    if (match === null || value === undefined) {
      throw new QfsError('REQUEST_INVALID', `${path}:${number + 1}: "${line}" is not "key = value".`);
    }
    if (values.has(match[1]!)) {
      throw new QfsError('REQUEST_INVALID', `${path}:${number + 1}: the key "${match[1]}" stands twice.`);
    }
    values.set(match[1]!, value);
  });
  return values;
}

const STRING = /^(?:"((?:[^"\\]|\\["\\nt])*)"|'([^']*)')/;
const COMMENT = /^\s*(?:#.*)?$/;

function parseValue(text: string): Value | undefined {
  const scalar = /^(true|false|[+-]?\d+)\s*(?:#.*)?$/.exec(text);
  if (scalar !== null) {
    const word = scalar[1]!;
    return word === 'true' || word === 'false' ? word === 'true' : Number(word);
  }
  if (text.startsWith('[')) return parseList(text.slice(1));
  const string = takeString(text);
  return string !== undefined && COMMENT.test(string.rest) ? string.value : undefined;
}

function takeString(text: string): { value: string; rest: string } | undefined {
  const match = STRING.exec(text);
  if (match === null) return undefined;
  const value = match[2] ?? match[1]!.replace(/\\(.)/g, (_, c: string) => ({ n: '\n', t: '\t' })[c] ?? c);
  return { value, rest: text.slice(match[0].length) };
}

function parseList(text: string): readonly string[] | undefined {
  const items: string[] = [];
  let rest = text.trim();
  while (!rest.startsWith(']')) {
    const item = takeString(rest);
    if (item === undefined) return undefined;
    items.push(item.value);
    rest = item.rest.trim();
    if (rest.startsWith(',')) rest = rest.slice(1).trim();
    else if (!rest.startsWith(']')) return undefined;
  }
  return COMMENT.test(rest.slice(1)) ? items : undefined;
}
