/**
 * The gates of `stdgates.inc` as text, each defined from `U`, `gphase` and modifiers, as the specification's page
 * "Standard library" describes them.
 */
export const STDGATES = `
gate p(λ) a { ctrl @ gphase(λ) a; }
gate x a { U(π, 0, π) a; gphase(-π / 2); }
gate y a { U(π, π / 2, π / 2) a; gphase(-π / 2); }
gate z a { p(π) a; }
gate h a { U(π / 2, 0, π) a; gphase(-π / 4); }
gate s a { pow(0.5) @ z a; }
gate sdg a { inv @ s a; }
gate t a { pow(0.5) @ s a; }
gate tdg a { inv @ t a; }
gate sx a { pow(0.5) @ x a; }
gate rx(θ) a { U(θ, -π / 2, π / 2) a; gphase(-θ / 2); }
gate ry(θ) a { U(θ, 0, 0) a; gphase(-θ / 2); }
gate rz(λ) a { gphase(-λ / 2); U(0, 0, λ) a; }
gate cx a, b { ctrl @ x a, b; }
gate cy a, b { ctrl @ y a, b; }
gate cz a, b { ctrl @ z a, b; }
gate cp(λ) a, b { ctrl @ p(λ) a, b; }
gate crx(θ) a, b { ctrl @ rx(θ) a, b; }
gate cry(θ) a, b { ctrl @ ry(θ) a, b; }
gate crz(θ) a, b { ctrl @ rz(θ) a, b; }
gate ch a, b { ctrl @ h a, b; }
gate swap a, b { cx a, b; cx b, a; cx a, b; }
gate ccx a, b, c { ctrl(2) @ x a, b, c; }
gate cswap a, b, c { ctrl @ swap a, b, c; }
gate cu(θ, φ, λ, γ) a, b { p(γ - θ / 2) a; ctrl @ U(θ, φ, λ) a, b; }
gate CX a, b { ctrl @ x a, b; }
gate phase(λ) a { p(λ) a; }
gate cphase(λ) a, b { cp(λ) a, b; }
gate id a { U(0, 0, 0) a; }
gate u1(λ) a { p(λ) a; }
gate u2(φ, λ) a { gphase(-(φ + λ + π / 2) / 2); U(π / 2, φ, λ) a; }
gate u3(θ, φ, λ) a { gphase(-(φ + λ + θ) / 2); U(θ, φ, λ) a; }
`;
