import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8, utf8Decode } from '@qfs/core/exact';
import { type JsonValue, jcs, parseJson } from '@qfs/core/json';
import fc from 'fast-check';
import { RECEIPT_READ_BYTES_MAX, writeReceipt } from './receipt.ts';
import { MadeLog, verifySignature } from './testing/made-receipt.ts';
import { verifyReceipt } from './verify.ts';

const judge = (bytes: Uint8Array) => verifyReceipt(bytes, { verify: verifySignature });

function validReceipt(): JsonValue {
  const log = new MadeLog();
  const statement = log.statement();
  const entry = log.append('JOB_FINISHED', log.finished(statement));
  const text = utf8Decode(writeReceipt(log.receiptOf(entry, statement)));
  assert.ok(text.ok);
  const parsed = parseJson(text.value);
  assert.ok(parsed.ok);
  return parsed.value;
}

/** Paths to all values of a document, the document itself excepted. */
function pathsOf(value: JsonValue, path: readonly string[] = []): (readonly string[])[] {
  const own = path.length === 0 ? [] : [path];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([name, item]) => pathsOf(item, [...path, name]))];
}

/** The document with another value at the path; without it when that is undefined. */
function withValue(document: JsonValue, path: readonly string[], value: JsonValue | undefined): JsonValue {
  const [name, ...rest] = path;
  if (name === undefined) return value!;
  const copy = Array.isArray(document) ? [...document] : { ...(document as object) };
  const fields = copy as Record<string, JsonValue>;
  if (rest.length === 0 && value === undefined) delete fields[name];
  else fields[name] = withValue(fields[name]!, rest, value);
  return Array.isArray(copy) ? copy.filter(() => true) : (copy as JsonValue);
}

test('REC-12: whatever stands in place of any part of a receipt is refused with a reason, and never thrown over', () => {
  const receipt = validReceipt();
  const [paths, wrong] = [pathsOf(receipt), fc.option(fc.jsonValue(), { nil: undefined })];
  fc.assert(
    fc.property(fc.constantFrom(...paths), wrong, (path, value) => {
      const bytes = utf8(`${jcs(withValue(receipt, path, value as JsonValue | undefined))}\n`);
      const same = utf8(`${jcs(receipt)}\n`);
      if (Buffer.from(bytes).equals(same)) return;
      const { ok, steps } = judge(bytes);
      assert.equal(ok, false);
      assert.ok(steps.at(-1)!.detail.length > 0);
    }),
    { numRuns: 500 },
  );
});

test('REC-3: any bytes, deep nesting, NUL bytes and what is too large are refused', () => {
  const refused = (bytes: Uint8Array): string => {
    const { ok, steps } = judge(bytes);
    assert.deepEqual([ok, steps.map(({ step }) => step)], [false, ['form']]);
    return steps[0]!.detail;
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => refused(bytes).length > 0));
  for (const open of ['[', '{"a":']) refused(utf8(open.repeat(RECEIPT_READ_BYTES_MAX / open.length - 1)));
  refused(utf8(`${'['.repeat(10_000)}${']'.repeat(10_000)}`));
  refused(new Uint8Array(30_000));
  refused(utf8(`${jcs(validReceipt()).replace('qfs-receipt/1', 'qfs-receipt\0/1')}\n`));
  refused(utf8('{"version":"qfs-receipt/1","version":"qfs-receipt/1"}\n'));
  const blanks = (length: number): Uint8Array => new Uint8Array(length).fill(0x20);
  assert.match(refused(blanks(RECEIPT_READ_BYTES_MAX + 1)), /more than the \d+ of a receipt/);
  assert.doesNotMatch(refused(blanks(RECEIPT_READ_BYTES_MAX)), /more than/);
});
