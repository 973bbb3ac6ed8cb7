OPENQASM 3.0;
include "stdgates.inc";
bit[3] c;
qubit[3] q;
h q[0];
for int _loop_i_0 in [0:3] {
  rx(0.1*_loop_i_0) q[1];
  cx q[0], q[2];
}
for int _ in {1, 3} {
  ry(0.2) q[1];
}
c[0] = measure q[0];
c[1] = measure q[1];
c[2] = measure q[2];
