import { QfsError } from '@qfs/core';
import { readFile } from '../read-file.ts';
import type { Terminal } from '../terminal.ts';
import { warnIfOpen } from './config-file.ts';
import { type Entry, isStronger, type Settings } from './load.ts';

const SOURCES = ['token', 'token_file', 'token_command'] as const;
const TOKEN_BYTES_MAX = 16 * 1024;
const COMMAND_MS_MAX = 30_000;

/** The access token, from the strongest of the settings that name one; undefined where none does. */
export async function tokenOf({ entries, file }: Settings, terminal: Terminal): Promise<string | undefined> {
  let chosen: { readonly name: (typeof SOURCES)[number]; readonly entry: Entry } | undefined;
  for (const name of SOURCES) {
    const entry = entries.get(name);
    if (entry === undefined) continue;
    if (chosen === undefined || isStronger(entry.level, chosen.entry.level)) chosen = { name, entry };
  }
  if (chosen === undefined) return undefined;
  const { name, entry } = chosen;
  const { value, source } = entry;
  if (name === 'token_command')
    return clean(await commandOutput(value as readonly string[], terminal), source);
  if (name === 'token_file') {
    const bytes = await readFile(value as string, 'a token', TOKEN_BYTES_MAX, terminal);
    await warnIfOpen(value as string, terminal);
    return clean(new TextDecoder().decode(bytes), value as string);
  }
  if (entry.level === 'profile' || entry.level === 'file') await warnIfOpen(file!.path, terminal);
  return clean(value as string, source);
}

/** What may stand in a header; the token itself is never part of a message. */
function clean(text: string, source: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new QfsError('REQUEST_INVALID', `The token of ${source} must be one word of ASCII characters.`);
}

async function commandOutput(words: readonly string[], terminal: Terminal): Promise<string> {
  try {
    return await terminal.run(words, COMMAND_MS_MAX);
  } catch (cause) {
    // What the command wrote may hold the secret; its name and its end are enough.
    const { code, killed } = cause as { readonly code?: string | number; readonly killed?: boolean };
    const end = killed ? `took longer than ${COMMAND_MS_MAX / 1000} s` : `ended with ${code ?? 'an error'}`;
    throw new QfsError('REQUEST_INVALID', `token_command "${words[0]}" ${end}; it must print the token.`);
  }
}
