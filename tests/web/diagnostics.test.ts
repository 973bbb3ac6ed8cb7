import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Diagnostic } from '@qfs/core';
import { renderDiagnostics } from '@qfs/qasm';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, withoutBrowser } from '../platform/browser.ts';
import { eigenCli } from '../platform/eigen-cli.ts';
import { call, type Platform, startPlatform, temporaryDirectory } from '../platform/platform.ts';

/** Programs with several errors each: syntax and meaning, hints, earlier places, characters of two units. */
const WRONG: Readonly<Record<string, string>> = {
  names: 'include "stdgates.inc";\nqubit[2] qubits;\nbit qubits;\nhh qubits[0];\nh qubit_s[0];\n',
  grammar: 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[2 q;\nint[8] x = 0b12;\nh r;\nif (x > 1 { }\n',
  meaning:
    'include "stdgates.inc";\nqubit[2] q;\nconst int n = 4;\nh q[n];\ncx q[0], q[0];\ncx q[0];\nint n;\nbreak;\n',
  characters: 'qubit q; /* 😀😀 Ψ */ hh q;\n\t\tyy q; // 😀\nint 😀 = 2;\n',
  'one long line': `qubit q; ${'U(0, 0, 0) q; '.repeat(40)}zz q; ${'U(0, 0, 0) q; '.repeat(40)}ww q;`,
};
const SHOWN_MS_MAX = 60_000;

let platform: Platform;
let browser: Browser;
let page: Page;

before(async () => {
  platform = await startPlatform({ dataDir: temporaryDirectory() });
  if (withoutBrowser) return;
  browser = await launchBrowser();
  page = await browser.newPage();
  page.setDefaultTimeout(SHOWN_MS_MAX);
});
after(async () => {
  if (!withoutBrowser) await browser.close();
  assert.equal(await platform.end('SIGTERM'), 0);
});

interface Findings {
  readonly diagnostics: readonly Diagnostic[];
}

const post = async (path: string, body: object): Promise<Findings> =>
  (await call(`${platform.ready.rest}${path}`, 'POST', body)).json<Findings>();

/** What the REST door finds in a program. */
async function findingsOf(source: string): Promise<readonly Diagnostic[]> {
  const { diagnostics } = await post('/api/v1/validate', {
    language: 'openqasm3',
    source,
    level: 'semantic',
  });
  assert.ok(diagnostics.length > 1);
  return diagnostics;
}

for (const [title, source] of Object.entries(WRONG)) {
  test(`checking, submitting and running find the same: ${title}`, async () => {
    const diagnostics = await findingsOf(source);
    const problem = await post('/api/v1/jobs', { language: 'openqasm3', program: source, shots: 10 });
    assert.deepEqual(problem.diagnostics, diagnostics);

    const file = join(temporaryDirectory(), 'wrong.qasm');
    writeFileSync(file, source);
    const shown = renderDiagnostics(source, diagnostics, { file });
    for (const command of title === 'meaning' ? ['check', 'run', 'draw', 'submit'] : ['check']) {
      const { code, stderr } = await eigenCli(platform, command, file);
      assert.equal(code, 2, stderr);
      assert.ok(stderr.startsWith(shown), `${command}:\n${stderr}\ninstead of\n${shown}`);
    }
    const { stdout } = await eigenCli(undefined, 'check', file, '--json');
    const { files } = JSON.parse(stdout) as { readonly files: readonly [{ readonly diagnostics: object }] };
    assert.deepEqual(files[0].diagnostics, diagnostics);
  });

  test(`the page shows what the terminal shows: ${title}`, { skip: withoutBrowser }, async () => {
    const diagnostics = await findingsOf(source);
    await page.goto(platform.ready.rest);
    await page.getByRole('textbox', { name: 'Program' }).fill(source);
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    await page
      .getByRole('status')
      .filter({ hasText: `${errors} error` })
      .waitFor();
    const items = await page
      .getByRole('list', { name: 'Findings in the program' })
      .getByRole('listitem')
      .evaluateAll((elements) => elements.map(({ childNodes }) => [...childNodes].map((n) => n.textContent)));
    const folder = process.env.QFS_SCREENSHOTS;
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${title}.png`), fullPage: true });
    assert.deepEqual(
      items.map((parts) => parts.join('\n')),
      diagnostics.map((diagnostic) => asOnThePage(source, diagnostic)),
    );
  });
}

/** A finding as the terminal shows it, with the place where the page has it. */
function asOnThePage(source: string, diagnostic: Diagnostic): string {
  const { column, line } = diagnostic;
  const [title, , , excerpt, carets, ...rest] = renderDiagnostics(source, [diagnostic]).split('\n');
  const margin = String(line).length + 3;
  const notes = rest.filter((text) => text.includes('= ')).map((text) => text.trim().slice(2));
  return [
    `line ${line}, column ${column}`,
    ` ${title}`,
    `${excerpt!.slice(margin)}\n${carets!.slice(margin)}`,
    ...notes.map((text) => text.replace(/program\.qasm:(\d+):(\d+)$/, 'line $1, column $2')),
  ].join('\n');
}
