import type { App } from './app.ts';

/** One file of the page. */
export interface PageAsset {
  /** Address, for example `/` or `/page.js`. */
  readonly path: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

const PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-cache',
} as const;

/** The files of the page, with the headers that keep foreign code out. */
export function pageRoutes(app: App, assets: readonly PageAsset[]): void {
  for (const { path, contentType, body } of assets) {
    const bytes = typeof body === 'string' ? body : Buffer.from(body);
    app.get(path, { schema: { hide: true } }, async (_request, reply) =>
      reply.headers(PAGE_HEADERS).type(contentType).send(bytes),
    );
  }
}
