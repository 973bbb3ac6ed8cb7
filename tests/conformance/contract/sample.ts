import { create, type DescField, type DescMessage, type Message, ScalarType } from '@bufbuild/protobuf';

/** How deep messages are filled; deeper ones stay empty, so that recursive ones end. */
const DEPTH_MAX = 4;

/** Of Timestamp and Duration, whose JSON has bounds of its own. */
const INSTANT = { seconds: 1_700_000_000n, nanos: 123_000_000 };

/**
 * A message with a value in every field, other than the default and equal in every run. Of the members of a
 * oneof the first of `wanted` is set.
 */
export function sampleMessage(
  desc: DescMessage,
  wanted: ReadonlySet<string> = new Set(),
  depth = 0,
): Message {
  const message = create(desc) as Message & Record<string, unknown>;
  if (desc.typeName.startsWith('google.protobuf.')) return Object.assign(message, INSTANT);
  if (depth === DEPTH_MAX) return message;
  for (const member of desc.members) {
    if (member.kind === 'field') message[member.localName] = fieldValue(member, depth);
    else {
      const field = member.fields.find(({ name }) => wanted.has(name)) ?? member.fields[0]!;
      message[member.localName] = { case: field.localName, value: fieldValue(field, depth) };
    }
  }
  return message;
}

function fieldValue(field: DescField, depth: number): unknown {
  switch (field.fieldKind) {
    case 'scalar':
      return scalar(field.scalar, field.number);
    case 'enum':
      return field.enum.values.at(-1)!.number;
    case 'message':
      return sampleMessage(field.message, undefined, depth + 1);
    case 'list':
      return [0, 1].map((index) => element(field, depth, field.number + index));
    case 'map':
      return { [String(scalar(field.mapKey, field.number))]: element(field, depth, field.number) };
  }
}

function element(
  field: Extract<DescField, { fieldKind: 'list' | 'map' }>,
  depth: number,
  number: number,
): unknown {
  const kind = field.fieldKind === 'list' ? field.listKind : field.mapKind;
  if (kind === 'message') return sampleMessage(field.message!, undefined, depth + 1);
  if (kind === 'enum') return field.enum!.values.at(-1)!.number;
  return scalar(field.scalar!, number);
}

/** A value that shows the width of its type. */
function scalar(type: ScalarType, number: number): unknown {
  switch (type) {
    case ScalarType.STRING:
      return `text ${number} ψ`;
    case ScalarType.BYTES:
      return Uint8Array.of(0, 255, number & 255);
    case ScalarType.BOOL:
      return true;
    case ScalarType.DOUBLE:
      return number + 0.1;
    case ScalarType.FLOAT:
      return number + 0.5;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return -(2n ** 62n) - BigInt(number);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return 2n ** 63n + BigInt(number);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return 2 ** 31 + number;
    default:
      return -number;
  }
}
