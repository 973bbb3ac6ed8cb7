import type { Prng } from '@qfs/core/math';

/**
 * Steps of the walk, for graphs of any size: a heavy-hex lattice of 127 qubits takes no more for its longest
 * path.
 */
const STEPS = 6000;

/**
 * A long path through a graph, found by a walk that always goes to the neighbour with the fewest ways on
 * (Warnsdorff's rule), but last to one without any. Where both ends are stuck, a random part of one is given
 * up.
 * @param neighbours of each vertex
 * @param members the vertices of a connected part
 */
export function longPath(
  neighbours: readonly (readonly number[])[],
  members: readonly number[],
  random: Prng,
): number[] {
  const isTaken = new Uint8Array(neighbours.length);
  const path = [members[random.word() % members.length]!];
  isTaken[path[0]!] = 1;
  let best: number[] = [];
  let isTurned = false;
  for (let step = 0; step < STEPS && best.length < members.length; step++) {
    const next = nextOf(path.at(-1)!, neighbours, isTaken, random);
    if (next !== undefined) {
      path.push(next);
      isTaken[next] = 1;
      continue;
    }
    if (path.length > best.length) best = [...path];
    isTurned = !isTurned;
    path.reverse();
    if (isTurned) continue;
    if (random.word() % 2 === 0) path.reverse();
    for (const left of path.splice(1 + (random.word() % path.length))) isTaken[left] = 0;
  }
  return best;
}

function nextOf(
  from: number,
  neighbours: readonly (readonly number[])[],
  isTaken: Uint8Array,
  random: Prng,
): number | undefined {
  let chosen: number | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  let ties = 0;
  for (const next of neighbours[from]!) {
    if (isTaken[next] === 1) continue;
    let ways = 0;
    for (const after of neighbours[next]!) if (isTaken[after] === 0) ways += 1;
    if (ways === 0) ways = neighbours.length;
    ties = ways < fewest ? 1 : ways === fewest ? ties + 1 : ties;
    if (ways > fewest || (ties > 1 && random.word() % ties !== 0)) continue;
    fewest = ways;
    chosen = next;
  }
  return chosen;
}

/**
 * So many vertices along a long path; where it is too short, others follow the vertex that they stand beside.
 */
export function alongPath(
  neighbours: readonly (readonly number[])[],
  members: readonly number[],
  count: number,
  random: Prng,
): number[] {
  const path = longPath(neighbours, members, random);
  const found = new Set<number>();
  const onPath = new Set(path);
  let missing = count - path.length;
  const visit = (vertex: number): void => {
    found.add(vertex);
    for (const next of neighbours[vertex]!) {
      if (missing <= 0 || found.has(next) || onPath.has(next)) continue;
      missing -= 1;
      visit(next);
    }
  };
  for (const vertex of path) visit(vertex);
  return [...found];
}
