import { readFileSync } from 'node:fs';

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { functionName: string; url: string };
  }[];
  readonly samples: readonly number[];
  /** Microseconds between samples. */
  readonly timeDeltas: readonly number[];
}

/** Which room, library or part of the runtime a frame belongs to. */
function roomOf(url: string, functionName: string): string {
  const room = /\/packages\/([^/]+)\/src\//.exec(url)?.[1];
  if (room !== undefined) return room;
  const library = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (library !== undefined) return library;
  if (url.startsWith('node:')) return 'node runtime';
  return functionName.startsWith('(') ? functionName : 'native code';
}

/** Self time in milliseconds per room of one V8 CPU profile, largest first; idle time left out. */
export function cpuByRoom(path: string): [room: string, milliseconds: number][] {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
  const rooms = new Map(
    profile.nodes.map(({ id, callFrame }) => [id, roomOf(callFrame.url, callFrame.functionName)]),
  );
  const totals = new Map<string, number>();
  profile.samples.forEach((id, at) => {
    const room = rooms.get(id) ?? 'unknown';
    if (room === '(idle)') return;
    totals.set(room, (totals.get(room) ?? 0) + (profile.timeDeltas[at] ?? 0) / 1000);
  });
  return [...totals].filter(([, ms]) => ms >= 1).sort(([, a], [, b]) => b - a);
}
