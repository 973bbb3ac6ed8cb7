import { dirname, join } from 'node:path';
import type { SystemCall } from './system-calls.ts';

export interface DurabilityReport {
  /** Answers seen in the trace. */
  readonly answers: number;
  /** Bytes written to the write-ahead log and to blob files before an answer. */
  readonly bytes: number;
  /** What was not on the medium when an answer left, one sentence each. */
  readonly violations: readonly string[];
}

/**
 * Plays a trace against a model of what a disk owes us: bytes are safe after a successful fsync or fdatasync
 * of their file that began after they were written, names after one of their directory. At each answer
 * everything written below `root` that an answer may rest on must be safe.
 */
export function checkDurability(
  calls: readonly SystemCall[],
  root: string,
  isAnswer: (call: SystemCall) => boolean,
): DurabilityReport {
  const unsafe = new Unsafe(root);
  const violations = new Set<string>();
  let answers = 0;
  // An answer has left once its call began, so calls are played in that order; a sync counts when it has
  // ended.
  const events = calls.flatMap((call) => {
    const answer = isAnswer(call);
    return [{ at: answer ? call.began : call.ended, call, answer }];
  });
  for (const { call, answer } of events.sort((a, b) => a.at - b.at)) {
    if (!answer) unsafe.play(call);
    else {
      answers += 1;
      for (const what of unsafe.list()) violations.add(what);
    }
  }
  return { answers, bytes: unsafe.bytes, violations: [...violations] };
}

/**
 * For processes that do many things at once, where something else is always on its way to the disk: says what
 * is wrong when the first answer left before a sync of the write-ahead log that began after `isPromise` was
 * written.
 */
export function checkPromise(
  calls: readonly SystemCall[],
  isPromise: (call: SystemCall) => boolean,
  isAnswer: (call: SystemCall) => boolean,
): string | undefined {
  const onLog = (call: SystemCall): boolean => call.result >= 0 && call.args.includes('.sqlite-wal>');
  const answer = calls.find(isAnswer);
  if (answer === undefined) return 'there is no answer in the trace';
  const written = calls.find((call) => call.name === 'pwrite64' && onLog(call) && isPromise(call));
  if (written === undefined || written.ended > answer.began) return 'nothing was written before the answer';
  const synced = calls.some(
    (call) => SYNCS.has(call.name) && onLog(call) && call.began > written.ended && call.ended < answer.began,
  );
  return synced ? undefined : 'what was written was not synced before the answer';
}

const SYNCS: ReadonlySet<string> = new Set(['fsync', 'fdatasync']);

/** What an answer may rest on: the write-ahead log, blob files, the archive and its directories. */
const isPromised = (path: string): boolean =>
  path.endsWith('.sqlite-wal') ||
  (path.includes('/blobs/') && !path.includes('/incoming/')) ||
  (/\/(?:archive|snapshots)(?:\/|$)/.test(path) && !path.endsWith('/incoming'));

const DESCRIPTOR = /^\d+<([^>]*)>/;
const QUOTED = /"((?:[^"\\]|\\.)*)"/g;

class Unsafe {
  readonly #root: string;
  /** Files with bytes that are not synced, and when the last were written. */
  readonly #contents = new Map<string, number>();
  /** Names that are not synced, and when they were given. */
  readonly #names = new Map<string, number>();
  readonly #known = new Set<string>();
  bytes = 0;

  constructor(root: string) {
    this.#root = root;
  }

  list(): string[] {
    const contents = [...this.#contents.keys()].filter(isPromised);
    const names = [...this.#names.keys()].filter(isPromised);
    return [
      ...contents.map((path) => `the bytes of ${this.#short(path)} were not synced`),
      ...names.map((path) => `the name of ${this.#short(path)} was not synced`),
    ];
  }

  play(call: SystemCall): void {
    if (call.result < 0) return;
    const described = DESCRIPTOR.exec(call.args)?.[1];
    const paths = [...call.args.matchAll(QUOTED)].map((match) => match[1]!);
    if (['write', 'pwrite64', 'writev', 'pwritev', 'ftruncate'].includes(call.name)) {
      if (described !== undefined) this.#written(described, call);
    } else if (SYNCS.has(call.name)) {
      if (described !== undefined) this.#synced(described, call);
    } else if (call.name.startsWith('rename')) {
      this.#renamed(paths[0]!, paths[1]!, call);
    } else if (call.name.startsWith('mkdir') || (call.name === 'openat' && call.args.includes('O_CREAT'))) {
      this.#named(paths[0]!, call);
    } else if (call.name.startsWith('unlink')) {
      this.#contents.delete(paths[0]!);
      this.#names.delete(paths[0]!);
      this.#known.delete(paths[0]!);
    }
  }

  /**
   * O_CREAT on a file that is there names nothing; one from before the trace counts as new, which is too
   * strict.
   */
  #named(path: string, call: SystemCall): void {
    if (!this.#isOurs(path) || this.#known.has(path)) return;
    this.#known.add(path);
    this.#names.set(path, call.ended);
  }

  #written(path: string, call: SystemCall): void {
    if (!this.#isOurs(path)) return;
    this.#contents.set(path, call.ended);
    this.bytes += call.name === 'ftruncate' ? 0 : call.result;
  }

  #synced(path: string, call: SystemCall): void {
    if ((this.#contents.get(path) ?? call.began) < call.began) this.#contents.delete(path);
    for (const [name, given] of this.#names) {
      if (dirname(name) === path && given < call.began) this.#names.delete(name);
    }
  }

  #renamed(from: string, to: string, call: SystemCall): void {
    if (!this.#isOurs(to)) return;
    const written = this.#contents.get(from);
    this.#contents.delete(from);
    this.#names.delete(from);
    this.#known.delete(from);
    if (written !== undefined) this.#contents.set(to, written);
    this.#names.set(to, call.ended);
  }

  #isOurs(path: string): boolean {
    return path.startsWith(join(this.#root, '/'));
  }

  #short(path: string): string {
    return path
      .slice(this.#root.length + 1)
      .replace(/[0-9a-f]{64}\.\d+/, '<digest>.<generation>')
      .replace(/[0-9a-f]{64}\.seg/, '<digest>.seg');
  }
}
