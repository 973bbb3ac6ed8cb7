import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deriveSeed, Prng, philox4x32 } from './prng.ts';

/** Counter, key, result: the published known answers of Philox 4×32-10. */
const KNOWN_ANSWERS = `
00000000 00000000 00000000 00000000  00000000 00000000  6627e8d5 e169c58d bc57ac4c 9b00dbd8
ffffffff ffffffff ffffffff ffffffff  ffffffff ffffffff  408f276d 41c83b0e a20bc7c6 6d5451fd
243f6a88 85a308d3 13198a2e 03707344  a4093822 299f31d0  d16cfe09 94fdcceb 5001e420 24126ea1`;

test('Philox gives its published answers', () => {
  for (const line of KNOWN_ANSWERS.trim().split('\n')) {
    const words = line
      .trim()
      .split(/\s+/)
      .map((word) => Number.parseInt(word, 16));
    const counter = Uint32Array.from(words.slice(0, 4));
    philox4x32(counter, words[4]!, words[5]!);
    assert.deepEqual([...counter], words.slice(6));
  }
});

test('a stream is a function of seed, purpose and index', () => {
  const draw = (seed: number, purpose: string, index?: number): string => {
    const stream = new Prng(seed, purpose, index);
    return Array.from({ length: 5 }, () => stream.uniform()).join(' ');
  };
  assert.equal(draw(1, 'sampling'), draw(1, 'sampling', 0));
  const streams = [
    draw(1, 'sampling'),
    draw(1, 'sampling', 1),
    draw(1, 'trajectory'),
    draw(2, 'sampling'),
    draw(2 ** 32 + 1, 'sampling'),
    draw(2 ** 53 - 1, 'sampling'),
    draw(1, 'observables'),
  ];
  assert.equal(new Set(streams).size, streams.length);
});

test('uniform numbers lie in [0, 1), have 53 bits and fill 64 equal classes evenly', () => {
  const stream = new Prng(99, 'uniformity');
  const classes = new Array<number>(64).fill(0);
  const draws = 64_000;
  let lowBits = 0;
  for (let i = 0; i < draws; i += 1) {
    const u = stream.uniform();
    assert.ok(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53));
    classes[Math.floor(u * 64)]! += 1;
    lowBits += (u * 2 ** 53) % 2;
  }
  const chiSquare = classes.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  assert.ok(chiSquare < 108, `chi-square with 63 degrees of freedom is ${chiSquare}`);
  assert.ok(Math.abs(lowBits / draws - 0.5) < 0.01);
});

test('seed 0 of a family is the seed itself, the others are different safe integers', () => {
  assert.equal(deriveSeed(12_345, 0), 12_345);
  const seeds = Array.from({ length: 1000 }, (_, k) => deriveSeed(7, k));
  assert.equal(new Set(seeds).size, 1000);
  for (const seed of seeds) assert.ok(Number.isSafeInteger(seed) && seed >= 0);
  assert.equal(deriveSeed(5, 1), 2_305_373_065_324_146);
});
