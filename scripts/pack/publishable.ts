import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';

/** A file of a package as it is published: its path inside the package and its bytes. */
export type PackedFiles = ReadonlyMap<string, Uint8Array>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Tests, what only tests use, and what tests compare with. */
const UNPUBLISHED = /\.(test|perf)\.ts$|(^|\/)(golden|testing)\//;
/** A quoted relative path to a TypeScript file: in imports, and in URLs of workers and child processes. */
const RELATIVE_PATH = /(['"])(\.\.?\/[^'"\n]*)\.ts\1/g;

export const isPublished = (path: string): boolean => !UNPUBLISHED.test(path);
const javaScriptPath = (path: string): string => path.replace(/\.ts$/, '.js');

/** The same text with its paths to TypeScript files leading to what becomes of them. */
export const toJavaScriptPaths = (source: string): string => source.replace(RELATIVE_PATH, '$1$2.js$1');

/** Types become blanks, so that lines and columns in a stack trace are those of the source. */
export const javaScript = (source: string): string => toJavaScriptPaths(stripTypeScriptTypes(source));

/** The manifest with its exports pointing at JavaScript; entries that serve tests alone are left out. */
export function publishedManifest(manifest: Manifest): Manifest {
  const { exports = {}, ...rest } = manifest;
  const kept = Object.entries(exports).filter(([, path]) => isPublished(path));
  return { ...rest, exports: Object.fromEntries(kept.map(([name, path]) => [name, javaScriptPath(path)])) };
}

/**
 * The files of one package as Node runs them below `node_modules`, where it refuses to strip types.
 * Throws if a file refers to one that is not published.
 */
export function publishedFiles(sources: PackedFiles): PackedFiles {
  const files = new Map<string, Uint8Array>();
  for (const [path, bytes] of sources) {
    if (!isPublished(path)) continue;
    const text = path.endsWith('.ts') ? javaScript(new TextDecoder().decode(bytes)) : undefined;
    files.set(javaScriptPath(path), text === undefined ? bytes : new TextEncoder().encode(text));
  }
  for (const [path, bytes] of files) {
    if (!path.endsWith('.js')) continue;
    for (const target of references(new TextDecoder().decode(bytes))) {
      const resolved = posix.join(posix.dirname(path), target);
      if (!files.has(resolved)) throw new Error(`${path} refers to ${resolved}, which is not published.`);
    }
  }
  return files;
}

const references = (source: string): string[] =>
  [...source.matchAll(/(?:from|import|import\(|new URL\() ?(['"])(\.\.?\/[^'"\n]*\.js)\1/g)].map(
    ([, , path]) => path!,
  );
