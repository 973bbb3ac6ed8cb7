import assert from 'node:assert/strict';
import { test } from 'node:test';
import { submit } from '../commands/submit.ts';
import { longFlag } from '../common-options.ts';
import { type Said, settle, TERMS } from './precedence.ts';

const FLAGS: Required<Said> = {
  name: 'flag',
  target: 'emulator:a',
  priority: 1,
  seed: 1,
  shots: 1,
  tags: ['flag'],
  dependencies: ['job_1'],
  options: { method: 'flag', mine: 'flag' },
  compilerOptions: { optimization_level: '3' },
  inputs: new Map([['theta', 1]]),
};

const DOCUMENT: Required<Said> = {
  name: 'document',
  target: 'emulator:b',
  priority: 2,
  seed: 2,
  shots: 2,
  tags: ['document', 'more'],
  dependencies: ['job_2', 'job_3'],
  options: { method: 'document', other: 'document' },
  compilerOptions: { optimization_level: '1', target: 'none' },
  inputs: new Map([
    ['theta', 2],
    ['phi', 2],
  ]),
};

/** Terms whose values are joined name by name. */
const JOINED: Partial<Said> = {
  options: { method: 'flag', mine: 'flag', other: 'document' },
  compilerOptions: { optimization_level: '3', target: 'none' },
  inputs: new Map([
    ['theta', 1],
    ['phi', 2],
  ]),
};

for (const term of Object.keys(TERMS) as (keyof Said)[]) {
  test(`JOB-52: of ${term} the flag wins, then the document`, () => {
    const [flag, document] = [{ [term]: FLAGS[term] }, { [term]: DOCUMENT[term] }];
    const both = 'names' in TERMS[term] ? JOINED[term] : FLAGS[term];
    assert.deepEqual(settle(flag, document), { [term]: both });
    assert.deepEqual(settle(flag, {}), flag);
    assert.deepEqual(settle({}, document), document);
    assert.deepEqual(settle({}, {}), {});
  });
}

test('JOB-52: every flag of the table is one of submit', () => {
  const flags = new Set(submit.options.map(longFlag));
  for (const { flag } of Object.values(TERMS)) assert.ok(flags.has(flag), flag);
});
