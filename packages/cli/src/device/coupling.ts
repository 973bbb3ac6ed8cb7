/** Pairs of qubits that a two-qubit gate may act on. */
export type Coupling = 'all_to_all' | readonly (readonly [number, number])[];

/** The coupling of a device from its capabilities: `all_to_all` or a JSON list of pairs; undefined for anything else. */
export function readCoupling(text: string): Coupling | undefined {
  if (text === 'all_to_all') return text;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  const isPair = (pair: unknown): pair is [number, number] =>
    Array.isArray(pair) && pair.length === 2 && pair.every(Number.isSafeInteger);
  return parsed.every(isPair) ? parsed : undefined;
}

/**
 * The coupling as text. Every pair is drawn once: as part of a walk along the chip (`0─1─2`), which goes on to the
 * nearest qubit while there is one and begins anew where it got stuck.
 * @param directed pairs hold in their order alone; then walks follow it, with arrows
 */
export function drawCoupling(coupling: Coupling, width: number, directed = false): string {
  if (coupling === 'all_to_all') return 'every qubit with every other\n';
  if (coupling.length === 0) return 'no qubit with another\n';
  const open = new Map<number, number[]>();
  const add = (from: number, to: number): void => void open.set(from, [...(open.get(from) ?? []), to]);
  for (const [from, to] of coupling) {
    add(from, to);
    if (!directed) add(to, from);
  }
  const walks: number[][] = [];
  for (let start = startOf(open, directed); start !== undefined; start = startOf(open, directed)) {
    walks.push(walkFrom(start, open, directed));
  }
  return walks.map((walk) => lines(walk, directed ? '→' : '─', width)).join('');
}

/** Where a walk must begin: a qubit with more ways out than in, or an odd number of pairs; else any. */
function startOf(open: ReadonlyMap<number, readonly number[]>, directed: boolean): number | undefined {
  const qubits = [...open].filter(([, others]) => others.length > 0).sort(([a], [b]) => a - b);
  const waysIn = new Map<number, number>();
  for (const qubit of qubits.flatMap(([, others]) => others)) waysIn.set(qubit, (waysIn.get(qubit) ?? 0) + 1);
  const isEnd = ([qubit, others]: readonly [number, readonly number[]]): boolean =>
    directed ? others.length > (waysIn.get(qubit) ?? 0) : others.length % 2 === 1;
  return (qubits.find(isEnd) ?? qubits[0])?.[0];
}

/** Walks over open pairs and closes them. */
function walkFrom(start: number, open: Map<number, number[]>, directed: boolean): number[] {
  const walk = [start];
  for (let at = start; ; ) {
    const others = open.get(at) ?? [];
    const next = others.toSorted((a, b) => Math.abs(a - at) - Math.abs(b - at) || b - a)[0];
    if (next === undefined) return walk;
    close(open, at, next);
    if (!directed) close(open, next, at);
    walk.push(next);
    at = next;
  }
}

function close(open: Map<number, number[]>, from: number, to: number): void {
  const others = open.get(from)!;
  others.splice(others.indexOf(to), 1);
}

/** A walk in lines of at most `width` characters; a line begins with the qubit that ended the one before. */
function lines(walk: readonly number[], joint: string, width: number): string {
  let text = '';
  let line = `${walk[0]}`;
  for (const [index, qubit] of walk.slice(1).entries()) {
    if (line.length + joint.length + `${qubit}`.length > width) {
      text += `${line}\n`;
      line = `${walk[index]}`;
    }
    line += joint + qubit;
  }
  return `${text}${line}\n`;
}
