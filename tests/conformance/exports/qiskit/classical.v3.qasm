OPENQASM 3.0;
include "stdgates.inc";
bit[2] c;
bit[1] d;
qubit[2] q;
uint[8] counter;
counter = 0;
x q[0];
h q[1];
c[0] = measure q[0];
c[1] = measure q[1];
if (c[0] && c[1]) {
  counter = counter + 3;
}
if (counter == 3) {
  x q[0];
}
d[0] = measure q[0];
