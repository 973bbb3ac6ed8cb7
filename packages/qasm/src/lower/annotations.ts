import { nearestName } from '@qfs/core';
import type { StatementNode } from '../syntax/ast.ts';

/**
 * Annotations of programs that were written from the circuit IR, which declares every variable at the top.
 * `inner` marks a variable of an inner block; `declared` marks a loop whose variable is the one declared before under
 * that name; `name` says what something is called in the IR whose name the text could not use, and `parameter` does so
 * for a parameter of a subroutine, whose written name it repeats first.
 */
export const OWN_ANNOTATIONS = {
  inner: 'qfs.inner',
  declared: 'qfs.declared',
  name: 'qfs.name',
  parameter: 'qfs.parameter',
} as const;

const OWN: ReadonlySet<string> = new Set(Object.values(OWN_ANNOTATIONS));
export const isOwnAnnotation = (name: string): boolean => OWN.has(name);

/** The annotation of ours that a misspelt one probably is. */
export const nearestAnnotation = (name: string): string | undefined =>
  name.startsWith('qfs') ? nearestName(name, OWN) : undefined;

/** What an annotation of a statement says behind its name; undefined without the annotation. */
export const annotationOf = (node: StatementNode, name: keyof typeof OWN_ANNOTATIONS): string | undefined =>
  node.annotations?.find((annotation) => annotation.name === OWN_ANNOTATIONS[name])?.content;

const IR_NAME = /^[\p{L}\p{Nl}_$][\p{L}\p{Nl}\p{Nd}_$]{0,254}$/u;

/** The name in the IR of a parameter of a subroutine. */
export function originalParameter(node: StatementNode, written: string): string {
  for (const { name, content } of node.annotations ?? []) {
    const [parameter, original] = content.split(' ');
    if (name !== OWN_ANNOTATIONS.parameter || parameter !== written || original === undefined) continue;
    if (IR_NAME.test(original)) return original;
  }
  return written;
}

/** The name of a declaration in the IR. */
export function irName(node: StatementNode, written: string): string {
  const content = annotationOf(node, 'name');
  return content !== undefined && IR_NAME.test(content) ? content : written;
}
