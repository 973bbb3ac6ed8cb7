/** Suffixes of files and the languages that they tell; of `.qasm` the text tells the version. */
const SUFFIXES = {
  '.py': 'eigen-lang',
  '.aqo.json': 'aqo',
  '.json': 'aqo',
} as const;

export type ProgramLanguage = 'openqasm3' | 'openqasm2' | 'aqo' | 'eigen-lang';

/**
 * The language of a program by the name of its file, else by its text: AQO is JSON, OpenQASM 2 names its
 * version, Eigen-Lang imports or defines something on a line of its own, everything else is OpenQASM 3.
 * @param name of the file; empty where there is none
 */
export function languageOf(name: string, text: string): ProgramLanguage {
  const suffix = Object.entries(SUFFIXES).find(([ending]) => name.toLowerCase().endsWith(ending));
  if (suffix !== undefined) return suffix[1];
  if (text.trimStart().startsWith('{')) return 'aqo';
  if (/^\s*(?:\/\/[^\n]*\n\s*)*OPENQASM\s+2\b/.test(text)) return 'openqasm2';
  const isPython =
    !/\.qasm$/i.test(name) &&
    /^(?:from|import)\s+\w|^@\w|^def\s+\w/m.test(text) &&
    !/^\s*OPENQASM\b/m.test(text);
  return isPython ? 'eigen-lang' : 'openqasm3';
}
