import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_DELAY_MS_MAX, FAULT_STEPS_MAX } from '@qfs/core';
import { FAULTS, parseFaultScript, stepOfAttempt } from './fault-script.ts';

test('each step rules one attempt and the last one all that follow', () => {
  const steps = parseFaultScript('unavailable*2, slow:50, ok');
  const kinds = [1, 2, 3, 4, 5].map((attempt) => stepOfAttempt(steps, attempt).kind);
  assert.deepEqual(kinds, ['unavailable', 'unavailable', 'slow', 'ok', 'ok']);
  assert.equal(stepOfAttempt(steps, 3).delayMs, 50);
});

test('a script in the name of a device is written with / and @', () => {
  assert.deepEqual(
    parseFaultScript('unavailable@2/slow:50/ok'),
    parseFaultScript('unavailable*2,slow:50,ok'),
  );
});

test('every fault of the table can be written', () => {
  for (const [name, row] of Object.entries(FAULTS)) {
    const [step] = parseFaultScript('delay' in row ? `${name}:10` : name);
    assert.equal(step?.kind, name);
  }
});

for (const [script, why] of [
  ['', 'unknown step ""'],
  ['explode', 'unknown step "explode"'],
  ['constructor', 'unknown step "constructor"'],
  ['slow', 'gives "slow" no time'],
  ['ok:5', 'gives "ok" a time'],
  ['ok,,ok', 'unknown step ""'],
  ['ok*x', 'unknown step "ok\\*x"'],
  [`slow:${FAULT_DELAY_MS_MAX + 1}`, 'waits longer'],
  [`ok*${FAULT_STEPS_MAX},ok`, 'more than'],
] as const) {
  test(`the script "${script}" is refused: ${why}`, () => {
    assert.throws(() => parseFaultScript(script), { code: 'JOB_SPEC_INVALID', message: new RegExp(why) });
  });
}

test('the longest script and the longest delay are accepted', () => {
  assert.equal(parseFaultScript(`ok*${FAULT_STEPS_MAX}`).length, FAULT_STEPS_MAX);
  assert.equal(parseFaultScript(`slow:${FAULT_DELAY_MS_MAX}`)[0]?.delayMs, FAULT_DELAY_MS_MAX);
});
