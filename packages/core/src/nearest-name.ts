/** Names longer than this are not compared: nobody mistypes them by hand. */
const NAME_CHARS_MAX = 64;

/** Two letters in the wrong order are the likelier slip where another edit would do as well. */
const EXCHANGE_EDITS = 0.9;

/**
 * The candidate that a person most likely meant by `name`: the nearest in single-character edits, if it is at most a
 * third of the name away. For "did you mean" in messages; among equals the first candidate wins.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > NAME_CHARS_MAX) return undefined;
  let nearest: string | undefined;
  const editsMax = Math.max(1, Math.floor(name.length / 3));
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > editsMax) continue;
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits > editsMax || edits >= fewest) continue;
    // Names of one letter are not alike for having no other.
    if (edits === Math.max(name.length, candidate.length)) continue;
    nearest = candidate;
    fewest = edits;
  }
  return nearest;
}

/**
 * Insertions, deletions, substitutions and exchanges of neighbours that turn one text into the other
 * (Damerau 1964, no place edited twice), row by row.
 */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= to.length; column += 1) {
      const substituted = row[column - 1]! + (from[line - 1] === to[column - 1] ? 0 : 1);
      const isExchange = from[line - 1] === to[column - 2] && from[line - 2] === to[column - 1];
      const exchanged = line > 1 && isExchange ? before[column - 2]! + EXCHANGE_EDITS : substituted;
      next.push(Math.min(row[column]! + 1, next[column - 1]! + 1, substituted, exchanged));
    }
    before = row;
    row = next;
  }
  return row[to.length]!;
}
