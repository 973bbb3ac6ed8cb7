import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JSON_DEPTH_MAX } from '../limits.ts';
import { parseJson } from './parse.ts';

test('every JSON document reads as JSON.parse reads it, from text and from bytes', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(0, 2), (text, indent) => {
      const value: unknown = JSON.parse(text);
      const source = JSON.stringify(value, null, indent);
      assert.deepEqual(parseJson(source), { ok: true, value: JSON.parse(source) });
      assert.deepEqual(parseJson(new TextEncoder().encode(source)), { ok: true, value: JSON.parse(source) });
    }),
  );
});

test('whatever is read is valid JSON of the same value', () => {
  const unit = fc.constantFrom(...'{}[]",:\\/ \n0123-+.eEtruefalsn\u0000é');
  const json = fc.string({ unit, maxLength: 12 });
  fc.assert(
    fc.property(json, (text) => {
      const parsed = parseJson(text);
      if (parsed.ok) assert.deepEqual(parsed.value, JSON.parse(text));
    }),
    { numRuns: 5_000 },
  );
});

test('every escape and number form is read', () => {
  assert.deepEqual(parseJson(' ["\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00", -0.5e+3, 1E2, 0] \r\n\t'), {
    ok: true,
    value: ['"\\/\b\f\n\r\té😀', -500, 100, 0],
  });
});

test('a key called __proto__ is a key like any other', () => {
  const parsed = parseJson('{"__proto__":{"polluted":1},"a":2}');
  assert.ok(parsed.ok);
  assert.deepEqual(Object.keys(parsed.value as object), ['__proto__', 'a']);
  assert.equal((parsed.value as { polluted?: number }).polluted, undefined);
});

test('what is not strict JSON is refused with line and column', () => {
  const refused: [string, number, number, string][] = [
    ['', 1, 1, 'expected a value, found the end'],
    ['{"a":1,\n "a":2}', 2, 2, 'the key "a" comes twice'],
    ['{"__proto__":1,"__proto__":2}', 1, 16, 'the key "__proto__" comes twice'],
    ['[1,]', 1, 4, 'expected a value, found "]"'],
    ['[1 2]', 1, 4, 'expected "," or "]", found "2"'],
    ['{a:1}', 1, 2, 'expected a key, found "a"'],
    ['{"a" 1}', 1, 6, 'expected ":", found "1"'],
    ['{"a":1', 1, 7, 'expected "," or "}", found the end'],
    ['1 2', 1, 3, '"2" follows the document'],
    ['01', 1, 2, '"1" follows the document'],
    ['+1', 1, 1, 'expected a value, found "+"'],
    ['.5', 1, 1, 'expected a value, found "."'],
    ['NaN', 1, 1, 'expected a value, found "N"'],
    ['nul', 1, 1, 'expected a value, found "n"'],
    ['[-1e999]', 1, 2, 'the number -1e999 is beyond a double'],
    ['"a', 1, 3, 'a string does not end here: found the end'],
    ['"a\nb"', 1, 3, 'a string does not end here: found "\\n"'],
    ['"\\x"', 1, 2, 'an unknown escape'],
    ['"\\u12g4"', 1, 2, 'an unknown escape'],
    ['"\\ud800"', 1, 1, 'a string holds a lone surrogate'],
    ["'a'", 1, 1, 'expected a value, found "\'"'],
    ['/**/1', 1, 1, 'expected a value, found "/"'],
    ['\ufeff1', 1, 1, 'expected a value, found "\ufeff"'],
  ];
  for (const [text, line, column, message] of refused) {
    assert.deepEqual(parseJson(text), { ok: false, error: { message, line, column } }, text);
  }
  assert.deepEqual(parseJson(Uint8Array.of(0x22, 0xff, 0x22)), {
    ok: false,
    error: { message: 'the bytes are not UTF-8', line: 1, column: 1 },
  });
});

test('nesting is bounded on both sides of the limit, and hostile depth costs nothing', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  assert.ok(parseJson(nested(JSON_DEPTH_MAX)).ok);
  const message = 'nested more than 2000 deep';
  const error = { message, line: 1, column: JSON_DEPTH_MAX + 1 };
  assert.deepEqual(parseJson(nested(JSON_DEPTH_MAX + 1)), { ok: false, error });
  assert.deepEqual(parseJson('['.repeat(1_000_000)), { ok: false, error });
});
