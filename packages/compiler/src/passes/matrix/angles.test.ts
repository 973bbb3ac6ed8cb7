import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expression, Parameter } from '@qfs/circuit';
import { cos, sin } from '@qfs/core/math';
import {
  AngleSum,
  addAngles,
  mergedAngle,
  nearAngle,
  scaleAngle,
  subtractAngles,
  TERMS_MERGED_MAX,
  wrapAngle,
} from './angles.ts';

const input = (variable: number): Expression => ({ kind: 'variable', variable });

function evaluated(angle: Parameter, inputs: readonly number[]): number {
  if (typeof angle === 'number') return angle;
  switch (angle.kind) {
    case 'float':
      return angle.value;
    case 'variable':
      return inputs[angle.variable]!;
    case 'unary':
      return -evaluated(angle.operand, inputs);
    case 'binary': {
      const [left, right] = [evaluated(angle.left, inputs), evaluated(angle.right, inputs)];
      if (angle.operator === '+') return left + right;
      return angle.operator === '-' ? left - right : left * right;
    }
    default:
      throw new Error(angle.kind);
  }
}

const depthOf = (angle: Parameter): number => {
  if (typeof angle === 'number') return 0;
  if (angle.kind === 'unary') return 1 + depthOf(angle.operand);
  return angle.kind === 'binary' ? 1 + Math.max(depthOf(angle.left), depthOf(angle.right)) : 0;
};

test('equal expressions are one term, and terms that cancel are gone', () => {
  const [a, b] = [input(0), input(1)];
  assert.deepEqual(addAngles(1, 2), 3);
  assert.deepEqual(subtractAngles(addAngles(a, b), b), a);
  assert.equal(subtractAngles(addAngles(a, 0.5), a), 0.5);
  assert.deepEqual(addAngles(scaleAngle(a, 0.25), scaleAngle(a, 0.75)), a);
  const sum = addAngles(scaleAngle(subtractAngles(a, 1), -2), addAngles(b, a));
  assert.ok(Math.abs(evaluated(sum, [0.3, 0.7]) - (-2 * (0.3 - 1) + 0.7 + 0.3)) < 1e-12);
});

test('sums of thousands of terms are no deeper than documents may be', () => {
  const sum = new AngleSum(0.5);
  for (let at = 0; at < 20_000; at++) sum.add(input(at), at % 2 === 0 ? 1 : -0.5);
  const angle = sum.value();
  assert.ok(depthOf(angle) < 40);
  assert.ok(Math.abs(evaluated(angle, new Array<number>(20_000).fill(0.1)) - (0.5 + 1000 - 500)) < 1e-6);
});

test('rotations merge up to a number of terms', () => {
  const sum = new AngleSum(0);
  for (let at = 1; at < TERMS_MERGED_MAX; at++) sum.add(input(at));
  const long = sum.value();
  assert.notEqual(mergedAngle(long, input(0)), undefined);
  assert.equal(mergedAngle(addAngles(long, input(0)), input(TERMS_MERGED_MAX)), undefined);
  assert.equal(mergedAngle(1, 2), 3);
});

test('angles are wrapped into one period, and what is nothing but rounding is 0', () => {
  const turn = 2 * Math.PI;
  assert.equal(wrapAngle(turn, turn), 0);
  assert.equal(wrapAngle(-1e-12, turn), 0);
  assert.equal(wrapAngle(-Math.PI, turn), Math.PI);
  assert.ok(Math.abs(wrapAngle(7, turn) - (7 - turn)) < 1e-12);
  assert.ok(Math.abs(wrapAngle(-4, turn) - (turn - 4)) < 1e-12);
});

test('far angles come near without a loss', () => {
  assert.equal(nearAngle(999), 999);
  for (const far of [1e20, -1e300, 123_456.789]) {
    const near = nearAngle(far) as number;
    assert.ok(Math.abs(near) <= 2 * Math.PI);
    assert.ok(
      Math.abs(sin(near / 2) - sin(far / 2)) < 1e-15 && Math.abs(cos(near / 2) - cos(far / 2)) < 1e-15,
    );
  }
});
