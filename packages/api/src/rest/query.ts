export type Query = Readonly<Record<string, string | readonly string[]>>;
export interface QuerySchema {
  readonly properties: Readonly<Record<string, { readonly type?: string }>>;
}

/**
 * A query string has texts alone: numbers, true and false are read, and one value is a list where a list is
 * asked for.
 */
export function coerceQuery({ properties }: QuerySchema, query: Query): Record<string, unknown> {
  const entries = Object.entries(query).map(([name, value]) => {
    const type = Object.hasOwn(properties, name) ? properties[name]!.type : undefined;
    if (type === 'array') return [name, [value].flat()] as const;
    if (type === 'integer' && typeof value === 'string' && /^-?\d{1,15}$/.test(value)) {
      return [name, Number(value)] as const;
    }
    if (type === 'boolean' && (value === 'true' || value === 'false'))
      return [name, value === 'true'] as const;
    return [name, value] as const;
  });
  return Object.fromEntries(entries);
}
