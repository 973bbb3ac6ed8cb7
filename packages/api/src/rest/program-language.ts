import { QfsError } from '@qfs/core';
import { programBytes } from '../submission.ts';
import type { Dialect, Encoding, ProgramLanguage } from './schemas.ts';

/** The language of a program that may be written in a dialect of OpenQASM 3, as all other rooms name it. */
export function programLanguage({
  language,
  dialect,
}: {
  readonly language: ProgramLanguage;
  readonly dialect?: Dialect;
}): ProgramLanguage {
  if (dialect === undefined) return language;
  if (language === 'openqasm3') return `openqasm3-${dialect}`;
  const description = 'is a dialect of `openqasm3` alone';
  throw new QfsError('BODY_INVALID', `body: 'dialect' ${description}.`, {
    violations: [{ field: 'dialect', description }],
  });
}

/** Four characters for three bytes (RFC 4648). */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The bytes of a program that a body holds under `field`, as text or, what is no text, in base64. */
export function sourceBytes(field: string, text: string, encoding: Encoding = 'utf-8'): Uint8Array {
  if (encoding === 'utf-8') return programBytes(text);
  if (BASE64.test(text)) return new Uint8Array(Buffer.from(text, 'base64'));
  const description = 'is not base64, which `encoding` says it is';
  throw new QfsError('BODY_INVALID', `body: '${field}' ${description}.`, {
    violations: [{ field, description }],
  });
}
