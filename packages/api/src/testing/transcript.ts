import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { App } from '../rest/app.ts';

export interface Step {
  readonly title: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, texts as they are. */
  readonly body?: object | string;
  /** Done between the steps, such as the end of a job. */
  readonly before?: () => void | Promise<void>;
}

/** Bodies above this are named by their length in the transcript. */
const SHOWN_BYTES_MAX = 4096;
/** Depends on the moment or on the server's version, not on the door. */
const HIDDEN_HEADERS = new Set(['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding']);

/** Beginning of a step; differences are shown for one step alone. */
const STEP = /^(?=### )/m;

/** Sends the steps one after another and writes requests and answers down. */
export async function transcript(app: App, steps: readonly Step[]): Promise<string> {
  const lines: string[] = [];
  for (const { title, method, url, headers = {}, body, before } of steps) {
    await before?.();
    const payload = typeof body === 'object' ? JSON.stringify(body) : body;
    const sent = { ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers };
    const answer = await app.inject({
      method,
      url,
      headers: sent,
      ...(payload === undefined ? {} : { payload }),
    });
    lines.push(`### ${title}`, `${method} ${url}`);
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (payload !== undefined) lines.push('', shown(payload));
    lines.push('', `HTTP ${answer.statusCode}`);
    for (const [name, value] of Object.entries(answer.headers).sort()) {
      if (!HIDDEN_HEADERS.has(name)) lines.push(`${name}: ${value}`);
    }
    if (answer.body !== '') lines.push('', shown(answer.body));
    lines.push('', '');
  }
  return lines.join('\n');
}

const shown = (text: string): string => {
  const bytes = Buffer.byteLength(text);
  return bytes > SHOWN_BYTES_MAX ? `<${bytes} bytes>` : text.trimEnd();
};

/** Compares with the golden file of this name; `QFS_UPDATE_GOLDEN=1` writes it instead. */
export function assertTranscript(name: string, actual: string): void {
  const file = fileURLToPath(new URL(`../golden/${name}.http`, import.meta.url));
  if (process.env.QFS_UPDATE_GOLDEN === '1') writeFileSync(file, actual);
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const steps = expected.split(STEP);
  for (const [index, step] of actual.split(STEP).entries()) {
    assert.equal(step, steps[index], `${file} differs; QFS_UPDATE_GOLDEN=1 rewrites it`);
  }
  assert.equal(actual.length, expected.length, `${file} has further steps`);
}
