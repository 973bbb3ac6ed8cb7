/** A value that the encoding cannot hold, with the path to it. What users send is checked before. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
  /** Where in the value, written like `$.items[3].size`. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path} ${problem}`);
    this.path = path;
  }
}
