import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { missingOptional } from './lock.ts';

test('the lock file holds every optional package, also of other platforms: npm ci takes it ("npm run lock")', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  assert.deepEqual(missingOptional(packages), []);
});

test('the lock file names no registry', () => {
  assert.doesNotMatch(readFileSync('package-lock.json', 'utf8'), /"resolved": "http/);
});
