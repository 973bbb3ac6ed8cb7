import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { Browser, Page } from 'playwright-core';

const ORIGIN = 'https://qfs.test';
const ROOT = new URL('../../', import.meta.url);
/** What rooms that a browser can run import of others. */
const THIRD_PARTY: Readonly<Record<string, string>> = {
  '@noble/': `${ORIGIN}/node_modules/@noble/`,
  yaml: `${ORIGIN}/node_modules/yaml/browser/index.js`,
};

interface PackageJson {
  readonly exports: Readonly<Record<string, string>>;
}

/** Where a page finds what modules import by name. */
function importMap(): Readonly<Record<string, string>> {
  const rooms = readdirSync(new URL('packages/', ROOT)).flatMap((room) => {
    const manifest = readFileSync(new URL(`packages/${room}/package.json`, ROOT), 'utf8');
    const { exports } = JSON.parse(manifest) as PackageJson;
    return Object.entries(exports).map(([entry, path]) => [
      `@qfs/${room}${entry.slice(1)}`,
      new URL(path, `${ORIGIN}/packages/${room}/`).href,
    ]);
  });
  return { ...Object.fromEntries(rooms), ...THIRD_PARTY };
}

/** A page that runs modules of this checkout, which it is handed without a server. */
export async function openModulePage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  const start = `<!doctype html><script type="importmap">${JSON.stringify({ imports: importMap() })}</script>`;
  await page.route(`${ORIGIN}/**`, (route) => {
    const path = new URL(route.request().url()).pathname.slice(1);
    if (path === '') return route.fulfill({ contentType: 'text/html', body: start });
    const source = readFileSync(new URL(path, ROOT), 'utf8');
    const body = path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
    return route.fulfill({ contentType: 'text/javascript', body });
  });
  await page.goto(`${ORIGIN}/`);
  return page;
}
