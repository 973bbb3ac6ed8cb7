import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remoteOptions } from './remote-options.ts';

const read = (url: string | undefined, prefix = 'remote') =>
  remoteOptions({ url, apiKey: undefined, prefix });

test('an address without a path gets the version of the API', () => {
  assert.equal(read('http://127.0.0.1:8000').url, 'http://127.0.0.1:8000/v0.4');
  assert.equal(read('https://api.example.org/v0.4/').url, 'https://api.example.org/v0.4/');
});

test('what is no address, or holds a password, is refused without repeating it', () => {
  for (const url of [undefined, '', 'host:8000', 'ftp://host', 'http://user:secret@host']) {
    assert.throws(
      () => read(url),
      (thrown: Error) => {
        assert.match(thrown.message, /^QFS_REMOTE_URL is "/);
        assert.ok(!thrown.message.includes('secret'));
        return true;
      },
    );
  }
});

test('a prefix is one word', () => {
  assert.equal(read('http://h', 'lab-2').prefix, 'lab-2');
  assert.throws(() => read('http://h', 'a:b'), { code: 'REQUEST_INVALID' });
});
