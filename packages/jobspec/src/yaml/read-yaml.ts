import { JOB_YAML_DEPTH_MAX, JOB_YAML_NODES_MAX } from '@qfs/core';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLError,
} from 'yaml';
import type { Findings } from '../findings.ts';
import type { Entry, MapTree, ScalarTree, Tree } from './tree.ts';

/** What the parser says in its own words, in ours. */
const SYNTAX: Partial<Record<YAMLError['code'], { readonly message: string; readonly hint?: string }>> = {
  MULTIPLE_DOCS: { message: 'There is more than one document', hint: 'Write one job per file.' },
  TAB_AS_INDENT: { message: 'A tab indents the line', hint: 'Indent with blanks.' },
  RESOURCE_EXHAUSTION: { message: `Values are nested deeper than ${JOB_YAML_DEPTH_MAX} levels` },
};

/**
 * Reads YAML 1.2 (core schema) into a tree of plain values. Every key stands once, aliases are followed,
 * merge keys are keys like others, and integers are exact.
 * @param nodesMax values that the tree may have; a value counts as often as aliases stand for it
 * @returns undefined if the text is no such document; the findings then say why
 */
export function readYaml(text: string, findings: Findings, nodesMax = JOB_YAML_NODES_MAX): Tree | undefined {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    intAsBigInt: true,
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  for (const { code, message, pos } of document.errors) {
    const said = SYNTAX[code] ?? { message: message.replace(/\.$/, '') };
    findings.addAt('JOB_SYNTAX', { from: pos[0], to: pos[1] }, '', said.message, said);
  }
  if (findings.hasErrors) return undefined;
  if (document.contents === null) {
    const hint = 'Begin with "apiVersion: eigen.os/v1"; "eigen-cli job init" writes a whole one.';
    findings.add('JOB_SYNTAX', '', 'The document is empty', hint);
    return undefined;
  }
  return new Growth(findings, nodesMax).grow(document.contents);
}

/** A tree, how many values it has, and how many levels. */
interface Grown {
  readonly tree: Tree;
  readonly nodes: number;
  readonly levels: number;
}

const NOTHING: ScalarTree = { kind: 'scalar', from: 0, to: 0, value: null, source: '' };

/** Thrown to end the growth at once, for what would go on without bound. */
class TooMuch extends Error {}

/** Turns nodes of the parser into a tree, bounded in number and depth. */
class Growth {
  readonly #findings: Findings;
  readonly #nodesMax: number;
  readonly #anchors = new Map<string, Grown>();
  #nodes = 0;

  constructor(findings: Findings, nodesMax: number) {
    this.#findings = findings;
    this.#nodesMax = nodesMax;
  }

  grow(node: Node): Tree | undefined {
    try {
      return this.#grow(node, 1).tree;
    } catch (thrown) {
      if (thrown instanceof TooMuch) return undefined;
      throw thrown;
    }
  }

  #grow(node: Node, depth: number): Grown {
    const at = locationOf(node);
    if (isAlias(node)) return this.#follow(node.source, at, depth);
    this.#count(1, depth, at);
    const before = this.#nodes;
    if (node.tag !== undefined) {
      this.#findings.addAt('JOB_SYNTAX', at, '', `The tag ${node.tag} is not read`, {
        hint: 'Write the plain value.',
      });
    }
    let tree: Tree;
    let levels = 1;
    const child = (below: Node | null): Tree => {
      if (below === null) return { ...NOTHING, ...at };
      const grown = this.#grow(below, depth + 1);
      levels = Math.max(levels, 1 + grown.levels);
      return grown.tree;
    };
    if (isMap(node)) tree = this.#growMap(node.items as Pair<Node, Node | null>[], at, child);
    else if (isSeq(node))
      tree = { kind: 'list', ...at, items: node.items.map((item) => child(item as Node)) };
    else tree = scalarOf(node as Scalar, at);
    const grown = { tree, nodes: 1 + this.#nodes - before, levels };
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, grown);
    return grown;
  }

  #growMap(pairs: readonly Pair<Node, Node | null>[], at: At, child: (node: Node | null) => Tree): MapTree {
    const entries = new Map<string, Entry>();
    for (const { key, value } of pairs) {
      const keyAt = locationOf(key);
      if (!isScalar(key) || typeof key.value !== 'string') {
        const hint = 'Put a key that is not a word between quotation marks.';
        this.#findings.addAt('JOB_SYNTAX', keyAt, '', 'A key is no text', { hint });
        continue;
      }
      const first = entries.get(key.value);
      const entry = { key: key.value, keyAt, value: child(value) };
      if (first === undefined) entries.set(key.value, entry);
      else {
        this.#findings.addAt('JOB_KEY_DUPLICATE', keyAt, key.value, `The key ${key.value} stands twice`, {
          hint: 'Keep one of them.',
          related: { message: 'the first is here', at: first.keyAt },
        });
      }
    }
    return { kind: 'map', ...at, entries: [...entries.values()] };
  }

  #follow(name: string, at: At, depth: number): Grown {
    const grown = this.#anchors.get(name);
    if (grown === undefined) {
      this.#findings.addAt('JOB_SYNTAX', at, '', `The alias *${name} stands for nothing before it`);
      return { tree: { ...NOTHING, ...at }, nodes: 1, levels: 1 };
    }
    this.#count(grown.nodes, depth + grown.levels - 1, at);
    return grown;
  }

  #count(nodes: number, depth: number, at: At): void {
    this.#nodes += nodes;
    const isDeep = depth > JOB_YAML_DEPTH_MAX;
    if (!isDeep && this.#nodes <= this.#nodesMax) return;
    const message = isDeep
      ? `Values are nested deeper than ${JOB_YAML_DEPTH_MAX} levels`
      : `There are more than ${this.#nodesMax} values, those that aliases stand for included`;
    this.#findings.addAt('JOB_TOO_LARGE', at, '', message);
    throw new TooMuch(message);
  }
}

type At = { readonly from: number; readonly to: number };

function locationOf({ range }: Pick<Node, 'range'>): At {
  const [from, to] = range ?? [0, 0];
  return { from, to };
}

const scalarOf = ({ source, value }: Scalar, at: At): ScalarTree => ({
  kind: 'scalar',
  ...at,
  // An integer has no negative zero, but a number that was written so has.
  value: value === 0n && source?.startsWith('-') === true ? -0 : (value as ScalarTree['value']),
  source: source ?? '',
});
