OPENQASM 2.0;
include "qelib1.inc";

qreg q[3];
creg c[3];
h q[0];
cx q[0],q[1];
rx(0.2*pi) q[1];
cry(0.26*pi) q[1],q[0];
measure q[1] -> c[1];
cx q[2],q[0];
rx(3.6*pi) q[0];
cry(3.88*pi) q[0],q[2];
measure q[0] -> c[0];
measure q[2] -> c[2];
