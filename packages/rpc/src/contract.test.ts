import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  ScalarType,
} from '@bufbuild/protobuf';
import * as api from './entries/api.ts';
import * as internal from './entries/internal.ts';
import * as qfs from './entries/qfs.ts';

const FILE = fileURLToPath(new URL('./golden/contract.txt', import.meta.url));

type Desc = DescMessage | DescEnum | DescService;
const isDesc = (value: unknown): value is Desc =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  ['message', 'enum', 'service'].includes(String(value.kind));

const scalarName = (scalar: ScalarType | undefined): string => ScalarType[scalar!]!.toLowerCase();

function typeOf(field: DescField): string {
  const one = field.message?.typeName ?? field.enum?.typeName ?? scalarName(field.scalar);
  if (field.fieldKind === 'map') return `map<${scalarName(field.mapKey)}, ${one}>`;
  return field.fieldKind === 'list' ? `repeated ${one}` : one;
}

const methodLine = ({ name, input, output, methodKind }: DescMethod): string =>
  `  rpc ${name}(${input.typeName}) ${methodKind === 'unary' ? '' : 'stream '}${output.typeName}`;

function linesOf(desc: Desc): string[] {
  const head = `${desc.kind} ${desc.typeName}`;
  if (desc.kind === 'service') return [head, ...desc.methods.map(methodLine)];
  if (desc.kind === 'enum') return [head, ...desc.values.map(({ name, number }) => `  ${number} ${name}`)];
  const fields = [...desc.fields].sort((a, b) => a.number - b.number);
  return [head, ...fields.map((field) => `  ${field.number} ${field.name} ${typeOf(field)}`)];
}

test('names, numbers and types of the contract are those that were published', () => {
  const descs = [api, internal, qfs].flatMap((entry) => Object.values(entry).filter(isDesc));
  const unique = new Map(descs.map((desc) => [desc.typeName, desc]));
  const actual = `${[...unique.values()]
    .sort((a, b) => (a.typeName < b.typeName ? -1 : 1))
    .flatMap(linesOf)
    .join('\n')}\n`;
  if (process.env.QFS_UPDATE_GOLDEN === '1') writeFileSync(FILE, actual);
  const expected = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
  assert.equal(actual, expected, `${FILE} differs; QFS_UPDATE_GOLDEN=1 rewrites it`);
});
