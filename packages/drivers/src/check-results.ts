import { QfsError } from '@qfs/core';

interface Result {
  readonly shots: number;
  readonly counts: Readonly<Record<string, number>>;
}

interface Results {
  readonly items: readonly { readonly results: readonly Result[] }[];
}

/**
 * Reads the results document as far as completeness needs it. The order of counts is lost on the way (an object
 * reorders integer-like keys), so what is stored are the bytes as they came.
 */
function readResults(bytes: Uint8Array, subject: string): Results {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Results;
  } catch (cause) {
    throw new QfsError('RESULT_INCOMPLETE', `${subject} gave results that cannot be read.`, { cause });
  }
}

/**
 * Throws RESULT_INCOMPLETE unless every result counts as many outcomes as it had shots. A circuit that writes no
 * classical bit has no outcomes to count.
 */
export function checkResults(bytes: Uint8Array, subject: string): void {
  for (const [item, { results }] of readResults(bytes, subject).items.entries()) {
    for (const [set, { counts, shots }] of results.entries()) {
      const outcomes = Object.values(counts);
      const counted = outcomes.reduce((sum, count) => sum + count, 0);
      if (outcomes.length === 0 || counted === shots) continue;
      const place = `${subject}, item ${item}, parameter set ${set}`;
      throw new QfsError(
        'RESULT_INCOMPLETE',
        `${place}: ${counted} outcomes were returned for ${shots} shots.`,
      );
    }
  }
}

/** Counts of the only result of a document. */
export const countsOf = (bytes: Uint8Array): ReadonlyMap<string, number> =>
  new Map(Object.entries(readResults(bytes, 'The execution').items[0]!.results[0]!.counts));
