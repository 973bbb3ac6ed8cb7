OPENQASM 3.0;
include "stdgates.inc";
bit[2] c;
bit[1] d;
int switch_dummy;
qubit[3] q;
h q[0];
h q[1];
c[0] = measure q[0];
c[1] = measure q[1];
switch_dummy = c;
switch (switch_dummy) {
  case 0 {
    x q[2];
  }
  case 1, 2 {
    h q[2];
  }
  default {
    id q[2];
  }
}
d[0] = measure q[2];
