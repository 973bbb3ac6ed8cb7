import type { Findings } from '../findings.ts';
import { memberPath } from '../shapes/check.ts';
import type { Tree } from '../yaml/tree.ts';

const SECRET =
  /(?:^|[^a-z])(?:token|password|passwd|secret|credentials?|api[-_]?key|private[-_]?key|access[-_]?key)s?$/i;

/** Warns of keys that look like those of secrets; their values are not shown. */
export function findSecrets(tree: Tree, path: string, findings: Findings): void {
  if (tree.kind === 'list')
    for (const [at, item] of tree.items.entries()) findSecrets(item, `${path}[${at}]`, findings);
  if (tree.kind !== 'map') return;
  for (const { key, keyAt, value } of tree.entries) {
    const inside = memberPath(path, key);
    if (SECRET.test(key)) {
      findings.addAt('JOB_SECRET', keyAt, inside, `${inside} looks like a secret`, {
        hint: 'Documents are kept for ever and shown to whoever sees the job; give tokens to eigen-cli by EIGEN_TOKEN.',
      });
    }
    findSecrets(value, inside, findings);
  }
}
