import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSource, printProgram } from '@qfs/qasm';
import { GRAMMAR } from './grammar.ts';

const rejections = (source: string): string[] =>
  parseSource(source).diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`);

for (const [rule, { accepted, rejected }] of Object.entries(GRAMMAR)) {
  test(`grammar rule ${rule}: reads what it should, printed and read again as well`, () => {
    for (const source of accepted) {
      assert.deepEqual(rejections(source), [], source);
      const printed = printProgram(parseSource(source).ast);
      assert.deepEqual(rejections(printed), [], `${source}, printed`);
      assert.equal(printProgram(parseSource(printed).ast), printed, `${source}, printed twice`);
    }
    const isAccepted = (source: string): boolean =>
      parseSource(source).diagnostics.every(({ severity }) => severity !== 'error');
    assert.deepEqual(rejected.filter(isAccepted), []);
    assert.ok(accepted.length > 0 && rejected.length > 0);
  });
}
