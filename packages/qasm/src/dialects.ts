import type { GateLibrary } from './lower/library.ts';

/**
 * The gates of Amazon Braket (its documentation, "Gates", with matrices), which its programs use without
 * including anything. `U` there has a real upper left entry, which matters under a control.
 */
// biome-ignore format: one list, read by words
const BRAKET: GateLibrary = {
  names: ['U'],
  weakNames: [
    'i', 'x', 'y', 'z', 'h', 's', 'si', 't', 'ti', 'v', 'vi', 'rx', 'ry', 'rz', 'phaseshift', 'prx', 'u', 'gpi', 'gpi2',
    'cnot', 'cy', 'cz', 'cv', 'ecr', 'swap', 'iswap', 'pswap', 'xy', 'xx', 'yy', 'zz', 'ms', 'cphaseshift',
    'cphaseshift00', 'cphaseshift01', 'cphaseshift10', 'ccnot', 'cswap',
  ],
  definitions: `
gate U(theta, phi, lambda) a { u(theta, phi, lambda) a; }
gate i a { id a; }
gate si a { sdg a; }
gate ti a { tdg a; }
gate v a { sx a; }
gate vi a { sxdg a; }
gate phaseshift(theta) a { p(theta) a; }
gate prx(theta, phi) a { r(theta, phi) a; }
gate gpi(phi) a { gphase(pi / 2); r(pi, phi) a; }
gate gpi2(phi) a { r(pi / 2, phi) a; }
gate cnot a, b { cx a, b; }
gate cv a, b { csx a, b; }
gate pswap(theta) a, b { swap a, b; cx a, b; p(theta) b; cx a, b; }
gate xy(theta) a, b { xx_plus_yy(-theta, 0) a, b; }
gate xx(theta) a, b { rxx(theta) a, b; }
gate yy(theta) a, b { ryy(theta) a, b; }
gate zz(theta) a, b { rzz(theta) a, b; }
gate ms(phi0, phi1, theta) a, b {
  rz(-phi0) a; rz(-phi1) b; rxx(theta) a, b; rz(phi0) a; rz(phi1) b;
}
gate cphaseshift(theta) a, b { cp(theta) a, b; }
gate cphaseshift00(theta) a, b { negctrl(2) @ gphase(theta) a, b; }
gate cphaseshift01(theta) a, b { negctrl @ p(theta) a, b; }
gate cphaseshift10(theta) a, b { negctrl @ p(theta) b, a; }
gate ccnot a, b, c { ccx a, b, c; }
`,
};

/** Dialects of OpenQASM 3: what their programs know without including it. */
export const DIALECTS = { braket: { gates: BRAKET } } as const satisfies Readonly<
  Record<string, { readonly gates: GateLibrary }>
>;

export type Dialect = keyof typeof DIALECTS;
