import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { validateSource } from '@qfs/compiler';
import { FEATURES, HEAD, SUITES, type Treatment } from './features.ts';
import { GRAMMAR } from './grammar.ts';

/** What the compiler makes of an example. */
function treatmentOf(source: string): Treatment | string {
  const { valid, executable, diagnostics, reason } = validateSource({
    language: 'openqasm3',
    source: HEAD + source,
    level: 'semantic',
  });
  if (executable) return diagnostics.length === 0 ? 'executed' : 'checked';
  return valid && reason === 'QASM_UNSUPPORTED' ? 'refused' : JSON.stringify(diagnostics);
}

for (const { feature, treatment, example, tests } of FEATURES) {
  test(`feature: ${feature}: ${treatment}`, () => {
    assert.equal(treatmentOf(example), treatment, example);
    const { diagnostics } = validateSource({
      language: 'openqasm3',
      source: HEAD + example,
      level: 'syntax',
    });
    assert.deepEqual(diagnostics, []);
    assert.ok(tests.length > 0);
    for (const name of tests) assert.ok(isTested(name), `there is no test ${name}`);
  });
}

/** Does the suite contain a test, or a row of a table of tests, of this title? */
function isTested(name: string): boolean {
  const [suite = '', title = ''] = name.split(/: (.*)/s);
  if (suite === 'grammar') return GRAMMAR[title] !== undefined;
  const path = SUITES[suite];
  return path !== undefined && readFileSync(path, 'utf8').includes(title);
}
