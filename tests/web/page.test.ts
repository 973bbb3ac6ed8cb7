import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { verifyReceipt } from '@qfs/receipts';
import { verifyNobleSignature } from '@qfs/receipts/noble';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { launchBrowser, withoutBrowser } from '../platform/browser.ts';
import {
  call,
  type Platform,
  startPlatform,
  submit,
  temporaryDirectory,
  terminalJob,
  until,
} from '../platform/platform.ts';
import { example } from '../platform/programs.ts';

const skip = withoutBrowser;
/** Longest wait for anything that the page should show. */
const SHOWN_MS_MAX = 15_000;
/** More presses of Tab than the page has places to stop at. */
const TABS_MAX = 40;

let platform: Platform;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What no visit may bring: errors on the console, requests to somewhere else. */
let complaints: string[];

before(async () => {
  if (skip) return;
  platform = await startPlatform({ dataDir: temporaryDirectory(), args: ['--drivers', 'sim,fault'] });
  browser = await launchBrowser();
});
after(async () => {
  if (skip) return;
  await browser.close();
  assert.equal(await platform.end('SIGTERM'), 0);
});

beforeEach(async () => {
  if (skip) return;
  complaints = [];
  context = await browser.newContext({ reducedMotion: 'reduce' });
  context.setDefaultTimeout(SHOWN_MS_MAX);
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== platform.ready.rest && protocol !== 'data:') complaints.push(`asked ${request.url()}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(String(error.error())));
  page = await context.newPage();
});
afterEach(async () => {
  if (skip) return;
  await context.close();
  assert.deepEqual(complaints, []);
});

const open = async (hash = ''): Promise<void> => {
  await page.goto(`${platform.ready.rest}/${hash}`);
};
const editor = (): Locator => page.getByRole('textbox', { name: 'Program' });
const runButton = (): Locator => page.getByRole('button', { name: /^Run/ });
const cancelButton = (): Locator => page.getByRole('button', { name: 'Cancel' });

/** Waits until the one status that is shown says this. */
const status = (text: string | RegExp): Promise<void> =>
  page.getByRole('status').filter({ hasText: text }).waitFor();

/** Columns of the body of a table, read as people read it. */
async function cells(table: Locator): Promise<string[][]> {
  const rows = await table.getByRole('row').all();
  const texts = await Promise.all(rows.map((row) => row.getByRole('cell').allInnerTexts()));
  return texts.filter((row) => row.length > 0);
}

const counts = async (): Promise<[string, number][]> => {
  const table = page.getByRole('table', { name: /most frequent first/ });
  await table.waitFor();
  return (await cells(table)).map(([outcome, count]) => [outcome!, Number(count)]);
};

test('the page opens with an example, checked and drawn', { skip }, async () => {
  await open();
  await status('The program can run. 2 qubits, depth 3.');
  assert.equal(await editor().inputValue(), example('bell'));
  const drawing = page.getByRole('figure', { name: 'Drawing of the circuit' });
  await drawing.getByText('H', { exact: true }).waitFor();
  await page.getByRole('combobox', { name: 'Example' }).selectOption({ label: 'Teleportation' });
  await drawing.getByText('alice').first().waitFor();
});

test('an error is shown with line and column, and leads to its place', { skip }, async () => {
  await open();
  await status('The program can run.');
  await editor().fill('OPENQASM 3.0;\nqubit q;\nhh q;\n');
  await status('1 error.');
  const findings = page.getByRole('list', { name: 'Findings in the program' }).getByRole('listitem');
  assert.match(
    (await findings.allInnerTexts()).join(),
    /^line 3, column 1 error\[QASM_UNDECLARED\]: `hh` is not declared/,
  );
  await findings.getByRole('button', { name: 'line 3, column 1' }).click();
  const selected = await editor().evaluate((area) => {
    const { selectionEnd, selectionStart, value } = area as unknown as {
      readonly selectionEnd: number;
      readonly selectionStart: number;
      readonly value: string;
    };
    return value.slice(selectionStart, selectionEnd);
  });
  assert.equal(selected, 'hh');

  await editor().fill('OPENQASM 3.0;\nqubit q;\nbit c;\nreset q;\nc = measure q;\n');
  await status('The program can run. 1 qubit, ');
  assert.equal(await findings.count(), 0);
});

test('the receipt of a job is a button away, and holds', { skip }, async () => {
  await open();
  await status('The program can run.');
  await runButton().click();
  await status('DONE');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Receipt' }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^receipt-job_\w+\.json$/);
  const receipt = readFileSync(await file.path());
  assert.ok(verifyReceipt(receipt, { verify: verifyNobleSignature }).ok);
});

test('Run leads to counts that sum to the shots; the address shows the job again', { skip }, async () => {
  await open();
  await status('The program can run.');
  await page.getByRole('spinbutton', { name: 'Shots' }).fill('321');
  await page.getByRole('spinbutton', { name: 'Seed' }).fill('7');
  await runButton().click();
  await status('DONE');
  const shown = await counts();
  assert.deepEqual(shown.map(([outcome]) => outcome).sort(), ['00', '11']);
  assert.equal(
    shown.reduce((sum, [, count]) => sum + count, 0),
    321,
  );
  const jobId = /#\/jobs\/(job_\w+)$/.exec(page.url())?.[1];
  const results = await call(`${platform.ready.rest}/api/v1/jobs/${jobId}/results`);
  const { items } = results.json<{ results: { items: { results: { counts: object }[] }[] } }>().results;
  assert.deepEqual(Object.fromEntries(shown), items[0]?.results[0]?.counts);
  const states = await page.getByRole('list').getByRole('listitem').allInnerTexts();
  assert.deepEqual([states[0]?.split(' ')[0], states.at(-1)?.split(' ')[0]], ['PENDING', 'DONE']);

  await page.reload();
  await status('DONE');
  assert.deepEqual(await counts(), shown);

  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('link', { name: jobId! }).click();
  assert.deepEqual(await counts(), shown);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'results.json' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'results.json');
});

test('a hybrid program is checked, drawn and run, and shows what it found', { skip }, async () => {
  await open();
  await status('The program can run.');
  await page.getByRole('combobox', { name: 'Example' }).selectOption({ label: 'Energy of H2' });
  await status('The program can run. 2 qubits, depth 3.');
  await page.getByRole('figure', { name: 'Drawing of the circuit' }).getByText('theta').first().waitFor();
  await page.getByRole('spinbutton', { name: 'Seed' }).fill('7');
  await runButton().click();
  await status('DONE');
  await page
    .getByText(/^Least value -1\.1373\d* ± 0 \(COBYLA, \d+ evaluations, converged\) at theta = /)
    .waitFor();
  const sum = (await counts()).reduce((total, [, count]) => total + count, 0);
  assert.equal(sum, 1024);

  await open();
  await page.getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Eigen-Lang' });
  await editor().fill('x = lambda: 1\n');
  const findings = page.getByRole('list', { name: 'Findings in the program' }).getByRole('listitem');
  await findings.getByText('error[EIGEN_FORBIDDEN]: A lambda').waitFor();
});

test('a running job is cancelled from its page', { skip }, async () => {
  const { rest } = platform.ready;
  const jobId = await submit(rest, { program: example('bell'), target: 'fault:hang' });
  await open(`#/jobs/${jobId}`);
  await status('RUNNING');
  await cancelButton().click();
  await status('CANCELLED');
  await cancelButton().waitFor({ state: 'detached' });
  assert.equal((await terminalJob(rest, jobId)).state, 'CANCELLED');
});

/** Presses Tab until the element has the focus. */
async function tabTo(element: Locator): Promise<void> {
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    await page.keyboard.press('Tab');
    const isFocused = await element.evaluate(
      (node) =>
        (node as unknown as { ownerDocument: { activeElement: unknown } }).ownerDocument.activeElement ===
        node,
    );
    if (isFocused) return;
  }
  assert.fail(`${element} is not reached by Tab`);
}

test('everything works from the keyboard', { skip }, async () => {
  await open();
  await status('The program can run.');
  await tabTo(editor());
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('qubit q; bit c; U(pi, 0, pi) q; c = measure q;');
  await page.keyboard.press('Control+Enter');
  await status('DONE');
  assert.deepEqual(await counts(), [['1', 1024]]);

  await tabTo(page.getByRole('link', { name: 'Circuit' }));
  await page.keyboard.press('Enter');
  await tabTo(runButton());
  await page.keyboard.press('Enter');
  await until('the page of the second job', SHOWN_MS_MAX, async () =>
    page.url().includes('#/jobs/') ? true : undefined,
  );
  await status('DONE');

  const jobId = await submit(platform.ready.rest, { program: example('bell'), target: 'fault:hang' });
  await open(`#/jobs/${jobId}`);
  await status('RUNNING');
  await tabTo(cancelButton());
  await page.keyboard.press('Enter');
  await status('CANCELLED');
});
