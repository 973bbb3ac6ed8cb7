import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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

/** Self time in microseconds per room of one V8 CPU profile without its first `skipUs`; idle time left out. */
function microsecondsByRoom(path: string, skipUs: number): Map<string, number> {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
  const rooms = new Map(
    profile.nodes.map(({ id, callFrame }) => [id, roomOf(callFrame.url, callFrame.functionName)]),
  );
  const totals = new Map<string, number>();
  let atUs = 0;
  for (const [at, id] of profile.samples.entries()) {
    const deltaUs = profile.timeDeltas[at] ?? 0;
    atUs += deltaUs;
    const room = rooms.get(id) ?? 'unknown';
    if (atUs < skipUs || room === '(idle)') continue;
    totals.set(room, (totals.get(room) ?? 0) + deltaUs);
  }
  return totals;
}

/** Rows below this share of a job say nothing by themselves. */
const ROW_US_MIN = 20;

export interface RoomRow {
  readonly thread: string;
  readonly room: string;
  /** Self time per job, in microseconds. */
  readonly us: number;
}

/**
 * Where a process spent its time per job, by thread and room, largest first. V8 counts a thread that waits in
 * native code as running, so the writer's SQLite time has the waits for the disk in it.
 */
export function roomsOfProfiles(directory: string, skipMs: number, jobs: number): RoomRow[] {
  return readdirSync(directory).flatMap((file) => {
    // CPU.<date>.<time>.<pid>.<thread>.<n>.cpuprofile
    const number = file.split('.')[4];
    const thread = number === '0' ? 'main' : number === '1' ? 'writer' : `thread ${number}`;
    const rows: RoomRow[] = [];
    let otherUs = 0;
    for (const [room, total] of microsecondsByRoom(join(directory, file), skipMs * 1000)) {
      const us = total / jobs;
      if (us < ROW_US_MIN) otherUs += us;
      else
        rows.push({
          thread,
          room: thread === 'writer' && room === 'storage' ? 'SQLite and its waits' : room,
          us,
        });
    }
    rows.sort((a, b) => b.us - a.us);
    return [...rows, { thread, room: 'other', us: otherUs }];
  });
}
