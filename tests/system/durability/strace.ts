import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { parseTrace, type SystemCall } from './system-calls.ts';

const CALLS = [
  ...['openat', 'mkdir', 'mkdirat', 'rename', 'renameat', 'renameat2', 'unlink', 'unlinkat'],
  ...['write', 'writev', 'pwrite64', 'pwritev', 'ftruncate', 'fsync', 'fdatasync', 'sendto', 'sendmsg'],
];

/** Arguments of strace before the traced command: all threads, paths of descriptors, a page of each text. */
export const straceArguments = (output: string): string[] => [
  ...['-f', '-y', '-s', '4200', '--seccomp-bpf', '-e', `trace=${CALLS.join(',')}`, '-e', 'signal=none'],
  ...['-o', output],
];

/** Why nothing can be traced here, or undefined when it can. */
export function straceMissing(): string | undefined {
  const probe = spawnSync('strace', [...straceArguments('/dev/null'), 'true'], { encoding: 'utf8' });
  if (probe.error !== undefined) return `strace cannot be started: ${probe.error.message}`;
  return probe.status === 0 ? undefined : `strace may not trace here: ${probe.stderr.trim()}`;
}

export function readTrace(path: string): SystemCall[] {
  const calls = parseTrace(readFileSync(path, 'utf8'));
  rmSync(path);
  return calls;
}
