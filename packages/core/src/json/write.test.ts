import assert from 'node:assert/strict';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { hex, sha3_256, utf8 } from '../exact/index.ts';
import { JSON_DEPTH_MAX } from '../limits.ts';
import { parseJson } from './parse.ts';
import { jcs, pythonCanonicalJson, stringifyJson } from './write.ts';

const doubleOf = (bits: string): number => Buffer.from(bits, 'hex').readDoubleBE();

test('JCS writes the numbers of RFC 8785 appendix B', () => {
  const samples = {
    '0000000000000000': '0',
    '8000000000000000': '0',
    '0000000000000001': '5e-324',
    '8000000000000001': '-5e-324',
    '7fefffffffffffff': '1.7976931348623157e+308',
    ffefffffffffffff: '-1.7976931348623157e+308',
    '4340000000000000': '9007199254740992',
    c340000000000000: '-9007199254740992',
    '4430000000000000': '295147905179352830000',
    '44b52d02c7e14af5': '9.999999999999997e+22',
    '44b52d02c7e14af6': '1e+23',
    '44b52d02c7e14af7': '1.0000000000000001e+23',
    '444b1ae4d6e2ef4e': '999999999999999700000',
    '444b1ae4d6e2ef4f': '999999999999999900000',
    '444b1ae4d6e2ef50': '1e+21',
    '3eb0c6f7a0b5ed8c': '9.999999999999997e-7',
    '3eb0c6f7a0b5ed8d': '0.000001',
    '41b3de4355555553': '333333333.3333332',
    '41b3de4355555554': '333333333.33333325',
    '41b3de4355555555': '333333333.3333333',
    '41b3de4355555556': '333333333.3333334',
    '41b3de4355555557': '333333333.33333343',
    becbf647612f3696: '-0.0000033333333333333333',
    '43143ff3c1cb0959': '1424953923781206.2',
  };
  for (const [bits, expected] of Object.entries(samples)) assert.equal(jcs(doubleOf(bits)), expected, bits);
  for (const bits of ['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000']) {
    assert.throws(() => jcs(doubleOf(bits)), { name: 'EncodingError' });
  }
});

test('JCS writes the sample of RFC 8785 §3.2.2 as §3.2.4 shows it', () => {
  const sample = parseJson(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  assert.ok(sample.ok);
  const [numbers, literals] = ['[333333333.3333333,1e+30,4.5,0.002,1e-27]', '[null,true,false]'];
  const string = String.raw`"€$\u000f\nA'B\"\\\\\"/"`;
  assert.equal(jcs(sample.value), `{"literals":${literals},"numbers":${numbers},"string":${string}}`);
});

test('JCS sorts the keys of RFC 8785 §3.2.3 by UTF-16 code units', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  assert.equal(
    jcs(new Map(keys.map((key) => [key, 0]))),
    '{"\\r":0,"1":0,"\u0080":0,"ö":0,"€":0,"😀":0,"\ufb33":0}',
  );
});

test('JCS agrees with another implementation, and takes a Map for an object', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      assert.equal(jcs(value), canonicalize(value));
    }),
  );
  assert.equal(
    jcs(
      new Map([
        ['b', new Map([['c', 1]])],
        ['a', []],
      ] as [string, unknown][]),
    ),
    '{"a":[],"b":{"c":1}}',
  );
});

test('the Python form is byte for byte what json.dumps writes', () => {
  const astralLast = { '😀': 1, '\uffff': 2, é: 3, z: 4, '': 5 };
  const text = '\x00\b\t\n\f\r\x1f "\\/~\x7f\x80é€\u2028😀';
  const vectors: [unknown, string][] = [
    [{ b: 1, a: [null, true, false] }, '{"a":[null,true,false],"b":1}'],
    [astralLast, '{"":5,"z":4,"\\u00e9":3,"\\uffff":2,"\\ud83d\\ude00":1}'],
    [text, '"\\u0000\\b\\t\\n\\f\\r\\u001f \\"\\\\/~\\u007f\\u0080\\u00e9\\u20ac\\u2028\\ud83d\\ude00"'],
    [[0, -1, 10n ** 30n, -(2n ** 63n)], '[0,-1,1000000000000000000000000000000,-9223372036854775808]'],
    [{ a: { c: [], b: {} } }, '{"a":{"b":{},"c":[]}}'],
  ];
  for (const [value, expected] of vectors) assert.equal(pythonCanonicalJson(value), expected);
});

test('the Python form gives the published hash_commit of "hello" and of nothing', () => {
  const commit = (content: string): string => hex(sha3_256(utf8(`${content}1.0${pythonCanonicalJson({})}`)));
  assert.equal(commit('hello'), '97637883217bdce834ec6e1ee36aacae8cf5f6292dbefcf9aa4702e7311170ba');
  assert.equal(commit(''), '194e048024fd810e0d8f24344346a26b5292df968e9205c31418ecd8d8a75d77');
});

test('the Python form refuses fractions, because a double cannot tell 1 from 1.0', () => {
  for (const value of [0.5, 1e300, Number.NaN]) {
    assert.throws(() => pythonCanonicalJson({ a: value }), /^EncodingError: \$\.a is .*only integers/);
  }
});

test('plain JSON keeps the order of a Map, also of integer-like keys', () => {
  const counts = new Map([
    ['11', 2],
    ['00', 1],
    ['1', 3],
  ]);
  assert.equal(stringifyJson({ z: counts, a: 'é' }), '{"z":{"11":2,"00":1,"1":3},"a":"é"}');
  assert.equal(stringifyJson(new Map()), '{}');
});

test('a long document is the sum of its pieces', () => {
  const long = Array.from({ length: 10_000 }, (_, at) => ({ key: `é😀${at}`, value: at / 7 }));
  assert.equal(jcs(long), JSON.stringify(long));
});

class Circuit {}
const UNWRITABLE: [unknown, string][] = [
  [[() => 0], '$[0] is function, which JSON cannot hold'],
  [[undefined], '$[0] is undefined, which JSON cannot hold'],
  [{ a: [new Circuit()] }, '$.a[0] is a Circuit, which JSON cannot hold'],
  [new Float64Array(1), '$ is a Float64Array, which JSON cannot hold'],
  [new Map([[1, 1]]), '$ has a key that is not text'],
];

test('what JSON cannot hold is refused with its path, by every writer', () => {
  for (const write of [jcs, pythonCanonicalJson, stringifyJson]) {
    for (const [value, message] of UNWRITABLE)
      assert.throws(() => write(value), { name: 'EncodingError', message });
  }
  for (const write of [jcs, stringifyJson]) {
    assert.throws(() => write({ a: Number.NaN }), { message: '$.a is NaN, which JSON cannot hold' });
    assert.throws(() => write(2n ** 60n + 1n), /a double does not hold exactly/);
    assert.equal(write(2n ** 53n - 1n), '9007199254740991');
  }
});

test('the canonical forms refuse undefined members and lone surrogates; plain JSON writes what JSON.stringify does', () => {
  const loose: [unknown, string][] = [
    [{ a: undefined, b: 1 }, '$.a is undefined, which JSON cannot hold'],
    [['\udc00'], '$[0] holds a lone surrogate'],
    [{ '\ud800': 1 }, '$.\ud800 holds a lone surrogate'],
  ];
  for (const [value, message] of loose) {
    for (const write of [jcs, pythonCanonicalJson])
      assert.throws(() => write(value), { name: 'EncodingError', message });
    assert.equal(stringifyJson(value), JSON.stringify(value));
  }
  fc.assert(
    fc.property(fc.object({ key: fc.string({ unit: 'binary' }), withNullPrototype: true }), (value) => {
      const finite = JSON.parse(JSON.stringify(value));
      assert.equal(stringifyJson(finite), JSON.stringify(finite));
    }),
  );
});

test('nesting and cycles end at the bound', () => {
  const nested = (depth: number): unknown => {
    let value: unknown = [];
    for (let level = 1; level < depth; level++) value = [value];
    return value;
  };
  assert.equal(jcs(nested(JSON_DEPTH_MAX)).length, 2 * JSON_DEPTH_MAX);
  assert.throws(() => jcs(nested(JSON_DEPTH_MAX + 1)), /nested more than 2000 deep/);
  const cycle: unknown[] = [];
  cycle.push(cycle);
  assert.throws(() => stringifyJson(cycle), /nested more than 2000 deep/);
});
