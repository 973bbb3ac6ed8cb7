import type { Member, RecordShape, Shape } from './shapes/shape.ts';
import { V1 } from './versions/v1.ts';
import { V01 } from './versions/v01.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The versions of `job.yaml` by the names that their schemas have. */
export const VERSIONS = {
  'v0.1': { shape: V01, apiVersion: 'eigen.os/v0.1', isOpen: true },
  v1: { shape: V1, apiVersion: 'eigen.os/v1', isOpen: false },
} as const;

/** JSON Schema (2020-12) of a version, for editors and checkers; `readJobDocument` finds more than it can say. */
export function jobDocumentSchema(version: keyof typeof VERSIONS): Schema {
  const { apiVersion, isOpen, shape } = VERSIONS[version];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:qfs:job:${version}`,
    title: `job.yaml of ${apiVersion}`,
    ...recordSchema(shape, isOpen),
  };
}

const NOTE: Schema = { type: ['string', 'number', 'boolean'] };

function schemaOf(shape: Shape, isOpen: boolean): Schema {
  switch (shape.kind) {
    case 'text':
      return { type: 'string', pattern: shape.pattern.source };
    case 'note':
      return NOTE;
    case 'json':
      return { type: ['string', 'number', 'boolean', 'object', 'array'] };
    case 'choice':
      return { enum: Object.keys(shape.words).filter((word) => shape.words[word]!.refused === undefined) };
    case 'integer':
    case 'number':
      return {
        type: shape.kind,
        ...(shape.min !== undefined && { minimum: shape.min }),
        ...(shape.max !== undefined && { maximum: shape.max }),
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'input':
      return { type: ['string', 'number', 'boolean', 'array'] };
    case 'any':
      return {};
    case 'list':
      return listSchema(shape, isOpen);
    case 'map':
      return {
        type: ['object', 'null'],
        propertyNames: { pattern: shape.keys.pattern.source },
        additionalProperties: schemaOf(shape.of, isOpen),
        maxProperties: shape.max,
      };
    case 'record':
      return recordSchema(shape, isOpen);
    case 'either':
      return { anyOf: shape.of.map((one) => schemaOf(one, isOpen)) };
  }
}

function listSchema({ max, min = 0, of }: Shape & { kind: 'list' }, isOpen: boolean): Schema {
  // Nothing at all is an empty list, in YAML.
  const type = min > 0 ? 'array' : ['array', 'null'];
  return { type, items: schemaOf(of, isOpen), ...(min > 0 && { minItems: min }), maxItems: max };
}

function recordSchema(shape: RecordShape, isOpen: boolean): Schema {
  const members = Object.entries(shape.members);
  const required = members.filter(([, { required = false }]) => required).map(([name]) => name);
  const mustBe = required.length > 0 || shape.oneOf !== undefined;
  return {
    type: mustBe ? 'object' : ['object', 'null'],
    properties: Object.fromEntries(members.map(([name, member]) => [name, memberSchema(member, isOpen)])),
    ...(required.length > 0 && { required }),
    ...(shape.oneOf && { oneOf: shape.oneOf.map((name) => ({ required: [name] })) }),
    additionalProperties: isOpen || shape.isOpen === true,
  };
}

const memberSchema = ({ help, noEffect, shape }: Member, isOpen: boolean): Schema => ({
  description: noEffect === undefined ? help : `${help}; no effect: ${noEffect}`,
  ...schemaOf(shape, isOpen),
});
