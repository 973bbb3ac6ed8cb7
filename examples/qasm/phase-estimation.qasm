// Iterative phase estimation: one ancilla reads the phase of a gate bit by bit, lowest bit first, and each bit that
// was read corrects the next one. The phase is 11/16 of a turn: every shot gives turn = 1011.
OPENQASM 3.0;
include "stdgates.inc";

const uint n = 4;
const float angle_of_gate = tau * 11 / 16;

qubit ancilla;
qubit target;
output bit[n] turn;

x target;
for uint k in [0:n - 1] {
  reset ancilla;
  h ancilla;
  ctrl @ pow(2 ** (n - 1 - k)) @ p(angle_of_gate) ancilla, target;
  for uint j in [0:int(k) - 1] {
    if (turn[j]) p(-pi / 2 ** (k - j)) ancilla;
  }
  h ancilla;
  turn[k] = measure ancilla;
}
