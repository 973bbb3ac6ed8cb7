import { assert } from '@qfs/core';
import { jcs } from '@qfs/core/json';

/** JSON Schema (2020-12) as plain data. */
export type Schema = { readonly [keyword: string]: unknown };

/** Thrown inside readers of documents only; their entry points turn it into a value. */
export class DocumentFault extends Error {
  override readonly name = 'DocumentFault';
}

/** Where the reader is and how deep, for messages and bounds. */
export class Reader {
  readonly path: (string | number)[] = [];
  readonly #depthMax: number;
  #depth = 0;

  constructor(depthMax: number) {
    this.#depthMax = depthMax;
  }

  /** Reads what stands under one key or index. */
  at<T>(key: string | number, codec: Decoder<T>, json: unknown): T {
    this.path.push(key);
    const value = codec.read(json, this);
    this.path.pop();
    return value;
  }

  /** Reads a node that may contain nodes of its own kind. */
  nested<T>(codec: Decoder<T>, json: unknown): T {
    this.#depth += 1;
    if (this.#depth > this.#depthMax) this.fail(`nesting deeper than ${this.#depthMax}`);
    const value = codec.read(json, this);
    this.#depth -= 1;
    return value;
  }

  fail(problem: string): never {
    throw new DocumentFault(`${pathText(this.path)}: ${problem}`);
  }

  expected(what: string, json: unknown): never {
    this.fail(`expected ${what}, found ${describe(json)}`);
  }
}

/** `$.operations[3].q`, the place inside the document. */
export const pathText = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, key) => text + (typeof key === 'number' ? `[${key}]` : `.${key}`), '$');

const DESCRIBED_CHARS_MAX = 40;

/** A short form of any JSON value for a message. */
export function describe(json: unknown): string {
  if (json === undefined) return 'nothing';
  if (Array.isArray(json)) return `an array of ${json.length}`;
  if (typeof json === 'object' && json !== null) return 'an object';
  const text = JSON.stringify(json);
  return text.length <= DESCRIBED_CHARS_MAX ? text : `${text.slice(0, DESCRIBED_CHARS_MAX)}…`;
}

export interface Decoder<T> {
  read(json: unknown, reader: Reader): T;
}

/** One kind of value: how it is written as canonical JSON (RFC 8785), read back and described. */
export interface Codec<T> extends Decoder<T> {
  write(value: T): string;
  readonly schema: Schema;
}

export interface Field<T> {
  readonly key: string;
  readonly codec: Codec<T>;
  readonly optional: boolean;
}

/** A codec per member; what may be absent must be marked `optional`. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> & {
    readonly optional: undefined extends T[K] ? true : false;
  };
};

export const required = <T>(key: string, codec: Codec<T>): Field<T> & { optional: false } => ({
  key,
  codec,
  optional: false,
});
export const optional = <T>(key: string, codec: Codec<T>): Field<T> & { optional: true } => ({
  key,
  codec,
  optional: true,
});

export const integer = (min: number, max: number): Codec<number> => ({
  write: (value) => {
    assert(Number.isInteger(value) && value >= min && value <= max, () => `${value} is not in ${min}…${max}`);
    return String(value);
  },
  read: (json, reader) =>
    typeof json === 'number' && Number.isInteger(json) && json >= min && json <= max
      ? json + 0
      : reader.expected(`an integer from ${min} to ${max}`, json),
  schema: { type: 'integer', minimum: min, maximum: max },
});

export const finite: Codec<number> = {
  write: (value) => {
    assert(Number.isFinite(value), () => `${value} cannot be written as a number`);
    return String(value);
  },
  read: (json, reader) =>
    typeof json === 'number' && Number.isFinite(json) ? json + 0 : reader.expected('a finite number', json),
  schema: { type: 'number' },
};

/** A finite number from `min` to `max`. */
export const number = (min: number, max: number): Codec<number> => ({
  write: finite.write,
  read: (json, reader) =>
    typeof json === 'number' && json >= min && json <= max
      ? json + 0
      : reader.expected(`a number from ${min} to ${max}`, json),
  schema: { type: 'number', minimum: min, maximum: max },
});

/** Values of `codec` in which `fault` finds nothing to object to; what it says follows the place. */
export const checked = <T>(codec: Codec<T>, fault: (value: T) => string | undefined): Codec<T> => ({
  ...codec,
  read: (json, reader) => {
    const value = codec.read(json, reader);
    const problem = fault(value);
    return problem === undefined ? value : reader.fail(problem);
  },
});

export const boolean: Codec<boolean> = {
  write: String,
  read: (json, reader) => (typeof json === 'boolean' ? json : reader.expected('true or false', json)),
  schema: { type: 'boolean' },
};

/** Whatever JSON can hold. */
export const anyJson: Codec<unknown> = { write: jcs, read: (json) => json, schema: {} };

/** Text of a fixed form; `what` names it in messages. */
export const text = (pattern: RegExp, what: string): Codec<string> => ({
  write: (value) => {
    assert(pattern.test(value), () => `'${value}' is not ${what}`);
    return JSON.stringify(value);
  },
  read: (json, reader) =>
    typeof json === 'string' && pattern.test(json) ? json : reader.expected(what, json),
  schema: { type: 'string', pattern: pattern.source },
});

export function oneOf<const T extends string | number>(values: readonly T[]): Codec<T> {
  const texts = new Map(values.map((value) => [value, JSON.stringify(value)]));
  return {
    write: (value) => texts.get(value) as string,
    read: (json, reader) =>
      values.find((value) => value === json) ?? reader.expected(`one of ${values.join(', ')}`, json),
    schema: { enum: values },
  };
}

export const list = <T>(item: Codec<T>, min = 0, max = Number.MAX_SAFE_INTEGER): Codec<readonly T[]> => ({
  write: (values) => `[${values.map(item.write).join(',')}]`,
  read: (json, reader) => {
    if (!Array.isArray(json)) return reader.expected('an array', json);
    if (json.length < min || json.length > max) {
      reader.fail(`expected ${min} to ${max} entries, found ${json.length}`);
    }
    return json.map((entry, index) => reader.at(index, item, entry));
  },
  schema: {
    type: 'array',
    items: item.schema,
    ...(min > 0 && { minItems: min }),
    ...(max < Number.MAX_SAFE_INTEGER && { maxItems: max }),
  },
});

/** Is this JSON value an object (and not an array)? */
export const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** An object with exactly these members; those of `constant` always have the same text (tags, versions). */
export function struct<T extends object>(
  fields: Fields<T>,
  constant: Readonly<Record<string, string>> = {},
): Codec<T> {
  const entries = Object.entries(fields) as [keyof T & string, Field<unknown>][];
  const keys = new Set([...Object.keys(constant), ...entries.map(([, { key }]) => key)]);
  const constants = Object.entries(constant).map(([key, value]) => {
    const text = JSON.stringify(value);
    return { key, write: () => text };
  });
  const members = [
    ...constants,
    ...entries.map(([name, { key, codec }]) => ({
      key,
      write: (value: T) => (value[name] === undefined ? undefined : codec.write(value[name])),
    })),
  ]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, write }) => ({ first: `{"${key}":`, further: `,"${key}":`, write }));
  return {
    write: (value) => {
      let json = '';
      for (const { first, further, write } of members) {
        const member = write(value);
        if (member !== undefined) json = json === '' ? first + member : json + further + member;
      }
      return json === '' ? '{}' : `${json}}`;
    },
    read: (json, reader) => {
      if (!isObject(json)) return reader.expected('an object', json);
      for (const key in json) if (!keys.has(key)) reader.fail(`the key ${describe(key)} is not allowed here`);
      const value: Record<string, unknown> = {};
      for (const [name, { key, codec, optional: may }] of entries) {
        if (Object.hasOwn(json, key)) value[name] = reader.at(key, codec, json[key]);
        else if (!may) reader.fail(`the key "${key}" is missing`);
      }
      return value as T;
    },
    schema: {
      type: 'object',
      properties: {
        ...Object.fromEntries(Object.entries(constant).map(([key, value]) => [key, { const: value }])),
        ...Object.fromEntries(entries.map(([, { key, codec }]) => [key, codec.schema])),
      },
      required: [
        ...Object.keys(constant),
        ...entries.filter(([, field]) => !field.optional).map(([, { key }]) => key),
      ],
      additionalProperties: false,
    },
  };
}

/** The members of the variant `K` of a union that is told apart by `kind`. */
type Variant<U, K> = U extends { readonly kind: infer Kind }
  ? K extends Kind
    ? Omit<U, 'kind'>
    : never
  : never;

/** A union told apart by `kind`, which JSON calls `tag`. */
export function tagged<U extends { readonly kind: string }>(
  tag: string,
  variants: { readonly [K in U['kind']]: Fields<Variant<U, K>> },
): Codec<U> {
  const codecs = new Map<string, Codec<object>>(
    Object.entries(variants).map(([kind, fields]) => [
      kind,
      struct(fields as Fields<object>, { [tag]: kind }),
    ]),
  );
  return {
    write: (value) => (codecs.get(value.kind) as Codec<object>).write(value),
    read: (json, reader) => {
      if (!isObject(json)) return reader.expected('an object', json);
      const kind = json[tag];
      const codec = typeof kind === 'string' ? codecs.get(kind) : undefined;
      if (codec === undefined) {
        reader.path.push(tag);
        return reader.expected(`one of ${[...codecs.keys()].join(', ')}`, kind);
      }
      return { kind, ...codec.read(json, reader) } as unknown as U;
    },
    schema: { oneOf: [...codecs.values()].map((codec) => codec.schema) },
  };
}

/** A codec that may contain itself: `name` is its place under `$defs` of the schema. */
export const recursive = <T>(name: string, codec: () => Codec<T>): Codec<T> => ({
  write: (value) => codec().write(value),
  read: (json, reader) => reader.nested(codec(), json),
  schema: { $ref: `#/$defs/${name}` },
});

/** Either codec; `first` is taken when `isFirst` says so of the value, and of the JSON. */
export const either = <A, B>(
  first: Codec<A>,
  second: Codec<B>,
  isFirst: (value: unknown) => boolean,
): Codec<A | B> => ({
  write: (value) => (isFirst(value) ? first.write(value as A) : second.write(value as B)),
  read: (json, reader) => (isFirst(json) ? first : second).read(json, reader),
  schema: { anyOf: [first.schema, second.schema] },
});

/** An object used as a dictionary: any keys, one kind of value, written in canonical order. */
export const dictionary = <T>(item: Codec<T>): Codec<ReadonlyMap<string, T>> => ({
  write: (value) => {
    const members = inKeyOrder([...value]).map(
      ([key, entry]) => `${JSON.stringify(key)}:${item.write(entry)}`,
    );
    return `{${members.join(',')}}`;
  },
  read: (json, reader) =>
    isObject(json)
      ? new Map(inKeyOrder(Object.entries(json)).map(([key, entry]) => [key, reader.at(key, item, entry)]))
      : reader.expected('an object', json),
  schema: { type: 'object', additionalProperties: item.schema },
});

/** By UTF-16 code units, as RFC 8785 orders keys. */
const inKeyOrder = <T>(entries: [string, T][]): [string, T][] => entries.sort(([a], [b]) => (a < b ? -1 : 1));
