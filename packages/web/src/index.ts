/** `@qfs/web`: the page under `/`, hand-written: what the browser gets is what lies in `page/`. */
import { existsSync, readFileSync } from 'node:fs';

export interface PageAsset {
  /** Where the door serves it. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}

const PAGE = new URL('./page/', import.meta.url);
/** A published package carries the examples itself; in the checkout they lie where everybody looks. */
const EXAMPLES = ['../examples/', '../../../examples/']
  .map((path) => new URL(path, import.meta.url))
  .find((folder) => existsSync(folder))!;

const FILES = [
  { path: '/', file: new URL('index.html', PAGE), contentType: 'text/html; charset=utf-8' },
  { path: '/page.js', file: new URL('page.js', PAGE), contentType: 'text/javascript; charset=utf-8' },
  { path: '/style.css', file: new URL('style.css', PAGE), contentType: 'text/css; charset=utf-8' },
  ...['bell.qasm', 'ghz.qasm', 'teleport.qasm', 'qft.qasm', 'vqe_h2/program.eigen.py'].map((name) => ({
    path: `/examples/${name}`,
    file: new URL(name, EXAMPLES),
    contentType: 'text/plain; charset=utf-8',
  })),
];

/** The page and the example circuits it offers, read from disk. */
export const pageAssets = (): readonly PageAsset[] =>
  FILES.map(({ path, file, contentType }) => ({ path, contentType, body: readFileSync(file) }));
