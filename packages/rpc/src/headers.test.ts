import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CallContext } from './call-context.ts';
import { contextFromHeaders, headersOf, IDENTITY_HEADERS } from './headers.ts';

const contextOf = (text: string): CallContext => ({
  identity: { tenantId: text, projectId: text, subject: text, roles: [text, `${text},`] },
  traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  requestId: 'req_1',
});

test('identity crosses as metadata whatever it consists of', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      assert.deepEqual(contextFromHeaders(headersOf(contextOf(text))), contextOf(text));
    }),
  );
});

test('the limits of an identity cross as they are, and no limit stays none', () => {
  for (const limits of [
    { tenantOpenJobsMax: 100, projectOpenJobsMax: 0 },
    { projectOpenJobsMax: 7 },
    { tenantOpenJobsMax: 1, shotsPerJobMax: 1000 },
  ]) {
    const context = contextOf('ana');
    const limited = { ...context, identity: { ...context.identity, limits } };
    assert.deepEqual(contextFromHeaders(headersOf(limited)), limited);
  }
  assert.equal('limits' in contextFromHeaders(headersOf(contextOf('ana'))).identity, false);
});

test('a call between roles without a part of its identity is refused, and so is text that cannot be read', () => {
  for (const name of Object.values(IDENTITY_HEADERS)) {
    const headers = headersOf(contextOf('ana'));
    headers.delete(name);
    assert.throws(() => contextFromHeaders(headers), {
      code: 'AUTH_MISSING',
      message: new RegExp(`'${name}'`),
    });
    headers.set(name, '%zz');
    assert.throws(() => contextFromHeaders(headers), { code: 'REQUEST_INVALID' });
  }
});
