import type { GateLibrary } from '../lower/library.ts';

/**
 * The gates of the file in the paper (arXiv:1707.03429), and behind them those that later copies added. All
 * are weak: programs that were written for an earlier copy define some of them on their own, and tools write
 * registers that are called like a gate.
 */
// biome-ignore format: one list, read by words
const NAMES = [
  'u3', 'u2', 'u1', 'cx', 'id', 'x', 'y', 'z', 'h', 's', 'sdg', 't', 'tdg', 'rx', 'ry', 'rz', 'cz', 'cy',
  'ch', 'ccx', 'crz', 'cu1', 'cu3',
  'u0', 'u', 'p', 'sx', 'sxdg', 'swap', 'cswap', 'crx', 'cry', 'cp', 'csx', 'cu', 'rxx', 'rzz', 'rccx',
  'rc3x', 'c3x', 'c3sqrtx', 'c4x',
] as const;

/** Those that the gate table does not have under their name, as OpenQASM 3 defines gates. */
const DEFINITIONS = `
gate cu1(lambda) a, b { cp(lambda) a, b; }
gate cu3(theta, phi, lambda) a, b { cu(theta, phi, lambda, 0) a, b; }
gate u0(gamma) a { id a; }
gate rccx a, b, c { h c; t c; cx b, c; tdg c; cx a, c; t c; cx b, c; tdg c; h c; }
gate rc3x a, b, c, d {
  h d; t d; cx c, d; tdg d; h d;
  cx a, d; t d; cx b, d; tdg d; cx a, d; t d; cx b, d; tdg d;
  h d; t d; cx c, d; tdg d; h d;
}
gate c3x a, b, c, d { ctrl(3) @ x a, b, c, d; }
gate c3sqrtx a, b, c, d { ctrl(3) @ sx a, b, c, d; }
gate c4x a, b, c, d, e { ctrl(4) @ x a, b, c, d, e; }
`;

/** What `include "qelib1.inc";` declares. */
export const QELIB1: GateLibrary = { names: [], weakNames: NAMES, definitions: DEFINITIONS };
