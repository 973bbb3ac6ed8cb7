/** One system call of a traced process, as `strace -f -y -s N` writes it. */
export interface SystemCall {
  readonly name: string;
  /** The text between the parentheses; file descriptors carry their path: `17</data/qfs.sqlite-wal>`. */
  readonly args: string;
  readonly result: number;
  /** Positions in the trace at which it began and ended; other threads' calls lie between. */
  readonly began: number;
  readonly ended: number;
}

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (-?\d+)/;
const BEGUN = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+)/;

/** Reads a trace; calls come in the order in which they ended. */
export function parseTrace(trace: string): SystemCall[] {
  const begun = new Map<string, { readonly name: string; readonly args: string; readonly began: number }>();
  const calls: SystemCall[] = [];
  trace.split('\n').forEach((line, at) => {
    const whole = WHOLE.exec(line);
    if (whole !== null) {
      calls.push({ name: whole[2]!, args: whole[3]!, result: Number(whole[4]), began: at, ended: at });
      return;
    }
    const start = BEGUN.exec(line);
    if (start !== null) {
      begun.set(start[1]!, { name: start[2]!, args: start[3]!, began: at });
      return;
    }
    const end = RESUMED.exec(line);
    const beginning = end === null ? undefined : begun.get(end[1]!);
    if (end === null || beginning === undefined) return;
    const { name, args, began } = beginning;
    calls.push({ name, args: args + end[3]!, result: Number(end[4]), began, ended: at });
  });
  return calls;
}
