/** Statements of Python that are not part of Eigen-Lang, by the word they begin with. */
export const FORBIDDEN_STATEMENTS: Readonly<
  Record<string, { readonly construct: string; readonly hint?: string }>
> = {
  import: { construct: 'import', hint: 'Write "from eigen_lang import …".' },
  class: { construct: 'A class' },
  while: { construct: 'A while loop', hint: 'Repeat with "for … in range(…)" and a constant.' },
  try: { construct: 'try' },
  with: { construct: 'with' },
  raise: { construct: 'raise' },
  assert: { construct: 'assert' },
  del: { construct: 'del' },
  global: { construct: 'global' },
  nonlocal: { construct: 'nonlocal' },
  async: { construct: 'async' },
  break: { construct: 'break' },
  continue: { construct: 'continue' },
};

/** Words that begin an expression of Python which Eigen-Lang has not. */
export const FORBIDDEN_EXPRESSIONS: Readonly<Record<string, string>> = {
  lambda: 'A lambda',
  await: 'await',
  yield: 'yield',
};

/** Words that go on what another statement began; alone they are an error of syntax. */
export const CONTINUATIONS: ReadonlySet<string> = new Set(['elif', 'else', 'except', 'finally']);
