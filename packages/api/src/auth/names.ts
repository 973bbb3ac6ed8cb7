import { SUBJECT_CHARS_MAX, TENANT_CHARS_MAX } from '@qfs/core';

const TENANT = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Ids of tenants and projects: letters, digits, dots and dashes. */
export const isTenantId = (text: string): boolean => text.length <= TENANT_CHARS_MAX && TENANT.test(text);

/** Subjects hold anything that can be shown in one line. */
export const isSubject = (text: string): boolean =>
  text !== '' && text.length <= SUBJECT_CHARS_MAX && !/\p{C}/u.test(text);
