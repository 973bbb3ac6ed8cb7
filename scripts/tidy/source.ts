/** A source file as the rules see it. */
export interface SourceFile {
  /** Path relative to the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** `text` with comments, strings and regular expressions blanked out, same length and lines. */
  readonly code: string;
}

export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

export const sourceFile = (path: string, text: string): SourceFile => ({ path, text, code: blank(text) });

export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

const REGEX_MAY_FOLLOW =
  /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|delete|void|throw|new))\s*$/;

/** Replaces the contents of comments, strings, templates and regular expressions by blanks. */
export function blank(text: string): string {
  const out: string[] = [];
  const templateDepths: number[] = [];
  let braces = 0;
  let at = 0;
  let tail = '';
  const copy = (count: number): void => {
    tail = (tail + text.slice(at, at + count)).slice(-40);
    out.push(text.slice(at, at + count));
    at += count;
  };
  const hide = (end: number): void => {
    // A literal is an operand, so a slash behind it divides; a comment leaves the last token as it was.
    if (!/^\/[/*]/.test(text.slice(at, at + 2))) tail = `${tail}_`;
    out.push(text.slice(at, end).replace(/[^\n]/g, ' '));
    at = end;
  };
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    const one = text[at]!;
    if (two === '//') hide(endOr(text.indexOf('\n', at), text.length));
    else if (two === '/*') hide(endOr(text.indexOf('*/', at + 2) + 2, text.length, 1));
    else if (one === "'" || one === '"') hide(endOfQuoted(text, at, one));
    else if (one === '`') {
      at = templateStart(text, at, hide, templateDepths, braces);
    } else if (one === '/' && REGEX_MAY_FOLLOW.test(tail)) hide(endOfRegex(text, at));
    else if (one === '}' && templateDepths.at(-1) === braces) {
      templateDepths.pop();
      at = templateStart(text, at, hide, templateDepths, braces);
    } else {
      if (one === '{') braces += 1;
      if (one === '}') braces -= 1;
      copy(1);
    }
  }
  return out.join('');

  function templateStart(
    source: string,
    from: number,
    conceal: (end: number) => void,
    depths: number[],
    depth: number,
  ): number {
    let end = from + 1;
    while (end < source.length) {
      if (source[end] === '\\') end += 2;
      else if (source[end] === '`') {
        conceal(end + 1);
        return at;
      } else if (source.startsWith('${', end)) {
        conceal(end + 2);
        depths.push(depth);
        return at;
      } else end += 1;
    }
    conceal(source.length);
    return at;
  }
}

const endOr = (found: number, otherwise: number, least = 0): number => (found < least ? otherwise : found);

function endOfQuoted(text: string, start: number, quote: string): number {
  let end = start + 1;
  while (end < text.length && text[end] !== quote && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  return Math.min(end + 1, text.length);
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let end = start + 1; end < text.length && text[end] !== '\n'; end += 1) {
    const char = text[end];
    if (char === '\\') end += 1;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) return end + 1;
  }
  return start + 1;
}

/** Module names of static and dynamic imports and re-exports, with their offsets. */
export function importsOf(file: SourceFile): { specifier: string; offset: number; typeOnly: boolean }[] {
  const found: { specifier: string; offset: number; typeOnly: boolean }[] = [];
  const pattern = /\b(import|export)\b(\s+type\b)?[^;'"()]*?\bfrom\s*$|\bimport\s*$|\bimport\s*\(\s*$/;
  for (const match of file.text.matchAll(/(['"])([^'"\n]+)\1/g)) {
    const before = file.code.slice(Math.max(0, match.index - 4000), match.index);
    const statement = before.slice(before.lastIndexOf(';') + 1);
    const hit = pattern.exec(statement);
    if (hit !== null) {
      found.push({ specifier: match[2]!, offset: match.index, typeOnly: hit[2] !== undefined });
    }
  }
  return found;
}
