import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseToml, type TomlValue } from './parse.ts';

/** Tables as objects, to be compared. */
const plain = (value: TomlValue): unknown =>
  value instanceof Map ? Object.fromEntries([...value].map(([key, member]) => [key, plain(member)])) : value;

const read = (text: string): unknown => {
  const parsed = parseToml(text, 'config.toml');
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message);
  return plain(parsed.value);
};

test('values are texts, numbers, truth values and lists of them', () => {
  const text = `
# what somebody wrote
data_dir = "a\\"b\\\\c\\u00e9"   # why
literal = 'C:\\temp'
port = 50_051
share = -0.25e2
on = true
drivers = ["sim", 'fault', ] # two
empty = []
"quoted key" = 1
`;
  assert.deepEqual(read(text), {
    data_dir: 'a"b\\cé',
    literal: 'C:\\temp',
    port: 50_051,
    share: -25,
    on: true,
    drivers: ['sim', 'fault'],
    empty: [],
    'quoted key': 1,
  });
});

test('tables hold the keys below their header, and a table may lie in another', () => {
  const text = 'a = 1\n[lab]\na = 2\n[lab.inner] # deeper\na = 3\n["with.dot"]\r\na = 4\n';
  assert.deepEqual(read(text), { a: 1, lab: { a: 2, inner: { a: 3 } }, 'with.dot': { a: 4 } });
  assert.deepEqual(read('[a.b]\nx = 1\n[a]\ny = 2'), { a: { b: { x: 1 }, y: 2 } });
});

const REFUSED: readonly (readonly [text: string, message: RegExp])[] = [
  ['port', /^config\.toml:1: "port" is not "key = value"\.$/],
  ['\nport = ', /^config\.toml:2: /],
  ['port = 1 2', /is not "key = value"/],
  ['port = 01', /is not "key = value"/],
  ['port = 1\nport = 2', /^config\.toml:2: the key "port" stands twice\.$/],
  ['a.b = 1', /is not "key = value"/],
  ['when = 2026-01-01', /is not "key = value"/],
  ['list = ["a"', /is not "key = value"/],
  ['text = """a', /is not "key = value"/],
  ['text = "a\\qb"', /is not "key = value"/],
  ['inline = { a = 1 }', /is not "key = value"/],
  ['[[rows]]', /^config\.toml:1: "\[\[rows\]\]" is not the header of a table; write \[name\]\.$/],
  ['[a', /is not the header of a table/],
  ['[a] b', /is not the header of a table/],
  ['[a]\n[b]\n[a]', /^config\.toml:3: the table \[a\] stands twice\.$/],
  ['a = 1\n[a]', /^config\.toml:2: the table \[a\] stands twice\.$/],
];

for (const [text, message] of REFUSED) {
  test(`${JSON.stringify(text)} is refused with its line`, () => {
    const parsed = parseToml(text, 'config.toml');
    assert.ok(!parsed.ok);
    assert.equal(parsed.error.code, 'REQUEST_INVALID');
    assert.match(parsed.error.message, message);
  });
}
