import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time of processes in hundredths of a second. */
const TICK_US = 10_000;

/** CPU time in microseconds from a `stat` file of /proc, and the name of the thread. */
function readStat(path: string): { readonly name: string; readonly us: number } {
  const text = readFileSync(path, 'utf8');
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  return {
    name: text.slice(text.indexOf('(') + 1, end),
    us: (Number(fields[11]) + Number(fields[12])) * TICK_US,
  };
}

/**
 * CPU time in microseconds of a server so far, by thread, and of its engine process. Empty where there is no
 * /proc.
 */
export function cpuOf(pid: number): Map<string, number> {
  const cpu = new Map<string, number>();
  const add = (label: string, us: number): void => void cpu.set(label, (cpu.get(label) ?? 0) + us);
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const { name, us } = readStat(`/proc/${pid}/task/${thread}/stat`);
      if (Number(thread) === pid) add('main thread', us);
      else add(name === 'qfs-writer' ? 'writer thread' : 'V8 and libuv threads', us);
    }
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
    for (const child of children) add('engine process', readStat(`/proc/${child}/stat`).us);
  } catch {
    return cpu;
  }
  return cpu;
}
