import { Prng } from '@qfs/core/math';
import { type Code, type CodeBuilder, mayEnd, type NestedPiece, relabelPiece } from '../program/index.ts';
import type { Coupling } from './coupling.ts';
import { type Interactions, interactionsOf, type Node } from './interactions.ts';
import { Replay } from './replay.ts';
import { type Routed, Router, type RouterWeights } from './router.ts';

export interface RouteOptions {
  readonly seed: number;
  /** Every block is routed as often, and with each of these weights; the cheapest way is taken. */
  readonly trials: number;
  /** Nodes that are routed in all the trials of a block: long ones are tried less often. */
  readonly nodesMax: number;
  readonly weights: readonly RouterWeights[];
}

export interface RoutedCode {
  readonly code: Code;
  /** Where each qubit ends. */
  readonly final: Int32Array;
}

/**
 * The code on the qubits of a device, with the swaps that it takes. Inner blocks give every qubit back where
 * they found it, however they are left, so that all ways through the program agree.
 */
export function routeCode(
  code: Code,
  coupling: Coupling,
  initial: Int32Array,
  options: RouteOptions,
): RoutedCode {
  const router = new CodeRouter(coupling, initial, options);
  const final = initial.slice();
  const builder = router.block(code, final, { end: mayEnd(code) ? initial : undefined });
  return { code: builder.pieces(), final: mayEnd(code) ? initial.slice() : final };
}

/** Where qubits have to be when control leaves a block by the instruction. */
interface Exits {
  readonly end: Int32Array | undefined;
  readonly loop?: Int32Array;
}

/** Fewer CNOTs, or as many in fewer layers. */
const isCheaper = (a: Routed, b: Routed): boolean =>
  a.cost < b.cost || (a.cost === b.cost && a.depth < b.depth);

/** Does control always leave the block on its way? */
const neverEnds = (code: Code): boolean =>
  code.some((piece) => piece.kind === 'fixed' && LEAVING.has(piece.instruction.kind));

const LEAVING: ReadonlySet<string> = new Set(['break', 'continue', 'end']);

class CodeRouter {
  readonly #coupling: Coupling;
  readonly #options: RouteOptions;
  readonly #qubits: number;
  #blocks = 0;

  constructor(coupling: Coupling, initial: Int32Array, options: RouteOptions) {
    this.#coupling = coupling;
    this.#options = options;
    this.#qubits = initial.length;
  }

  /**
   * @param places where qubits are at the beginning; changed to where they are at the end
   * @param home where they have to be at the end
   */
  block(code: Code, places: Int32Array, exits: Exits, home = exits.end): CodeBuilder {
    const interactions = interactionsOf(code, this.#qubits);
    const { events } = this.#best(interactions, places);
    const replay = new Replay(this.#coupling, places);
    for (const event of events) {
      if (event < 0) replay.swapEvent(event);
      else this.#emit(interactions.nodes[event]!, replay, exits);
    }
    if (home !== undefined && !neverEnds(code)) replay.returnTo(home);
    return replay.builder;
  }

  #best(interactions: Interactions, places: Int32Array): Routed {
    this.#blocks += 1;
    const { seed, weights, nodesMax } = this.#options;
    const affordable = Math.floor(nodesMax / Math.max(1, interactions.nodes.length));
    const trials = Math.max(1, Math.min(this.#options.trials, affordable));
    const router = new Router(interactions, this.#coupling);
    let best: Routed | undefined;
    for (let trial = 0; trial < trials; trial++) {
      const random = new Prng(seed, 'routing', (this.#blocks * trials + trial) % 2 ** 32);
      const weight = weights[trial % weights.length]!;
      const routed = router.route(places.slice(), random, weight);
      if (best === undefined || isCheaper(routed, best)) best = routed;
      if (routed.swaps === 0) break;
    }
    return best!;
  }

  #emit(node: Node, replay: Replay, exits: Exits): void {
    if (node.kind === 'phase') {
      replay.builder.phase(node.angle, !node.isBound);
      return;
    }
    if (node.kind === 'gates') {
      for (const op of node.ops) {
        const qubits = op.qubits.map((qubit) => replay.places[qubit]!);
        replay.builder.gate({ ...op, qubits }, !node.isBound);
      }
      return;
    }
    const { piece } = node;
    if (piece.kind === 'nested') {
      replay.builder.push(this.#nested(piece, replay, exits));
      return;
    }
    const { kind } = piece.instruction;
    if (kind === 'end' && exits.end) replay.returnTo(exits.end);
    if ((kind === 'break' || kind === 'continue') && exits.loop) replay.returnTo(exits.loop);
    replay.builder.push(relabelPiece(piece, replay.places));
  }

  #nested(piece: NestedPiece, replay: Replay, exits: Exits): NestedPiece {
    const home = replay.places.slice();
    const { kind } = piece.instruction;
    const inner = kind === 'for' || kind === 'while' ? { ...exits, loop: home } : exits;
    const touched = new Set(piece.qubits.map((qubit) => home[qubit]!));
    const blocks = piece.blocks.map((block) => {
      const code = this.block(block, home.slice(), inner, home).pieces();
      for (const { qubits } of touchedBy(code)) for (const qubit of qubits) touched.add(qubit);
      return code;
    });
    return { ...relabelPiece(piece, replay.places), blocks, qubits: [...touched].sort((a, b) => a - b) };
  }
}

/** Everything in the code that acts on qubits. */
const touchedBy = (code: Code): readonly { readonly qubits: readonly number[] }[] =>
  code.flatMap<{ readonly qubits: readonly number[] }>((piece) =>
    piece.kind === 'run' ? piece.run.ops : [piece],
  );
