import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Compares with a golden file; `QFS_UPDATE_GOLDEN=1` writes it instead. For tests only. */
export function assertGolden(file: URL, actual: string): void {
  if (process.env.QFS_UPDATE_GOLDEN === '1') {
    mkdirSync(fileURLToPath(new URL('.', file)), { recursive: true });
    writeFileSync(file, actual);
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  assert.equal(actual, expected, `${fileURLToPath(file)} differs; QFS_UPDATE_GOLDEN=1 rewrites it`);
}
