OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
U(1, 1, 1) q[1];
output bit[2] o;
pow(0.5) @ pow(2) @ cx q[0], q[1];
pow(0.25) @ ctrl @ cphase(angle[8](0.001)) q[2], q[1], q[0];
o = measure q[0:1];
