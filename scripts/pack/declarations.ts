import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isPublished, type PackedFiles, toJavaScriptPaths } from './publishable.ts';

/**
 * The declarations of the types of packages: by the folder of the package, each file by its path there.
 * @param scratch a folder that may be filled
 */
export function declarationsOf(
  folders: readonly string[],
  scratch: string,
): ReadonlyMap<string, PackedFiles> {
  mkdirSync(scratch, { recursive: true });
  const project = join(scratch, 'tsconfig.json');
  const compilerOptions = {
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true },
    ...{
      rootDir: resolve('packages'),
      outDir: resolve(scratch),
      typeRoots: [resolve('node_modules/@types')],
    },
  };
  const files = folders.flatMap((folder) => globSync(`${folder}/src/**/*.ts`)).filter(isPublished);
  const extended = {
    extends: resolve('tsconfig.json'),
    compilerOptions,
    files: files.map((path) => resolve(path)),
    include: [],
  };
  writeFileSync(project, JSON.stringify(extended));
  const compiled = spawnSync('node_modules/.bin/tsc', ['-p', project], { encoding: 'utf8' });
  if (compiled.status !== 0) throw new Error(`The types cannot be written:\n${compiled.stdout}`);
  const found = new Map<string, Map<string, Uint8Array>>();
  for (const path of globSync('*/src/**/*.d.ts', { cwd: scratch })) {
    const [room = '', ...rest] = path.replaceAll('\\', '/').split('/');
    const files = found.get(`packages/${room}`) ?? new Map();
    const text = toJavaScriptPaths(readFileSync(join(scratch, path), 'utf8'));
    found.set(`packages/${room}`, files.set(rest.join('/'), new TextEncoder().encode(text)));
  }
  return found;
}
