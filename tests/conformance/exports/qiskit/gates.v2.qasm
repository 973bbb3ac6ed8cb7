OPENQASM 2.0;
include "qelib1.inc";
gate r(param0,param1) q0 { u(param0,-pi/2 + param1,pi/2 - param1) q0; }
gate ryy(param0) q0,q1 { sxdg q0; sxdg q1; cx q0,q1; rz(param0) q1; cx q0,q1; sx q0; sx q1; }
gate rzx(param0) q0,q1 { h q1; cx q0,q1; rz(param0) q1; cx q0,q1; h q1; }
gate iswap q0,q1 { s q0; s q1; h q0; cx q0,q1; cx q1,q0; h q1; }
gate dcx q0,q1 { cx q0,q1; cx q1,q0; }
gate ecr q0,q1 { s q0; sx q1; cx q0,q1; x q0; }
gate rcccx q0,q1,q2,q3 { h q3; t q3; cx q2,q3; tdg q3; h q3; cx q0,q3; t q3; cx q1,q3; tdg q3; cx q0,q3; t q3; cx q1,q3; tdg q3; h q3; t q3; cx q2,q3; tdg q3; h q3; }
qreg q[4];
creg c[4];
h q[0];
h q[1];
h q[2];
h q[3];
x q[0];
y q[0];
z q[0];
s q[0];
sdg q[0];
t q[0];
tdg q[0];
sx q[0];
sxdg q[0];
id q[0];
p(0.1) q[0];
r(0.2,0.3) q[1];
rx(0.4) q[2];
ry(0.5) q[3];
rz(0.6) q[0];
u(0.7,0.8,0.9) q[1];
rxx(0.1) q[0],q[1];
ryy(0.2) q[1],q[2];
rzz(0.3) q[2],q[3];
rzx(0.4) q[3],q[0];
cy q[0],q[1];
cz q[1],q[2];
crx(0.5) q[2],q[3];
crz(0.6) q[3],q[0];
swap q[0],q[2];
iswap q[1],q[3];
dcx q[0],q[1];
ecr q[2],q[3];
cswap q[0],q[1],q[2];
ccx q[1],q[2],q[3];
rccx q[0],q[1],q[3];
rcccx q[0],q[1],q[2],q[3];
h q[0];
h q[1];
h q[2];
h q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
