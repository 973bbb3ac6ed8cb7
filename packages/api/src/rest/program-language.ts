import { QfsError } from '@qfs/core';
import type { Dialect, ProgramLanguage } from './schemas.ts';

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
