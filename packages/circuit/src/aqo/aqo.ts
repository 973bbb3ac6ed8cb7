import { AQO_DEPTH_MAX, type ErrorCode, err, ok, QfsError, type Result } from '@qfs/core';
import { type Digest, digestOf, utf8 } from '@qfs/core/exact';
import { parseJson } from '@qfs/core/json';
import { DocumentFault, describe, isObject, pathText, Reader } from '../codec.ts';
import { type Finding, findingsOf } from '../findings.ts';
import type { Program } from '../ir.ts';
import { readBasic } from './basic-reader.ts';
import { writeBasic } from './basic-writer.ts';
import { PROGRAM } from './nodes.ts';

export const AQO_VERSIONS = ['0.1', '1.0.0', '1.1.0'] as const;

/**
 * The canonical AQO document (RFC 8785) of a program: version 1.0.0 where its operations suffice, else 1.1.0.
 * Equal programs give equal bytes. The program must be sound (see `findingsOf`).
 */
export const writeAqo = (program: Program): Uint8Array => utf8(writeBasic(program) ?? PROGRAM.write(program));

/** `sha256:` and the hash of the document's bytes. */
export const aqoDigest = (bytes: Uint8Array): Digest => digestOf(bytes);

/**
 * Reads an AQO document of version 0.1, 1.0.0 or 1.1.0 and checks all of it. Hostile input gives an error,
 * never an exception: AQO_INVALID with the path of the first fault, or AQO_VERSION_UNSUPPORTED.
 */
export function readAqo(bytes: Uint8Array): Result<Program, QfsError> {
  const json = parseJson(bytes);
  if (!json.ok) {
    const { message, line, column } = json.error;
    return failure(
      'AQO_INVALID',
      `The AQO document is not JSON: ${message} (line ${line}, column ${column}).`,
    );
  }
  const document: unknown = json.value;
  if (!isObject(document)) {
    return failure('AQO_INVALID', `The AQO document is ${describe(document)}; it must be an object.`);
  }
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

function readVersion(document: Readonly<Record<string, unknown>>, reader: Reader): Program | undefined {
  switch (document.version) {
    case '0.1':
    case '1.0.0':
      return readBasic(document, document.version, reader);
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
