import { nearestName } from '@qfs/core';
import { utf8 } from '@qfs/core/exact';
import { clipped, type Findings, shown } from '../findings.ts';
import type { Entry, Tree } from '../yaml/tree.ts';
import { checkScalar } from './check-scalar.ts';
import { jsonOf } from './json-of.ts';
import type { Member, RecordShape, Shape, ValueOf } from './shape.ts';

/** What a reader is told about members that are not known. */
export interface Unknowns {
  /** Version 0.1 passes over them. */
  readonly areIgnored: boolean;
  /** What to write instead of a name that another version has at this path. */
  readonly elsewhere: Readonly<Record<string, string>>;
}

/**
 * Checks a value against its shape and gives what could be read of it: what is wrong is found and left out,
 * so that one reading finds everything.
 */
export function check<S extends Shape>(
  tree: Tree,
  shape: S,
  path: string,
  findings: Findings,
  unknowns: Unknowns,
): ValueOf<S> | undefined {
  return new Checker(findings, unknowns).value(tree, shape, path) as ValueOf<S> | undefined;
}

/** Names that are listed where a key is not known; of more the list helps nobody. */
const LISTED_MAX = 24;

class Checker {
  readonly #findings: Findings;
  readonly #unknowns: Unknowns;

  constructor(findings: Findings, unknowns: Unknowns) {
    this.#findings = findings;
    this.#unknowns = unknowns;
  }

  /** @param at where findings about it are shown: of a mapping or list its key, which is shorter */
  value(
    tree: Tree,
    shape: Shape,
    path: string,
    at: { readonly from: number; readonly to: number } = tree,
  ): unknown {
    this.#findings.mark(path, tree.kind === 'scalar' ? tree : at);
    switch (shape.kind) {
      case 'any':
        return undefined;
      case 'json':
        return tree.kind === 'scalar'
          ? this.#scalar(tree, shape, path)
          : this.#bounded(jsonOf(tree), shape.bytesMax, path);
      case 'input':
        return tree.kind === 'list' ? jsonOf(tree) : this.#scalar(tree, shape, path);
      case 'list':
        return this.#list(tree, shape, path);
      case 'map':
        return this.#map(tree, shape, path);
      case 'record':
        return this.#record(tree, shape, path);
      case 'either':
        return this.value(tree, shape.of.find((one) => fits(tree, one)) ?? shape.of[0]!, path, at);
      default:
        return this.#scalar(tree, shape, path);
    }
  }

  #scalar(tree: Tree, shape: Shape, path: string): unknown {
    if (tree.kind !== 'scalar') return this.#wrong(tree, shape, path);
    const read = checkScalar(tree, shape);
    if ('value' in read) return read.value;
    this.#findings.add(read.code ?? 'JOB_VALUE', path, `${path} is ${describe(tree)}${read.but}`, read.hint);
    return undefined;
  }

  #bounded(text: string, bytesMax: number, path: string): string | undefined {
    const { length } = utf8(text);
    if (length <= bytesMax) return text;
    this.#findings.add('JOB_VALUE', path, `${path} has ${length} bytes; at most ${bytesMax} are allowed`);
    return undefined;
  }

  #list(tree: Tree, shape: Shape & { kind: 'list' }, path: string): unknown {
    if (isNothing(tree)) return (shape.min ?? 0) > 0 ? this.#wrong(tree, shape, path) : [];
    if (tree.kind !== 'list') return this.#wrong(tree, shape, path);
    const { min = 0, max } = shape;
    const { length } = tree.items;
    if (length < min || length > max) {
      this.#findings.add(
        'JOB_VALUE',
        path,
        `${path} has ${length} entries; from ${min} to ${max} are allowed`,
      );
    }
    const read = tree.items.slice(0, max).map((item, at) => this.value(item, shape.of, `${path}[${at}]`));
    return read.filter((value) => value !== undefined);
  }

  #map(tree: Tree, shape: Shape & { kind: 'map' }, path: string): unknown {
    if (isNothing(tree)) return {};
    if (tree.kind !== 'map') return this.#wrong(tree, shape, path);
    const { length } = tree.entries;
    if (length > shape.max) {
      this.#findings.add(
        'JOB_VALUE',
        path,
        `${path} has ${length} entries; at most ${shape.max} are allowed`,
      );
    }
    const read = tree.entries.slice(0, shape.max).map(({ key, keyAt, value }) => {
      const member = `${path}.${key}`;
      const named = checkScalar({ kind: 'scalar', ...keyAt, value: key, source: key }, shape.keys);
      if (!('value' in named)) {
        this.#findings.addAt(
          'JOB_VALUE',
          keyAt,
          member,
          `The key ${shown(key)} of ${path} is wrong${named.but}`,
          named,
        );
      }
      return [key, this.value(value, shape.of, member, keyAt)] as const;
    });
    return Object.fromEntries(read.filter(([, value]) => value !== undefined));
  }

  #record(tree: Tree, shape: RecordShape, path: string): unknown {
    if (tree.kind !== 'map' && !isNothing(tree)) return this.#wrong(tree, shape, path);
    const entries = tree.kind === 'map' ? tree.entries : [];
    const read = entries.map(({ key, keyAt, value }) => {
      const inside = memberPath(path, key);
      const member = Object.hasOwn(shape.members, key) ? shape.members[key] : undefined;
      if (member !== undefined) return [key, this.#member(value, member, inside, keyAt)] as const;
      this.#findings.mark(inside, keyAt);
      this.#unknown(key, inside, shape);
      return [key, undefined] as const;
    });
    const there = new Set(entries.map(({ key }) => key));
    this.#missing(shape, there, path);
    return Object.fromEntries(read.filter(([, value]) => value !== undefined));
  }

  #member(tree: Tree, member: Member, path: string, keyAt: Entry['keyAt']): unknown {
    const value = this.value(tree, member.shape, path, keyAt);
    const { noEffect, holds } = member;
    const isHeld = holds?.some((one) => one === value) ?? false;
    if (noEffect !== undefined && !isHeld) {
      this.#findings.add('JOB_NO_EFFECT', path, `${path} has no effect: ${noEffect}`);
    }
    return value;
  }

  #missing({ members, oneOf }: RecordShape, there: ReadonlySet<string>, path: string): void {
    for (const [name, { help, required }] of Object.entries(members)) {
      if (required !== true || there.has(name)) continue;
      this.#findings.add(
        'JOB_KEY_MISSING',
        memberPath(path, name),
        `${memberPath(path, name)} is missing`,
        `It is ${help}.`,
      );
    }
    if (oneOf === undefined) return;
    const given = oneOf.filter((name) => there.has(name));
    const where = path === '' ? '' : `${path}.`;
    const names = `${where}{${oneOf.join(', ')}}`;
    if (given.length === 0) this.#findings.add('JOB_KEY_MISSING', path, `One of ${names} is missing`);
    for (const name of given.slice(1)) {
      this.#findings.add(
        'JOB_CONFLICT',
        memberPath(path, name),
        `${where}${given[0]} and ${where}${name} are both given`,
        'Keep one of them.',
      );
    }
  }

  #unknown(key: string, path: string, { members, isOpen = false }: RecordShape): void {
    const { areIgnored, elsewhere } = this.#unknowns;
    const names = Object.keys(members);
    const nearest = nearestName(key, names);
    const known = names.length > LISTED_MAX ? undefined : `Known are ${names.join(', ')}.`;
    const moved = Object.hasOwn(elsewhere, path) ? elsewhere[path] : undefined;
    const hint = moved ?? (nearest === undefined ? known : `Did you mean ${nearest}?`);
    if (areIgnored || isOpen)
      this.#findings.add('JOB_KEY_IGNORED', path, `${path} is not known and is passed over`, hint);
    else this.#findings.add('JOB_KEY_UNKNOWN', path, `${path} is not known`, hint);
  }

  #wrong(tree: Tree, shape: Shape, path: string): undefined {
    this.#findings.add('JOB_VALUE', path, `${path} is ${describe(tree)}; it must be ${nounOf(shape)}`);
  }
}

export const memberPath = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const isNothing = (tree: Tree): boolean => tree.kind === 'scalar' && tree.value === null;

/** Is it the kind of value that the shape is about? */
function fits(tree: Tree, { kind }: Shape): boolean {
  if (kind === 'list') return tree.kind === 'list';
  if (kind === 'map' || kind === 'record') return tree.kind === 'map';
  return tree.kind === 'scalar';
}

function describe(tree: Tree): string {
  if (tree.kind === 'map') return 'a mapping';
  if (tree.kind === 'list') return 'a list';
  if (tree.value === null) return 'empty';
  return typeof tree.value === 'string' ? shown(tree.value) : clipped(tree.source);
}

/** What a shape is called in a sentence. */
export function nounOf(shape: Shape): string {
  switch (shape.kind) {
    case 'list':
      return 'a list';
    case 'map':
    case 'record':
      return 'a mapping';
    case 'either':
      return shape.of.map(nounOf).join(' or ');
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'input':
      return 'a number, truth value, text or list';
    case 'text':
      return shape.expected;
    case 'choice':
      return Object.keys(shape.words)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1');
    default:
      return 'text, a number or a truth value';
  }
}
