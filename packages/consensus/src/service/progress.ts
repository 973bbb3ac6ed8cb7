/** Work that tells how far it is. */
export type Working<Outcome> = (onProgress: (index: number) => void) => Promise<Outcome>;

/** What the work tells, the newest only while nobody listens, and then its outcome. */
export async function* follow<Outcome>(
  work: Working<Outcome>,
  signal: AbortSignal,
): AsyncGenerator<{ readonly index: number } | { readonly outcome: Outcome }> {
  let told: number | undefined;
  let wake = (): void => undefined;
  const ended = work((index) => {
    told = index;
    wake();
  });
  const outcome = ended.then((value) => ({ outcome: value }));
  while (!signal.aborted) {
    const progress = new Promise<undefined>((resolve) => {
      wake = () => resolve(undefined);
      if (told !== undefined) wake();
    });
    const settled = await Promise.race([outcome, progress]);
    if (settled !== undefined) {
      yield settled;
      return;
    }
    const index = told!;
    told = undefined;
    yield { index };
  }
}
