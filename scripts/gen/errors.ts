import { ERRORS } from '@qfs/core';

/** `docs/reference/errors.md`, from the error table. */
export function errorsReference(): string {
  const sections = Object.entries(ERRORS)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { title, help, grpc, http, retryable }]) =>
        `## ${code}\n${title}. ${help}\n\nHTTP ${http}, gRPC \`${grpc}\`, ${retryable ? 'retryable' : 'not retryable'}.\n`,
    );
  return [
    '# Errors',
    '',
    'The code is stable: it is `code` in problem+json and under `--json`, and the ErrorInfo reason in gRPC details',
    '(domain `qfs`). "Retryable" says whether the same call may succeed later without being changed.',
    '',
    ...sections,
  ].join('\n');
}
