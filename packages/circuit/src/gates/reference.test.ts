import { test } from 'node:test';
import { assertGolden } from '../testing/golden.ts';
import { gatesReference } from './reference.ts';

test('docs/reference/gates.md is what the gate table says', () => {
  assertGolden(new URL('../../../../docs/reference/gates.md', import.meta.url), gatesReference());
});
