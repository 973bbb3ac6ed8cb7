import { JOB_YAML_PROBLEMS_MAX } from '@qfs/core';
import type { Problem } from './contract.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';

/** Offsets in the text: `from` up to, not including, `to`. */
interface At {
  readonly from: number;
  readonly to: number;
}

interface More {
  readonly hint?: string | undefined;
  readonly related?: { readonly message: string; readonly at: At };
}

const START: At = { from: 0, to: 0 };

/** Gathers what is found in one document; lines and columns are worked out for what is reported alone. */
export class Findings {
  readonly #text: string;
  readonly #list: { readonly from: number; readonly problem: Problem }[] = [];
  readonly #members = new Map<string, At>();
  #programs: readonly string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Notes where the member with this path stands. */
  mark(path: string, at: At): void {
    this.#members.set(path, at);
  }

  /** A finding about a member; about one that is not there, at the nearest one around it. */
  add(code: ProblemCode, path: string, message: string, hint?: string): void {
    this.addAt(code, this.#nearest(path), path, message, { hint });
  }

  addAt(code: ProblemCode, at: At, path: string, message: string, more: More = {}): void {
    const isFull = this.#list.length >= JOB_YAML_PROBLEMS_MAX;
    // Warnings must not hide that there is an error.
    if (isFull && (PROBLEMS[code].severity === 'warning' || this.hasErrors)) return;
    this.#list.push({ from: at.from, problem: this.#problem(code, at, path, message, more) });
  }

  /** Notes that the programs of the items stand at these paths, in their order. */
  markPrograms(paths: readonly string[]): void {
    this.#programs = paths;
  }

  /** A problem with the program of an item; items beyond those that are marked repeat the first. */
  programProblem(item: number, message: string, hint?: string): Problem {
    const path = this.#programs[item] ?? this.#programs[0] ?? '';
    return this.#problem('JOB_PROGRAM', this.#nearest(path), path, message, { hint });
  }

  get hasErrors(): boolean {
    return this.#list.some(({ problem }) => problem.severity === 'error');
  }

  /** In the order of their places. */
  sorted(): readonly Problem[] {
    return this.#list.toSorted((a, b) => a.from - b.from).map(({ problem }) => problem);
  }

  #problem(code: ProblemCode, at: At, path: string, message: string, { hint, related }: More): Problem {
    const end = this.#placeOf(Math.max(at.from, at.to));
    return {
      code,
      severity: PROBLEMS[code].severity,
      path,
      message,
      ...this.#placeOf(at.from),
      end_line: end.line,
      end_column: end.column,
      ...(hint === undefined ? {} : { hint }),
      ...(related && { related: [{ message: related.message, ...this.#placeOf(related.at.from) }] }),
    };
  }

  #nearest(path: string): At {
    for (let known = path; known !== ''; known = known.replace(/(?:^|\.|\[)[^.[]*$/, '')) {
      const at = this.#members.get(known);
      if (at !== undefined) return at;
    }
    return START;
  }

  /** Columns count characters, not the units of UTF-16. */
  #placeOf(offset: number): { line: number; column: number } {
    const lines = this.#text.slice(0, offset).split('\n');
    return { line: lines.length, column: [...lines.at(-1)!].length + 1 };
  }
}

const CHARS_SHOWN = 64;

/** A value as messages show it: text between quotation marks, cut off where it is long. */
export const shown = (value: unknown): string =>
  clipped(typeof value === 'string' ? JSON.stringify(value) : String(value));

export const clipped = (text: string): string =>
  text.length > CHARS_SHOWN ? `${text.slice(0, CHARS_SHOWN - 1)}…` : text;
