/**
 * A smaller text that still fails, by leaving out ever smaller runs of tokens, then of characters. `isOver` ends the
 * search early.
 */
export async function shrink(
  text: string,
  fails: (candidate: string) => boolean | Promise<boolean>,
  isOver: () => boolean,
): Promise<string> {
  const byTokens = await leaveOut(text.match(/[\w.$]+|\s+|[^\s\w]/g) ?? [], fails, isOver);
  return await leaveOut([...byTokens], fails, isOver);
}

/** Halves, quarters and so on of the pieces are left out as long as the rest still fails. */
async function leaveOut(
  all: readonly string[],
  fails: (candidate: string) => boolean | Promise<boolean>,
  isOver: () => boolean,
): Promise<string> {
  let pieces = all;
  for (let run = pieces.length >> 1; run >= 1; run >>= 1) {
    for (let at = 0; at < pieces.length && !isOver(); ) {
      const rest = [...pieces.slice(0, at), ...pieces.slice(at + run)];
      if (await fails(rest.join(''))) pieces = rest;
      else at += run;
    }
  }
  return pieces.join('');
}
