OPENQASM 3.0;
include "stdgates.inc";
bit[1] a;
bit[1] b;
bit[1] result;
qubit[3] q;
U(0.7, 0.2, -0.4) q[0];
h q[1];
cx q[1], q[2];
barrier q[0], q[1], q[2];
cx q[0], q[1];
h q[0];
a[0] = measure q[0];
b[0] = measure q[1];
if (b == 1) {
  x q[2];
}
if (a[0]) {
  z q[2];
} else {
  id q[2];
}
result[0] = measure q[2];
