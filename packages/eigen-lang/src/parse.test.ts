import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EIGEN_DEPTH_MAX, EIGEN_NODES_MAX, EIGEN_SOURCE_BYTES_MAX } from '@qfs/core';
import fc from 'fast-check';
import { parseProgram } from './index.ts';

const found = (source: string): string[] =>
  parseProgram(source).diagnostics.map(
    ({ code, line, column, message }) => `${code} ${line}:${column} ${message}`,
  );

/** A tree as a text of one line: what it is and what it holds, without places. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'none';
  const { type, start: _, end: __, nameSpan: ___, ...parts } = value as Record<string, unknown>;
  return `(${[type, ...Object.values(parts).map(shown)].filter((part) => part !== undefined).join(' ')})`;
}

const tree = (source: string): string => {
  const { module, diagnostics } = parseProgram(source);
  assert.deepEqual(diagnostics, [], source);
  return module.body.map(shown).join('\n');
};

test('a program is read to the tree that Python gives it', () => {
  for (const [source, expected] of [
    ['x = -2 ** -y + 3 * 4', '(Assign (Name "x") (BinOp (UnaryOp "-" (BinOp (Name... "'],
    ['pass', '(Pass)'],
    ['f(1, "a" \'b\', c=2.5,)', '(Expr (Call (Name "f") [1 "ab"] [("c" 2.5)]))'],
    ['q = r[0].size', '(Assign (Name "q") (Attribute (Subscript (Name "r") 0) "size"))'],
    ['t = 1, 2', '(Assign (Name "t") (Tuple [1 2]))'],
    ['d = {"a": [1, (2,)], 3: ()}', ''],
    ['a: float = 1_000.5e-3', '(Assign (Name "a") 1.0005)'],
    ['b = not x and 1 < y <= 2 or True', ''],
    ['if a:\n  pass\nelif b: pass\nelse:\n\tpass', ''],
    ['for k in range(3): h(k); x(k)', ''],
    ['from eigen_lang.gates import (rx,\n  ry as y,  # two\n)', ''],
    ['n = 0xfF + 0b1_0 + 0o17 + 00', ''],
    ['s = r"\\n" "\\x41\\u00e9\\t\\101" """two\nlines"""', ''],
    ['x = (1 +\n\n  # a comment\n  2)  # another\ny = 1 + \\\n 2', ''],
  ] as const) {
    const shownTree = tree(source).replaceAll(/\(Constant ([^()]*)\)/g, '$1');
    if (expected !== '' && !expected.includes('...')) assert.equal(shownTree, expected, source);
  }
  const constants = (source: string) => tree(source).replaceAll(/\(Constant ([^()]*)\)/g, '$1');
  assert.equal(
    constants('x = -2 ** -y + 3 * 4'),
    '(Assign (Name "x") (BinOp (UnaryOp "-" (BinOp 2 "**" (UnaryOp "-" (Name "y")))) "+" (BinOp 3 "*" 4)))',
  );
  assert.equal(
    constants('if a:\n  pass\nelif b: pass\nelse:\n\tpass'),
    '(If (Name "a") [(Pass)] [(If (Name "b") [(Pass)] [(Pass)])])',
  );
  assert.equal(constants('s = "\\x41\\u00e9\\t\\101\\\n"'), '(Assign (Name "s") "Aé\\tA")');
});

test('what is not part of Eigen-Lang is named, with its place', () => {
  for (const [source, expected] of [
    ['import os', '1:1 import is not part'],
    ['from os import system', '1:1 The module os is not part'],
    ['from . import x', '1:6 A relative import'],
    ['from eigen_lang import *', '1:24 Importing everything'],
    ['x = lambda: 1', '1:5 A lambda'],
    ['class A:\n  pass', '1:1 A class'],
    ['while True:\n  pass', '1:1 A while loop'],
    ['try:\n  f()\nexcept E:\n  pass', '1:1 try'],
    ['with f() as g:\n  pass', '1:1 with'],
    ['x = [k for k in y]', '1:8 A comprehension'],
    ['f(k for k in y)', '1:5 A generator'],
    ['x = {1, 2}', '1:5 A set'],
    ['x = f"{y}"', '1:5 Formatted strings'],
    ['x = b"y"', '1:5 Bytes literals'],
    ['f(*a)', '1:3 Unpacking with a star'],
    ['f(**a)', '1:3 Unpacking with a star'],
    ['(x := 1)', '1:4 An assignment inside an expression'],
    ['x = y if z else w', '1:7 A conditional expression'],
    ['x += 1', '1:3 The assignment +='],
    ['x = y = 1', '1:7 A chain of assignments'],
    ['x, y = 1, 2', '1:1 Assigning to several names'],
    ['x.y = 1', '1:1 Assigning to an attribute'],
    ['x[0] = 1', '1:1 Assigning to an element'],
    ['x = y[1:2]', '1:8 A slice'],
    ['x = y @ z', '1:7 The operator @'],
    ['x = ~y', '1:5 The operator ~'],
    ['x = 1j', '1:5 1j is imaginary'],
    ['x = y in z', '1:7 The comparison with'],
    ['x = __import__("os")', '1:5 The name __import__'],
    ['x = y.__class__', '1:7 The attribute __class__'],
    ['def f(a):\n  pass', '1:7 A parameter of a function'],
    ['async def f():\n  pass', '1:1 async'],
    ['del x', '1:1 del'],
    ['global x', '1:1 global'],
    ['x = ...', '1:5 The ellipsis'],
    ['match x:\n  case 1: pass', '1:1 match'],
    ['x: int', '1:1 A declaration without a value'],
    ['αβ = 1', '1:1 The name αβ'],
  ] as const) {
    assert.ok(found(source)[0]?.startsWith(`EIGEN_FORBIDDEN ${expected}`), `${source}: ${found(source)}`);
  }
});

test('what is not Python is said as such, and everything wrong at once', () => {
  for (const [source, expected] of [
    ['x = (1', "1:5 '(' is never closed."],
    ['x = 1)', "1:6 ')' closes nothing."],
    ['x = "a', '1:5 The string is not closed'],
    ['  x = 1', '1:3 The line is indented'],
    ['if a:\npass', '2:1 The body of the if is missing'],
    ['if a:\n    pass\n  pass', '3:1 The line is indented less'],
    ['if a:\n\tpass\n        pass', '3:1 Tabs and spaces are mixed'],
    ['else: pass', "1:1 'else' goes on no statement"],
    ['x = 017', '1:5 017 begins with a zero'],
    ['x = 1abc', '1:5 1abc is no number'],
    ['x = "\\q"', '1:6 \\q is no escape'],
    ['x = $', "1:5 The character '$'"],
    ['x = 1 \\ y', '1:7 Something follows the backslash'],
    ['x = \\\n', '1:6 The program ends after a backslash'],
    ['f(a=1, 2)', '1:8 An argument without a name'],
    ['f(a=1, a=2)', '1:8 The argument a is given twice'],
    ['1 = x', '1:1 Only a name'],
    ['x = \0', '1:5 The program holds a character'],
  ] as const) {
    const all = found(source);
    assert.ok(
      all.some((text) => text.startsWith(`EIGEN_SYNTAX ${expected}`)),
      `${source}: ${all}`,
    );
  }
  assert.deepEqual(found('x = 1\ny = (2\nz = 3\nimport os\n'), ["EIGEN_SYNTAX 2:5 '(' is never closed."]);
  assert.deepEqual(found('h(0\nx(1)\n'), ["EIGEN_SYNTAX 1:2 '(' is never closed."]);
  const lines = found('x = )\ny = 1\nimport os\nwhile x:\n    y = [\n    ]\nz = lambda: 0');
  assert.deepEqual(
    lines.map((text) => text.split(' ')[1]),
    ['1:5', '3:1', '4:1', '7:5'],
  );
});

test('the bounds of a program are kept on both sides', () => {
  const fill = (bytes: number) => `#${'x'.repeat(bytes - 1)}`;
  assert.deepEqual(found(fill(EIGEN_SOURCE_BYTES_MAX)), []);
  assert.match(found(fill(EIGEN_SOURCE_BYTES_MAX + 1))[0]!, /^EIGEN_LIMIT .* at most 262144/);
  for (const long of ['#', '# ', '\n', '//', '#\n//', ' #\r'])
    found(long.repeat(EIGEN_SOURCE_BYTES_MAX / long.length - 9));
  const parentheses = (depth: number) => `x = ${'['.repeat(depth)}${']'.repeat(depth)}`;
  assert.deepEqual(found(parentheses(EIGEN_DEPTH_MAX - 2)), []);
  assert.match(found(parentheses(EIGEN_DEPTH_MAX + 1))[0]!, /^EIGEN_LIMIT/);
  assert.match(found(`x = ${'-'.repeat(100_000)}1`)[0]!, /^EIGEN_LIMIT/);
  assert.match(found(`x = 1${' + 1'.repeat(EIGEN_DEPTH_MAX)}`)[0]!, /^EIGEN_LIMIT/);
  const list = (elements: number) => `x = [${'1,'.repeat(elements)}]`;
  assert.deepEqual(found(list(EIGEN_NODES_MAX - 4)), []);
  assert.match(found(list(EIGEN_NODES_MAX))[0]!, /^EIGEN_LIMIT .* 50000 nodes/);
  const blocks = (depth: number) =>
    `${Array.from({ length: depth }, (_, k) => `${' '.repeat(k)}if a:\n`).join('')}${' '.repeat(depth)}pass`;
  assert.deepEqual(found(blocks(95)), []);
  assert.match(found(blocks(150))[0]!, /^EIGEN_LIMIT/);
  assert.match(found('x = 1e999')[0]!, /^EIGEN_LIMIT/);
  assert.match(found(`x = ${'9'.repeat(101)}`)[0]!, /^EIGEN_LIMIT/);
});

test('whatever text is read, the answer is a tree or diagnostics with places inside of it', () => {
  const pieces = fc.constantFrom(
    ...[
      'x',
      ' = ',
      '1',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '\n',
      '\n    ',
      '\t',
      '"',
      "'",
      '"""',
      '\\',
      '#',
    ],
    ...[
      'def f():',
      '@',
      'if ',
      'else:',
      'for k in ',
      'return ',
      'from eigen_lang import h',
      'lambda',
      '**',
      '\r\n',
    ],
    ...['é', '\u{1f600}', '\0', '0x', '1e', '.5', 'f"', 'not ', ' and ', '==', '...', '\f', '\ufeff'],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const source = parts.join('');
      const lines = source.split(/\r\n|\r|\n/);
      for (const { line, column } of parseProgram(source).diagnostics) {
        assert.ok(line >= 1 && line <= lines.length && column >= 1, JSON.stringify({ source, line, column }));
        assert.ok(column <= [...lines[line - 1]!].length + 2, JSON.stringify({ source, line, column }));
      }
    }),
    { numRuns: 2_000 },
  );
});
