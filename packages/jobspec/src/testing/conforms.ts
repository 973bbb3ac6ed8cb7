type Schema = Readonly<Record<string, unknown>>;

/** Does a value conform to a schema? For the keywords of JSON Schema that ours use. */
export function conforms(value: unknown, schema: Schema): boolean {
  return Object.entries(schema).every(([keyword, rule]) => {
    const test = KEYWORDS[keyword];
    if (test === undefined) throw new Error(`The keyword ${keyword} is not known here.`);
    return test(value, rule as never, schema);
  });
}

type Members = Readonly<Record<string, unknown>>;
type Test = (value: unknown, rule: never, schema: Schema) => boolean;

const always: Test = () => true;
const isMap = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const KEYWORDS: Readonly<Record<string, Test>> = {
  $schema: always,
  $id: always,
  title: always,
  description: always,
  type: (value, rule: string | readonly string[]) => [rule].flat().some((name) => isOfType(value, name)),
  enum: (value, rule: readonly unknown[]) => rule.includes(value),
  pattern: (value, rule: string) => typeof value !== 'string' || new RegExp(rule, 'u').test(value),
  minimum: (value, rule: number) => typeof value !== 'number' || value >= rule,
  maximum: (value, rule: number) => typeof value !== 'number' || value <= rule,
  items: (value, rule: Schema) => !Array.isArray(value) || value.every((item) => conforms(item, rule)),
  minItems: (value, rule: number) => !Array.isArray(value) || value.length >= rule,
  maxItems: (value, rule: number) => !Array.isArray(value) || value.length <= rule,
  maxProperties: (value, rule: number) => !isMap(value) || Object.keys(value).length <= rule,
  required: (value, rule: readonly string[]) =>
    !isMap(value) || rule.every((name) => Object.hasOwn(value, name)),
  oneOf: (value, rule: readonly Schema[]) => rule.filter((schema) => conforms(value, schema)).length === 1,
  anyOf: (value, rule: readonly Schema[]) => rule.some((schema) => conforms(value, schema)),
  propertyNames: (value, rule: Schema) =>
    !isMap(value) || Object.keys(value).every((name) => conforms(name, rule)),
  properties: (value, rule: Readonly<Record<string, Schema>>) =>
    !isMap(value) ||
    Object.entries(rule).every(
      ([name, schema]) => !Object.hasOwn(value, name) || conforms(value[name], schema),
    ),
  additionalProperties: (value, rule: boolean | Schema, { properties = {} }) =>
    !isMap(value) ||
    Object.entries(value).every(
      ([name, entry]) =>
        Object.hasOwn(properties as Members, name) ||
        rule === true ||
        (rule !== false && conforms(entry, rule)),
    ),
};

function isOfType(value: unknown, name: string): boolean {
  if (name === 'null') return value === null;
  if (name === 'array') return Array.isArray(value);
  if (name === 'object') return isMap(value);
  if (name === 'integer') return Number.isInteger(value);
  if (name === 'number') return Number.isFinite(value);
  return typeof value === name;
}
