// Grover's search for one of eight values: after two iterations it is found with probability 121/128.
OPENQASM 3.0;
include "stdgates.inc";

const uint n = 3;

def reflect(qubit[n] q, bit[n] about) {
  for uint i in [0:n - 1] {
    if (!about[i]) x q[i];
  }
  ctrl(n - 1) @ z q[0], q[1], q[2];
  for uint i in [0:n - 1] {
    if (!about[i]) x q[i];
  }
}

qubit[n] q;
output bit[n] found;

h q;
for uint iteration in [1:2] {
  reflect(q, "101");
  h q;
  reflect(q, "000");
  h q;
}
found = measure q;
