import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ENTRY_TYPES } from './entries/index.ts';
import { PROTOCOL_LEVEL } from './protocol.ts';
import { REJECTIONS } from './rejections.ts';
import { type LevelLine, linesOf, recordOf } from './testing/level-log.ts';
import { decoded } from './testing/test-ledger.ts';

const LOGS = new URL('../../../tests/fixtures/logs/', import.meta.url);
const linesIn = (name: string): LevelLine[] =>
  readFileSync(new URL(name, LOGS), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LevelLine);

test('LOG-32: the log of every level gives the outcomes, hashes and roots that were written down with it', () => {
  const names = readdirSync(LOGS).sort();
  const levels = Array.from({ length: PROTOCOL_LEVEL }, (_, at) => `level-${at + 1}.jsonl`);
  assert.deepEqual(names, levels);
  for (const name of names) {
    const lines = linesIn(name);
    assert.deepEqual(linesOf(lines.map(recordOf)), lines, name);
  }
});

test('the log of level 1 has every type in it, and every outcome that a founded log can have', () => {
  const lines = linesIn('level-1.jsonl');
  const unfounded = ['GENESIS_MISSING', 'GENESIS_INVALID'];
  const outcomes = ['ACCEPTED', ...Object.keys(REJECTIONS).filter((code) => !unfounded.includes(code))];
  assert.deepEqual([...new Set(lines.map(({ outcome }) => outcome))].sort(), outcomes.sort());
  const accepted = lines.filter(({ outcome }) => outcome === 'ACCEPTED').map(recordOf);
  const types = accepted.map(({ bytes }) => (decoded(bytes) as ReadonlyMap<string, string>).get('type'));
  assert.deepEqual([...new Set(types)].sort(), ENTRY_TYPES.map(({ type }) => type).sort());
});
