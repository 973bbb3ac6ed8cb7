OPENQASM 2.0;
include "qelib1.inc";

qreg q[3];
creg c[3];
h q[0];
h q[1];
cx q[0],q[2];
cry(3.8*pi) q[1],q[2];
cx q[0],q[2];
measure q[0] -> c[0];
cry(0.2*pi) q[1],q[2];
h q[1];
cx q[1],q[2];
measure q[1] -> c[1];
measure q[2] -> c[2];
