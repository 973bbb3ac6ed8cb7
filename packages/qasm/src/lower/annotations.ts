/**
 * Annotations of programs that were printed from the circuit IR, which declares every variable at the top: the first
 * marks a variable of an inner block, the second a loop whose variable is the one declared before under that name.
 */
export const INNER_ANNOTATION = 'qfs.inner';
export const DECLARED_ANNOTATION = 'qfs.declared';

export const isOwnAnnotation = (name: string): boolean =>
  name === INNER_ANNOTATION || name === DECLARED_ANNOTATION;
