import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from './nearest-name.ts';

test('a slip of the finger finds the name that was meant', () => {
  const names = ['submit', 'status', 'results'];
  assert.equal(nearestName('sumbit', names), 'submit');
  assert.equal(nearestName('STATUS', names), 'status');
  assert.equal(nearestName('result', names), 'results');
  assert.equal(nearestName('fro', ['for']), 'for');
  assert.equal(nearestName('rof', ['for']), undefined);
});

test('a name that resembles nothing has no suggestion', () => {
  assert.equal(nearestName('teleport', ['submit', 'status']), undefined);
  assert.equal(nearestName('', ['submit']), undefined);
  assert.equal(nearestName('j', ['U', 'k']), undefined);
  assert.equal(nearestName('x'.repeat(65), ['x'.repeat(65)]), undefined);
});

test('among equally near names the first one is suggested, and letters in the wrong order before others', () => {
  assert.equal(nearestName('itn', ['in', 'int']), 'int');
  assert.equal(nearestName('sin', ['six', 'sir']), 'six');
});
