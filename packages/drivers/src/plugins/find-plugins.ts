import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { QfsError } from '@qfs/core';

const MANIFEST = 'driver.json';

/**
 * Folders of plugins below these: each that has a `driver.json`, in the order of their names; or the given
 * folder itself.
 * @throws QfsError REQUEST_INVALID for a folder that does not exist or holds none
 */
export const pluginFolders = (paths: readonly string[]): string[] => paths.flatMap(foldersIn);

function foldersIn(path: string): string[] {
  if (!existsSync(path)) {
    throw new QfsError('REQUEST_INVALID', `There is no folder ${path}, which should hold drivers.`);
  }
  if (existsSync(join(path, MANIFEST))) return [path];
  const inside = readdirSync(path)
    .sort()
    .map((name) => join(path, name))
    .filter((folder) => existsSync(join(folder, MANIFEST)));
  if (inside.length > 0) return inside;
  throw new QfsError('REQUEST_INVALID', `No folder in ${path} has a ${MANIFEST}, which describes a driver.`);
}

const HERE = dirname(fileURLToPath(import.meta.url));

/**
 * The folder of an npm package, as Node finds it from these folders: by default the working one, then our
 * own.
 * @throws QfsError REQUEST_INVALID that says how to install it
 */
export function packageFolder(name: string, starts: readonly string[] = [process.cwd(), HERE]): string {
  if (/^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name)) {
    for (const start of starts) {
      for (let folder = resolve(start); ; folder = dirname(folder)) {
        const candidate = join(folder, 'node_modules', name);
        if (existsSync(join(candidate, MANIFEST))) return candidate;
        if (folder === dirname(folder)) break;
      }
    }
  }
  throw new QfsError(
    'REQUEST_INVALID',
    `There is no installed package ${name.slice(0, 200)} with a ${MANIFEST}. Install it where the server starts.`,
  );
}

export const manifestPath = (folder: string): string => join(folder, MANIFEST);
