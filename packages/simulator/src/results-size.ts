import type { CircuitResult } from '@qfs/circuit';
import { QfsError, RESULTS_BYTES_MAX } from '@qfs/core';

/** Bytes around a key in `results.json`: quotes, colon, comma and a count of a few digits. */
const ENTRY_BYTES = 8;

/**
 * What the results of a batch take so far. Shots that end differently each leave an entry, so the size is
 * known only while they run. The bound keeps it from taking the engine's memory, and with it all other work.
 */
export class ResultsSize {
  #bytes = 0;

  /** @throws QfsError CIRCUIT_TOO_LARGE beyond `RESULTS_BYTES_MAX` */
  addEntry(text: string): void {
    this.#bytes += text.length + ENTRY_BYTES;
    if (this.#bytes > RESULTS_BYTES_MAX) {
      throw new QfsError(
        'CIRCUIT_TOO_LARGE',
        `The results take more than ${RESULTS_BYTES_MAX} bytes: too many shots end with different bits or outputs. ` +
          'Take fewer shots, or write fewer bits and outputs.',
      );
    }
  }

  /** Counts a result that was computed elsewhere. */
  addResult({ counts, outputs, memory = [] }: CircuitResult): void {
    for (const entries of [counts, ...outputs.values()])
      for (const text of entries.keys()) this.addEntry(text);
    for (const text of memory) this.addEntry(text);
  }
}
