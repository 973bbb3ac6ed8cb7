/** Strict two-way schemas for entry bodies and state values: TypeScript on one side, CBOR on the other. */
import {
  assert,
  type CborInput,
  type CborMap,
  type CborValue,
  decodeCbor,
  encodeCbor,
  err,
  ok,
  type Result,
} from '@qfs/core/exact';

/** `decode` refuses by throwing `Mismatch`, which `read` catches; `encode` takes what `decode` gives. */
export interface Codec<Value> {
  decode(value: CborValue, path: string): Value;
  encode(value: Value): CborInput;
}

export type ValueOf<Of> = Of extends Codec<infer Value> ? Value : never;

/** A value that its schema refuses; never leaves this file. */
class Mismatch extends Error {}

const refuse = (path: string, expected: string): never => {
  throw new Mismatch(`${path} must be ${expected}`);
};

/** Checks a decoded value; the error is a sentence that names the field. */
export function read<Value>(codec: Codec<Value>, value: CborValue): Result<Value, string> {
  try {
    return ok(codec.decode(value, 'body'));
  } catch (thrown) {
    if (thrown instanceof Mismatch) return err(thrown.message);
    throw thrown;
  }
}

export const toBytes = <Value>(codec: Codec<Value>, value: Value): Uint8Array =>
  encodeCbor(codec.encode(value));

/** Reads bytes that this fabric wrote itself. */
export function fromBytes<Value>(codec: Codec<Value>, bytes: Uint8Array): Result<Value, string> {
  const decoded = decodeCbor(bytes);
  return decoded.ok ? read(codec, decoded.value) : err(decoded.error.message);
}

/** An integer from `min` to `max`, both included. */
export const integer = (min: number, max: number): Codec<number> => ({
  decode: (value, path) =>
    typeof value === 'number' && value >= min && value <= max
      ? value
      : refuse(path, `an integer from ${min} to ${max}`),
  encode: (value) => value,
});

/** A text that a pattern accepts; `what` names it in errors. */
export const text = (pattern: RegExp, what: string): Codec<string> => ({
  decode: (value, path) => (typeof value === 'string' && pattern.test(value) ? value : refuse(path, what)),
  encode: (value) => value,
});

/** An id, checked by the validator of its kind. */
export const id = <Id extends string>(isId: (value: string) => value is Id, what: string): Codec<Id> => ({
  decode: (value, path) => (typeof value === 'string' && isId(value) ? value : refuse(path, what)),
  encode: (value) => value,
});

/** One of the texts listed. */
export const oneOf = <const Choice extends string>(choices: readonly Choice[]): Codec<Choice> => ({
  decode: (value, path) =>
    choices.find((choice) => choice === value) ?? refuse(path, `one of ${choices.join(', ')}`),
  encode: (value) => value,
});

/** A byte string of `min` to `max` bytes. */
export const bytes = (min: number, max: number = min): Codec<Uint8Array> => ({
  decode: (value, path) =>
    value instanceof Uint8Array && value.length >= min && value.length <= max
      ? value
      : refuse(path, min === max ? `${min} bytes` : `${min} to ${max} bytes`),
  encode: (value) => value,
});

/** A list of `min` to `max` items in which no two have the same key. */
export const listOf = <Item>(
  item: Codec<Item>,
  bounds: { readonly min: number; readonly max: number; readonly keyOf: (item: Item) => string },
): Codec<readonly Item[]> => ({
  decode: (value, path) => {
    if (!Array.isArray(value) || value.length < bounds.min || value.length > bounds.max) {
      return refuse(path, `a list of ${bounds.min} to ${bounds.max} items`);
    }
    const items = value.map((one: CborValue, at) => item.decode(one, `${path}[${at}]`));
    if (new Set(items.map(bounds.keyOf)).size < items.length) refuse(path, 'a list without doubles');
    return items;
  },
  encode: (items) => items.map((one) => item.encode(one)),
});

/** A map that has some of these names, each with its kind of value. */
export const mapOf = <Value>(
  fields: ReadonlyMap<string, Codec<Value>>,
): Codec<ReadonlyMap<string, Value>> => ({
  decode: (value, path) => {
    if (!(value instanceof Map)) return refuse(path, 'a map');
    const map = new Map<string, Value>();
    for (const [name, item] of value as CborMap) {
      const codec = fields.get(name) ?? refuse(`${path}.${name}`, 'absent: it is not known');
      map.set(name, codec.decode(item, `${path}.${name}`));
    }
    return map;
  },
  encode: (map) => new Map([...map].map(([name, item]) => [name, codecOf(fields, name).encode(item)])),
});

function codecOf<Value>(fields: ReadonlyMap<string, Codec<Value>>, name: string): Codec<Value> {
  const codec = fields.get(name);
  assert(codec !== undefined, () => `no field is called ${name}`);
  return codec;
}

/** `finished_at_ms` in the encoding is `finishedAtMs` in TypeScript. */
type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

interface Field<Name extends string, Value, Optional extends boolean> {
  /** The name in the encoding. */
  readonly name: Name;
  readonly property: string;
  readonly codec: Codec<Value>;
  readonly optional: Optional;
}

export const required = <const Name extends string, Value>(
  name: Name,
  codec: Codec<Value>,
): Field<Name, Value, false> => ({ name, property: camelCase(name), codec, optional: false });

export const optional = <const Name extends string, Value>(
  name: Name,
  codec: Codec<Value>,
): Field<Name, Value, true> => ({ name, property: camelCase(name), codec, optional: true });

type AnyField = Field<string, unknown, boolean>;
/** The object that a record's fields describe. */
type RecordValue<Of extends AnyField> = {
  readonly [One in Of as One['optional'] extends true ? never : CamelCase<One['name']>]: ValueOf<
    One['codec']
  >;
} & {
  readonly [One in Of as One['optional'] extends true ? CamelCase<One['name']> : never]?: ValueOf<
    One['codec']
  >;
};

/** A map with exactly these fields. */
export function record<const Of extends readonly AnyField[]>(...fields: Of): Codec<RecordValue<Of[number]>> {
  const names = new Set(fields.map((field) => field.name));
  /** As the encoding has them, so that nothing is left to sort. */
  const ascending = [...fields].sort(({ name: a }, { name: b }) => a.length - b.length || (a < b ? -1 : 1));
  return {
    decode: (value, path) => {
      if (!(value instanceof Map)) return refuse(path, 'a map');
      for (const name of value.keys())
        if (!names.has(name)) refuse(`${path}.${name}`, 'absent: it is not known');
      const object: Record<string, unknown> = {};
      for (const { name, property, codec, optional } of fields) {
        const item = value.get(name);
        if (item !== undefined) object[property] = codec.decode(item, `${path}.${name}`);
        else if (!optional) refuse(`${path}.${name}`, 'present');
      }
      return object as RecordValue<Of[number]>;
    },
    encode: (value) => {
      const object = value as Readonly<Record<string, unknown>>;
      const map = new Map<string, CborInput>();
      for (const { name, property, codec } of ascending) {
        const item = object[property];
        if (item !== undefined) map.set(name, codec.encode(item));
      }
      return map;
    },
  };
}
