// A state travels along a chain of qubits: every hop entangles the next two, measures, and corrects by the two bits it
// read. At the end the preparation is undone. Had one hop lost a phase or a sign, some shots would give 1; every shot
// gives r = 0.
OPENQASM 3.0;
include "stdgates.inc";

const uint hops = 3;

// Some state without symmetry, with a relative phase and a global one.
gate prepare a {
  gphase(0.7);
  U(1.1, 0.4, 2.3) a;
  pow(1.0 / 3) @ y a;
}

def entangle(qubit a, qubit b) {
  reset a;
  reset b;
  h a;
  cx a, b;
}

def teleport(qubit message, qubit half, qubit target) {
  bit[2] outcome;
  cx message, half;
  h message;
  outcome[0] = measure message;
  outcome[1] = measure half;
  if (outcome[1]) x target;
  if (outcome[0]) z target;
}

qubit[3] q;
output bit r;

uint place = 0;
prepare q[0];
for uint hop in [1:hops] {
  uint half = (place + 1) % 3;
  uint target = (place + 2) % 3;
  entangle(q[half], q[target]);
  teleport(q[place], q[half], q[target]);
  place = target;
}
inv @ prepare q[place];
r = measure q[place];
