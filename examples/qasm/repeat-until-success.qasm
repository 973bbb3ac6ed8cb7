// Repeat until success: a rotation by an angle whose cosine is 3/5, made of Clifford and T-like gates and
// measurements (Nielsen and Chuang, exercise 4.41). A trial succeeds with probability 5/8 and otherwise applies Z,
// which is undone before the next trial. The rotation is undone at the end: every shot gives r = 0.
OPENQASM 3.0;
include "stdgates.inc";

def trial(qubit[2] ancillas, qubit target) -> bool {
  reset ancillas;
  h ancillas;
  ccx ancillas[0], ancillas[1], target;
  s target;
  ccx ancillas[0], ancillas[1], target;
  h ancillas;
  bit[2] outcome = measure ancillas;
  return outcome == "00";
}

qubit[2] ancillas;
qubit target;
output bit r;

h target;
while (!trial(ancillas, target)) {
  z target;
}
rz(-arccos(3.0 / 5)) target;
h target;
r = measure target;
