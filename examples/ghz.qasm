// A GHZ state: five qubits in a superposition of all 0 and all 1.
OPENQASM 3.0;
include "stdgates.inc";

qubit[5] q;
bit[5] c;

h q[0];
for int i in [0:3] {
  cx q[i], q[i + 1]; // each qubit follows its neighbour
}

c = measure q; // "00000" or "11111", half of the shots each
