import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const UPDATE = process.env.QFS_UPDATE_GOLDEN === '1';

function write(file: URL, text: string): void {
  mkdirSync(fileURLToPath(new URL('.', file)), { recursive: true });
  writeFileSync(file, text);
}

const read = (file: URL): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

const stale = (file: URL): string => `${fileURLToPath(file)} differs; QFS_UPDATE_GOLDEN=1 rewrites it`;

/** Compares with a golden file; `QFS_UPDATE_GOLDEN=1` writes it instead. */
export function assertGolden(file: URL, actual: string): void {
  if (UPDATE) write(file, actual);
  else assert.equal(actual, read(file), stale(file));
}

/** The same for a JSON value, whose layout in the file is the formatter's business. */
export function assertGoldenJson(file: URL, actual: unknown): void {
  const plain: unknown = JSON.parse(JSON.stringify(actual));
  if (UPDATE) write(file, `${JSON.stringify(plain, undefined, 2)}\n`);
  else assert.deepEqual(plain, JSON.parse(read(file) || 'null'), stale(file));
}
