import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  createFileRegistry,
  createRegistry,
  type DescField,
  type DescFile,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type Message,
  type Registry,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { DeviceService, JobService, LogService, QfsService } from '@qfs/rpc';
import { sampleMessage } from './contract/sample.ts';

/*
 * What was once written by a client of the public contract must be read for ever. `messages.jsonl` holds such
 * messages, in binary and in JSON; lines are added to it and never changed:
 *   QFS_UPDATE_GOLDEN=1 node --test tests/conformance/messages.test.ts
 * adds one for each message or field that has none. `published.binpb` is the contract as first released,
 * against
 * which `npm run check` compares the present one.
 */
const FOLDER = new URL('./contract/', import.meta.url);
const GOLDEN = new URL('messages.jsonl', FOLDER);
const PACKAGES = ['eigen.api.v1', 'qfs.v1', 'fabric.v1'];

interface Golden {
  readonly message: string;
  readonly binary: string;
  readonly json: JsonValue;
}

const lines = (): Golden[] =>
  readFileSync(GOLDEN, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Golden);

const messagesOf = (registry: Registry): DescMessage[] =>
  [...registry]
    .filter((desc): desc is DescMessage => desc.kind === 'message')
    .filter(({ file }) => PACKAGES.includes(file.proto.package));

const withImports = (file: DescFile): DescFile[] => [file, ...file.dependencies.flatMap(withImports)];
const present = createRegistry(
  ...[JobService, DeviceService, LogService, QfsService].flatMap(({ file }) => withImports(file)),
);
const published = createFileRegistry(
  fromBinary(FileDescriptorSetSchema, readFileSync(new URL('published.binpb', FOLDER))),
);

/** The fields that goldens of a message have set. */
function covered(goldens: readonly Golden[], desc: DescMessage): Set<string> {
  const names = new Set<string>();
  for (const { message, json } of goldens) {
    if (message !== desc.typeName || typeof json !== 'object' || json === null) continue;
    for (const name of Object.keys(json)) names.add(name);
  }
  return names;
}

const uncovered = (goldens: readonly Golden[], desc: DescMessage): DescField[] => {
  const names = covered(goldens, desc);
  return desc.fields.filter(({ jsonName }) => !names.has(jsonName));
};

if (process.env.QFS_UPDATE_GOLDEN === '1') {
  const goldens = lines();
  for (const registry of [published, present]) {
    for (const desc of messagesOf(registry)) {
      // A message without fields has one golden, and one of two members of a oneof leaves the other for
      // the next.
      while (
        !goldens.some(({ message }) => message === desc.typeName) ||
        uncovered(goldens, desc).length > 0
      ) {
        const sample: Message = sampleMessage(
          desc,
          new Set(uncovered(goldens, desc).map(({ name }) => name)),
        );
        const binary = Buffer.from(toBinary(desc, sample)).toString('base64');
        goldens.push({ message: desc.typeName, binary, json: toJson(desc, sample) });
      }
    }
  }
  writeFileSync(GOLDEN, goldens.map((golden) => `${JSON.stringify(golden)}\n`).join(''));
}

test('every message of the public contract that was ever written is read, in binary and in JSON', () => {
  const goldens = lines();
  assert.ok(goldens.length > 50, `${goldens.length} golden messages`);
  for (const { message, binary, json } of goldens) {
    const desc = present.getMessage(message);
    assert.ok(desc, `${message} is gone from the contract`);
    const bytes = Buffer.from(binary, 'base64');
    const read = fromBinary(desc, bytes);
    assert.deepEqual(toJson(desc, read), json, `${message} in binary`);
    assert.deepEqual(read.$unknown ?? [], [], `${message} has fields that are not known any more`);
    assert.deepEqual(Buffer.from(toBinary(desc, fromJson(desc, json))), bytes, `${message} in JSON`);
  }
});

test('every field of every message of the public contract stands in a golden message', () => {
  const goldens = lines();
  const missing = messagesOf(present).flatMap((desc) =>
    uncovered(goldens, desc).map(({ name }) => `${desc.typeName}.${name}`),
  );
  assert.deepEqual(missing, [], 'add them with QFS_UPDATE_GOLDEN=1');
});
