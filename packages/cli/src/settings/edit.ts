import { DEFAULT_PROFILE } from './config-file.ts';

/**
 * The text of a config.toml with one key of one profile set, or removed. Everything else stays, comments too.
 * @param profile the table; `default` is what stands before the first table, unless there is a table of that name
 */
export function withKey(
  text: string,
  profile: string,
  key: string,
  value: string | readonly string[] | undefined,
): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const line = value === undefined ? [] : [`${key} = ${literal(value)}`];
  const header = lines.findIndex((at) => headerName(at) === profile);
  if (header < 0 && profile !== DEFAULT_PROFILE) {
    const before = lines.length === 0 ? [] : [...lines, ''];
    return value === undefined ? text : `${[...before, `[${headerText(profile)}]`, ...line].join('\n')}\n`;
  }
  const next = lines.findIndex((at, index) => index > header && headerName(at) !== undefined);
  const end = next < 0 ? lines.length : next;
  const found = lines.findIndex((at, index) => index > header && index < end && keyName(at) === key);
  if (found >= 0) lines.splice(found, 1, ...line);
  else {
    // Above the blank lines that separate this table from the next.
    let at = end;
    while (at > header + 1 && lines[at - 1]!.trim() === '') at -= 1;
    lines.splice(at, 0, ...line, ...(at === 0 && next === 0 ? [''] : []));
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

const NAME = String.raw`(?:([A-Za-z0-9_-]+)|"([^"\\]*)"|'([^']*)')`;
const HEADER = new RegExp(String.raw`^\s*\[\s*${NAME}\s*\]\s*(?:#.*)?$`);
const KEY = new RegExp(String.raw`^\s*${NAME}\s*=`);

const nameIn = (match: RegExpExecArray | null): string | undefined => match?.slice(1).find(Boolean);
const headerName = (line: string): string | undefined => nameIn(HEADER.exec(line));
const keyName = (line: string): string | undefined => nameIn(KEY.exec(line));
const headerText = (name: string): string => (/^[A-Za-z0-9_-]+$/.test(name) ? name : `"${name}"`);

/** JSON's escapes of texts are TOML's too. */
const literal = (value: string | readonly string[]): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : `[${value.map((word) => JSON.stringify(word)).join(', ')}]`;
