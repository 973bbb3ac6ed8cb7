import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CBOR_DEPTH_MAX } from '../limits.ts';
import { hex } from './bytes.ts';
import { type CborInput, decodeCbor, encodeCbor } from './cbor.ts';

const map = (...pairs: [string, CborInput][]): ReadonlyMap<string, CborInput> => new Map(pairs);
const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** RFC 8949 appendix A, as far as the values are of our kinds. */
const VECTORS: [CborInput, string][] = [
  [0, '00'],
  [1, '01'],
  [10, '0a'],
  [23, '17'],
  [24, '1818'],
  [25, '1819'],
  [100, '1864'],
  [1000, '1903e8'],
  [1000000, '1a000f4240'],
  [1000000000000, '1b000000e8d4a51000'],
  [18446744073709551615n, '1bffffffffffffffff'],
  [-18446744073709551616n, '3bffffffffffffffff'],
  [-1, '20'],
  [-10, '29'],
  [-100, '3863'],
  [-1000, '3903e7'],
  [new Uint8Array(), '40'],
  [Uint8Array.of(1, 2, 3, 4), '4401020304'],
  ['', '60'],
  ['a', '6161'],
  ['IETF', '6449455446'],
  ['"\\', '62225c'],
  ['ü', '62c3bc'],
  ['水', '63e6b0b4'],
  ['𐅑', '64f0908591'],
  [[], '80'],
  [[1, 2, 3], '83010203'],
  [[1, [2, 3], [4, 5]], '8301820203820405'],
  [
    Array.from({ length: 25 }, (_, at) => at + 1),
    '98190102030405060708090a0b0c0d0e0f101112131415161718181819',
  ],
  [map(), 'a0'],
  [map(['a', 1], ['b', [2, 3]]), 'a26161016162820203'],
  [['a', map(['b', 'c'])], '826161a161626163'],
  [
    map(['a', 'A'], ['b', 'B'], ['c', 'C'], ['d', 'D'], ['e', 'E']),
    'a56161614161626142616361436164614461656145',
  ],
];

test('LOG-1: the published vectors of RFC 8949 appendix A encode and decode', () => {
  for (const [value, expected] of VECTORS) {
    assert.equal(hex(encodeCbor(value)), expected);
    assert.deepEqual(decodeCbor(fromHex(expected)), { ok: true, value });
  }
});

test('LOG-1: map keys are sorted by their encoded bytes, so that shorter ones come first', () => {
  const expected = 'a4617a0162616101626162016361616101';
  const shuffled = map(['aaa', 1], ['ab', 1], ['z', 1], ['aa', 1]);
  assert.equal(hex(encodeCbor(shuffled)), expected);
  assert.equal(hex(encodeCbor({ ab: 1, aaa: 1, aa: 1, z: 1 })), expected);
});

const text = fc.string({ unit: 'binary' }).filter((one) => one.isWellFormed());
const value: fc.Arbitrary<CborInput> = fc.letrec<{ value: CborInput }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 64n), max: -(2n ** 53n) }),
    text,
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.array(fc.tuple(text, tie('value'))).map((pairs) => new Map(pairs)),
  ),
})).value;

test('decoding gives back what was encoded, and encoding that the same bytes', () => {
  fc.assert(
    fc.property(value, (original) => {
      const bytes = encodeCbor(original);
      const decoded = decodeCbor(bytes);
      assert.ok(decoded.ok);
      assert.deepEqual(encodeCbor(decoded.value), bytes);
      assert.deepEqual(decoded.value, Object.is(original, -0) ? 0 : original);
    }),
  );
});

test('LOG-1: whatever bytes decode are the one encoding of their value', () => {
  const tweaked = fc.tuple(value, fc.nat(), fc.nat(255)).map(([original, at, byte]) => {
    const bytes = encodeCbor(original);
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), tweaked), (bytes) => {
      const decoded = decodeCbor(bytes);
      if (decoded.ok) assert.deepEqual(encodeCbor(decoded.value), bytes);
      else assert.match(decoded.error.message, /\w/);
    }),
    { numRuns: 2_000 },
  );
});

test('LOG-1: what is not the deterministic encoding of our kinds is refused, with the place', () => {
  const refused: [string, number, string][] = [
    ['', 0, 'the value is cut short'],
    ['19', 1, 'the value is cut short'],
    ['4401', 1, 'a length goes beyond the bytes'],
    ['9bffffffffffffffff', 9, 'a length goes beyond the bytes'],
    ['0000', 1, 'bytes follow the value'],
    ['1817', 0, 'the integer or length is not in its shortest form'],
    ['190018', 0, 'the integer or length is not in its shortest form'],
    ['1a0000ffff', 0, 'the integer or length is not in its shortest form'],
    ['1b00000000ffffffff', 0, 'the integer or length is not in its shortest form'],
    ['580100', 0, 'the integer or length is not in its shortest form'],
    ['1c', 0, 'the initial byte is reserved'],
    ['5f42010243030405ff', 0, 'indefinite lengths are not allowed'],
    ['9fff', 0, 'indefinite lengths are not allowed'],
    ['bfff', 0, 'indefinite lengths are not allowed'],
    ['c11a514b67b0', 0, 'tags are not allowed'],
    ['c249010000000000000000', 0, 'tags are not allowed'],
    ['f4', 0, 'floats, booleans, null and simple values are not allowed'],
    ['f6', 0, 'floats, booleans, null and simple values are not allowed'],
    ['f93c00', 0, 'floats, booleans, null and simple values are not allowed'],
    ['fb3ff199999999999a', 0, 'floats, booleans, null and simple values are not allowed'],
    ['61ff', 1, 'a text is not UTF-8'],
    ['63eda080', 1, 'a text is not UTF-8'],
    ['a10101', 1, 'a map key is not text'],
    ['a14161', 1, 'a map key is not text'],
    ['a2616101616101', 4, 'the key "a" comes twice'],
    ['a2616201616101', 4, 'the key "a" is out of order'],
    ['a262616101617a01', 5, 'the key "z" is out of order'],
  ];
  for (const [bytes, offset, message] of refused) {
    assert.deepEqual(decodeCbor(fromHex(bytes)), { ok: false, error: { offset, message } }, bytes);
  }
});

test('values that entries do not hold are not written, and the path says where they are', () => {
  const refused: [unknown, string][] = [
    [0.5, '$ is 0.5, not a safe integer'],
    [2 ** 53, '$ is 9007199254740992, not a safe integer'],
    [Number.NaN, '$ is NaN, not a safe integer'],
    [2n ** 64n, '$ is 18446744073709551616, beyond 64 bits'],
    [-(2n ** 64n) - 1n, '$ is -18446744073709551617, beyond 64 bits'],
    [{ a: [1, null] }, '$.a[1] is null, which CBOR entries do not hold'],
    [{ a: undefined }, '$.a is undefined, which CBOR entries do not hold'],
    [[true], '$[0] is boolean, which CBOR entries do not hold'],
    [new Date(0), '$ is object, which CBOR entries do not hold'],
    ['\ud800', '$ holds a lone surrogate'],
    [new Map([[1, 1]]), '$ has a key that is not text'],
  ];
  for (const [value, message] of refused) {
    assert.throws(() => encodeCbor(value as CborInput), { name: 'EncodingError', message });
  }
});

test('LOG-1: nesting is bounded when writing and reading, at the same depth', () => {
  const nested = (depth: number): CborInput => {
    let value: CborInput = 0;
    for (let level = 1; level < depth; level++) value = [value];
    return value;
  };
  const deepest = encodeCbor(nested(CBOR_DEPTH_MAX));
  assert.ok(decodeCbor(deepest).ok);
  assert.throws(() => encodeCbor(nested(CBOR_DEPTH_MAX + 1)), /nested more than 32 deep/);
  const deeper = decodeCbor(Uint8Array.of(0x81, ...deepest));
  assert.deepEqual(deeper, { ok: false, error: { offset: 32, message: 'nested more than 32 deep' } });
});
