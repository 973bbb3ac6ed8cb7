import { hash } from 'node:crypto';
import { ok, type Result } from '@qfs/core';
import { Budget } from '@qfs/qasm';
import { type Compiled, compileProgramWithin } from '../compile.ts';
import type { CompileFailure } from '../languages.ts';
import { makingOf, NO_WISH } from '../making.ts';
import { type ReadProgram, type ReadRequest, readProgramWithin } from '../read-program.ts';
import type { CompileStage } from './stage-watch.ts';

export interface ProgramCacheBounds {
  readonly programsMax: number;
  readonly bytesMax: number;
}

const BOUNDS: ProgramCacheBounds = { programsMax: 256, bytesMax: 16 * 1024 * 1024 };
/** What one object of a program takes in memory, roughly. */
const OBJECT_BYTES = 96;

/** Told of each stage as it begins; of a program that is kept there is none. */
type Begin = (stage: CompileStage) => void;

interface Entry {
  readonly key: string;
  readonly read: ReadProgram;
  /** By the key of how it was made. */
  readonly compiled: Map<string, Compiled>;
  bytes: number;
}

/** Thrown for programs that take more than the budget they were given: another service has more. */
export class NeedsMore extends Error {
  constructor() {
    super('the programs take more than can be done here');
  }
}

/**
 * Programs by language, entry and SHA-256 of their source, the least recently used first: the door checks a
 * program and the kernel compiles it a moment later. With each program is kept what was made of it, by level
 * and target. Whoever gets one only reads it, and copies its bytes before handing them on. Programs that
 * cannot be read are not kept.
 */
export class ProgramCache {
  readonly #bounds: ProgramCacheBounds;
  readonly #entries = new Map<string, Entry>();
  /** Programs that took more than a budget: once is enough to try. */
  readonly #beyond = new Set<string>();
  #bytes = 0;

  constructor(bounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** Programs kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** @throws NeedsMore */
  read(request: ReadRequest, budget?: Budget, begin?: Begin): Result<ReadProgram, CompileFailure> {
    const entry = this.#entry(request, budget, begin);
    return entry.ok ? ok(entry.value.read) : entry;
  }

  /** @throws NeedsMore */
  compile(
    request: ReadRequest,
    budget?: Budget,
    begin?: Begin,
    wish = NO_WISH,
  ): Result<Compiled, CompileFailure> {
    const found = this.#entry(request, budget, begin);
    if (!found.ok) return found;
    const entry = found.value;
    const making = makingOf(wish, entry.read);
    const known = entry.compiled.get(making.key);
    if (known !== undefined) return ok(known);
    const compiled = compileProgramWithin(budget ?? new Budget(), entry.read, making, begin);
    if (compiled === undefined) throw new NeedsMore();
    if (!compiled.ok) return compiled;
    entry.compiled.set(making.key, compiled.value);
    const { aqo, qasm, report } = compiled.value;
    this.#grow(entry, aqo.length + qasm.length + (report?.length ?? 0));
    return compiled;
  }

  #entry(request: ReadRequest, budget = new Budget(), begin?: Begin): Result<Entry, CompileFailure> {
    const { language, entrypoint = '', source } = request;
    const key = JSON.stringify([language, entrypoint, hash('sha256', source)]);
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return ok(known);
    }
    const read = this.#beyond.has(key) ? undefined : readProgramWithin(budget, request, begin);
    if (read === undefined) return this.#refuse(key);
    if (!read.ok) return read;
    const entry: Entry = { key, read: read.value, compiled: new Map(), bytes: 0 };
    const bytes = bytesOf(read.value.program, this.#bounds.bytesMax);
    if (bytes <= this.#bounds.bytesMax) {
      this.#entries.set(key, entry);
      this.#grow(entry, bytes);
    }
    return ok(entry);
  }

  #refuse(key: string): never {
    if (this.#beyond.size >= this.#bounds.programsMax) this.#beyond.clear();
    this.#beyond.add(key);
    throw new NeedsMore();
  }

  /** Counts what a kept entry took more, and drops the oldest while too much is kept. */
  #grow(entry: Entry, bytes: number): void {
    if (this.#entries.get(entry.key) !== entry) return;
    entry.bytes += bytes;
    this.#bytes += bytes;
    const { programsMax, bytesMax } = this.#bounds;
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#entries.size <= programsMax && this.#bytes <= bytesMax) return;
      this.#entries.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

/** Memory of a value with everything in it, counted only as far as the bound. */
function bytesOf(value: object, bytesMax: number): number {
  let bytes = OBJECT_BYTES;
  for (const child of Object.values(value)) {
    if (typeof child === 'object' && child !== null) bytes += bytesOf(child, bytesMax - bytes);
    if (bytes > bytesMax) return bytes;
  }
  return bytes;
}
