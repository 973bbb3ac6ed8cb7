import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { call } from './platform.ts';

export interface Step {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, texts as they are. */
  readonly body?: object | string;
}

/** Above this a body is named by its length. */
const SHOWN_BYTES_MAX = 4096;
/** Headers that a client may rely on; the others belong to the connection. */
const SHOWN_HEADERS = ['allow', 'content-type', 'location', 'retry-after'];

/** What differs from run to run. Jobs are numbered, so that one job has one name in the transcript. */
const CHANGING = /job_(?!0{32})[0-9a-f]{32}|req_[0-9a-f]{24}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g;

/** Writes texts with names in place of what differs from run to run. */
function createNaming(): (text: string) => string {
  const jobs = new Map<string, string>();
  return (text) => {
    const bytes = Buffer.byteLength(text);
    if (bytes > SHOWN_BYTES_MAX) return `<${bytes} bytes>`;
    return text.replace(CHANGING, (found) => {
      if (found.startsWith('req_')) return '<request id>';
      if (!found.startsWith('job_')) return '<time>';
      const name = jobs.get(found) ?? `<job ${jobs.size + 1}>`;
      jobs.set(found, name);
      return name;
    });
  };
}

/** Sends the steps one after another over real HTTP and writes requests and answers down. */
export async function transcript(rest: string, steps: readonly Step[]): Promise<string> {
  const lines: string[] = [];
  const shown = createNaming();
  for (const { title, method, path, headers = {}, body } of steps) {
    const answer = await call(`${rest}${path}`, method, body, headers);
    lines.push(`### ${title}`, shown(`${method} ${path}`));
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (body !== undefined) lines.push('', shown(typeof body === 'string' ? body : JSON.stringify(body)));
    lines.push('', `HTTP ${answer.status}`);
    for (const name of SHOWN_HEADERS) {
      const value = answer.headers.get(name);
      if (value !== null) lines.push(`${name}: ${shown(value)}`);
    }
    if (answer.text !== '') lines.push('', shown(answer.text));
    lines.push('', '');
  }
  return lines.join('\n');
}

/** Compares with the golden file; `QFS_UPDATE_GOLDEN=1` writes it instead. */
export function assertGolden(file: string, actual: string): void {
  if (process.env.QFS_UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const split = (text: string) => text.split(/^(?=### )/m);
  // One step at a time, so that a difference is shown beside its request.
  for (const [index, step] of split(actual).entries()) {
    assert.equal(step, split(expected)[index], `${file} differs; QFS_UPDATE_GOLDEN=1 rewrites it`);
  }
  assert.equal(actual.length, expected.length, `${file} has further steps`);
}
