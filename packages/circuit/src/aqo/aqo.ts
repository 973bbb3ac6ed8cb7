import { AQO_DEPTH_MAX, type ErrorCode, err, ok, QfsError, type Result } from '@qfs/core';
import { type Digest, digestOf, utf8 } from '@qfs/core/exact';
import { type JsonInput, jcs, parseJson } from '@qfs/core/json';
import { DocumentFault, describe, isObject, pathText, Reader } from '../codec.ts';
import { type Finding, findingsOf } from '../findings.ts';
import type { Program } from '../ir.ts';
import { readBasic } from './basic-reader.ts';
import { writeBasic } from './basic-writer.ts';
import { isAqoMessage, readAqoMessage, writeAqoMessage } from './message.ts';
import { PROGRAM } from './nodes.ts';

type Json = Readonly<Record<string, unknown>>;

export const AQO_VERSIONS = ['0.1', '1.0.0', '1.1.0'] as const;

/**
 * The canonical AQO document (RFC 8785) of a program: version 1.0.0 where its operations suffice, else 1.1.0.
 * Equal programs give equal bytes. The program must be sound (see `findingsOf`).
 */
export const writeAqo = (program: Program): Uint8Array => utf8(writeBasic(program) ?? PROGRAM.write(program));

/** The same program as a message of `eigen.api.v1.AqoCircuit`; equal programs give equal bytes. */
export function writeAqoProto(program: Program): Uint8Array {
  const bytes = writeAqo(program);
  return writeAqoMessage(JSON.parse(new TextDecoder().decode(bytes)), bytes);
}

/** `sha256:` and the hash of the document's bytes. */
export const aqoDigest = (bytes: Uint8Array): Digest => digestOf(bytes);

/**
 * Reads an AQO document of version 0.1, 1.0.0 or 1.1.0, as JSON or as a message of `eigen.api.v1.AqoCircuit`,
 * and checks all of it. Hostile input gives an error, never an exception: AQO_INVALID with the path of the
 * first fault, or AQO_VERSION_UNSUPPORTED.
 */
export function readAqo(bytes: Uint8Array): Result<Program, QfsError> {
  const opened = isAqoMessage(bytes) ? documentOfMessage(bytes) : parseDocument(bytes);
  if (!opened.ok) return failure('AQO_INVALID', opened.error);
  const document = opened.value;
  const reader = new Reader(AQO_DEPTH_MAX);
  try {
    const program = readVersion(document, reader);
    if (program === undefined) {
      const known = AQO_VERSIONS.join(', ');
      return failure(
        'AQO_VERSION_UNSUPPORTED',
        `The AQO version ${describe(document.version)} is not known. Versions ${known} are read.`,
      );
    }
    const [finding] = findingsOf(program);
    return finding === undefined ? ok(program) : failure('AQO_INVALID', findingText(finding));
  } catch (fault) {
    if (fault instanceof DocumentFault)
      return failure('AQO_INVALID', `The AQO document is not valid at ${fault.message}.`);
    throw fault;
  }
}

/** The JSON object of a text, or why there is none. */
function parseDocument(bytes: Uint8Array): Result<Json, string> {
  const json = parseJson(bytes);
  if (!json.ok) {
    const { message, line, column } = json.error;
    return err(`The AQO document is not JSON: ${message} (line ${line}, column ${column}).`);
  }
  const document: unknown = json.value;
  return isObject(document)
    ? ok(document)
    : err(`The AQO document is ${describe(document)}; it must be an object.`);
}

/** The message of `eigen.api.v1.AqoCircuit` as the JSON object that it stands for, or why there is none. */
function documentOfMessage(bytes: Uint8Array): Result<Json, string> {
  const message = readAqoMessage(bytes);
  if (!message.ok) return err(`The AQO message cannot be read: ${message.error}.`);
  const { value } = message;
  if (!('program' in value)) return ok(value.document);
  const document = parseDocument(value.program);
  if (!document.ok || document.value.version === value.version) return document;
  return err(`The AQO message says version ${value.version}, its program another one.`);
}

/** The SHA-256 that a document names of itself, without its checksums, in canonical form. */
function checkSum({ checksums, ...document }: Json, reader: Reader): void {
  if (checksums === undefined) return;
  if (!isObject(checksums)) {
    reader.path.push('checksums');
    reader.expected('an object', checksums);
  }
  const named = (checksums as Json).sha256;
  if (named === undefined) return;
  const actual = digestOf(utf8(jcs(document as JsonInput)));
  if (named === actual || named === actual.slice('sha256:'.length)) return;
  reader.path.push('checksums', 'sha256');
  reader.fail(`the document has the SHA-256 ${actual}, ${describe(named)} is named`);
}

function readVersion(document: Json, reader: Reader): Program | undefined {
  switch (document.version) {
    case '0.1':
      return readBasic(document, '0.1', reader);
    case '1.0.0':
      checkSum(document, reader);
      return readBasic(document, '1.0.0', reader);
    case '1.1.0':
      return PROGRAM.read(document, reader);
    default:
      return undefined;
  }
}

const findingText = ({ path, problem }: Finding): string =>
  `The AQO document is not valid at ${pathText(path)}: ${problem}.`;

const failure = (code: ErrorCode, message: string): Result<never, QfsError> =>
  err(new QfsError(code, message));
