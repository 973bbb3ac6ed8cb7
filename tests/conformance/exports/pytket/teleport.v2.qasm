OPENQASM 2.0;
include "qelib1.inc";

qreg q[3];
creg out[1];
creg x[1];
creg z[1];
ry(0.22281692032865347*pi) q[0];
h q[1];
cx q[1],q[2];
cx q[0],q[1];
h q[0];
measure q[1] -> x[0];
measure q[0] -> z[0];
if(x==1) x q[2];
if(z==1) z q[2];
measure q[2] -> out[0];
