import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIAGNOSTICS, diagnosticsReference, lowerSource } from './index.ts';

for (const [code, row] of Object.entries(DIAGNOSTICS)) {
  test(`the example of ${code} provokes exactly this finding`, () => {
    const { diagnostics, program } = lowerSource(row.example);
    assert.deepEqual([...new Set(diagnostics.map((diagnostic) => diagnostic.code))], [code]);
    assert.equal(diagnostics[0]!.severity, row.severity);
    assert.equal(program === undefined, row.severity === 'error');
  });
}

test('the reference page has a heading for every code', () => {
  const headings = diagnosticsReference()
    .split('\n')
    .filter((line) => line.startsWith('## '));
  assert.deepEqual(
    headings,
    Object.keys(DIAGNOSTICS).map((code) => `## ${code}`),
  );
});
