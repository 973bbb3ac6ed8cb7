import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launchBrowser, withoutBrowser } from '../platform/browser.ts';
import { startPlatform, temporaryDirectory } from '../platform/platform.ts';
import { makeToken } from '../platform/tokens.ts';

test('SEC-8: where credentials are demanded the page asks for a token, and forgets it with the tab', {
  skip: withoutBrowser,
}, async (t) => {
  const dataDir = temporaryDirectory();
  const token = makeToken(dataDir, '--role', 'user');
  const platform = await startPlatform({ dataDir });
  const browser = await launchBrowser();
  t.after(async () => {
    await browser.close();
    assert.equal(await platform.end('SIGTERM'), 0);
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(platform.ready.rest);
  await page.getByRole('alert').filter({ hasText: 'This needs credentials.' }).waitFor();
  const field = page.getByLabel('Access token');
  await field.fill(`${token}x`);
  await page.getByRole('button', { name: 'Use' }).click();
  await page.getByRole('alert').filter({ hasText: 'mistyped' }).waitFor();
  await field.fill(token);
  await page.getByRole('button', { name: 'Use' }).click();
  await page.getByRole('status').filter({ hasText: 'The program can run.' }).waitFor();
  assert.equal(await field.isVisible(), false);
  await page.getByRole('button', { name: /^Run/ }).click();
  await page.getByRole('status').filter({ hasText: 'DONE' }).waitFor();
  const other = await context.newPage();
  await other.goto(platform.ready.rest);
  await other.getByLabel('Access token').waitFor();
});
