import type { Tree } from '../yaml/tree.ts';

/** The JSON text of a value; integers keep all their digits. */
export function jsonOf(tree: Tree): string {
  if (tree.kind === 'list') return `[${tree.items.map(jsonOf).join(',')}]`;
  if (tree.kind === 'map') {
    return `{${tree.entries.map(({ key, value }) => `${JSON.stringify(key)}:${jsonOf(value)}`).join(',')}}`;
  }
  return typeof tree.value === 'bigint' ? String(tree.value) : JSON.stringify(tree.value);
}
