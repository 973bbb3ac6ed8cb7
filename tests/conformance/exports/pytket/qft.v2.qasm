OPENQASM 2.0;
include "qelib1.inc";

qreg q[3];
creg c[3];
x q[0];
h q[1];
h q[0];
cu1(0.5*pi) q[1],q[0];
cu1(0.25*pi) q[2],q[0];
h q[1];
cu1(0.5*pi) q[2],q[1];
rx(0.12732395447351627*pi) q[1];
h q[2];
measure q[1] -> c[1];
swap q[0],q[2];
measure q[0] -> c[0];
measure q[2] -> c[2];
