/** What can be wrong or odd in a job.yaml. */
export const PROBLEMS = {
  JOB_SYNTAX: {
    severity: 'error',
    help: 'the text is no YAML 1.2, or uses what is not read: tags, several documents',
  },
  JOB_TOO_LARGE: { severity: 'error', help: 'more bytes, values or levels than a document may have' },
  JOB_KEY_DUPLICATE: { severity: 'error', help: 'a key stands twice in one mapping' },
  JOB_KEY_UNKNOWN: { severity: 'error', help: 'version 1 does not know the key' },
  JOB_KEY_IGNORED: { severity: 'warning', help: 'version 0.1 does not know the key and passes over it' },
  JOB_KEY_MISSING: { severity: 'error', help: 'a member that must be there is not' },
  JOB_VALUE: { severity: 'error', help: 'a value is of the wrong type or out of its bounds' },
  JOB_CONFLICT: { severity: 'error', help: 'two members contradict each other' },
  JOB_UNSUPPORTED: {
    severity: 'error',
    help: 'the document asks for what QFS does not do; the reason is given',
  },
  JOB_PROGRAM: {
    severity: 'error',
    help: 'the program cannot be had: no such file, outside of the folder, another digest',
  },
  JOB_NO_EFFECT: { severity: 'warning', help: 'the member is accepted and changes nothing' },
  JOB_OVERRULED: { severity: 'warning', help: 'the same is said at a place that wins' },
  JOB_SECRET: {
    severity: 'warning',
    help: 'the key looks like that of a secret, and documents are kept for ever',
  },
} as const satisfies Record<string, { readonly severity: 'error' | 'warning'; readonly help: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
