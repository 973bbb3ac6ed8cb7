import type { EventData } from 'node:test';

interface TestEvent {
  readonly type: string;
  readonly data: Partial<EventData.TestPass & EventData.TestFail> & { skip?: string | boolean };
}

/**
 * A reporter that ends a run with what was skipped and why, the failures once more, and one line of counts.
 */
export default async function* summary(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0;
  const skipped: string[] = [];
  const failed: string[] = [];
  for await (const { type, data } of source) {
    if (data.details?.type === 'suite') continue;
    if (type === 'test:pass' && data.skip !== undefined) skipped.push(`${data.name}: ${String(data.skip)}`);
    else if (type === 'test:pass') passed += 1;
    else if (type === 'test:fail') failed.push(`${data.file ?? ''}:${data.line ?? ''} ${data.name}`);
  }
  yield '\n';
  for (const line of skipped) yield `skipped ${line}\n`;
  for (const line of failed) yield `failed  ${line}\n`;
  yield `${passed} passed, ${failed.length} failed, ${skipped.length} skipped\n`;
}
