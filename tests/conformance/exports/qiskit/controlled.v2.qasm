OPENQASM 2.0;
include "qelib1.inc";
gate mcx q0,q1,q2,q3 { h q3; p(pi/8) q0; p(pi/8) q1; p(pi/8) q2; p(pi/8) q3; cx q0,q1; p(-pi/8) q1; cx q0,q1; cx q1,q2; p(-pi/8) q2; cx q0,q2; p(pi/8) q2; cx q1,q2; p(-pi/8) q2; cx q0,q2; cx q2,q3; p(-pi/8) q3; cx q1,q3; p(pi/8) q3; cx q2,q3; p(-pi/8) q3; cx q0,q3; p(pi/8) q3; cx q2,q3; p(-pi/8) q3; cx q1,q3; p(pi/8) q3; cx q2,q3; p(-pi/8) q3; cx q0,q3; h q3; }
gate mcx_o2 q0,q1,q2,q3 { x q0; x q2; mcx q0,q1,q2,q3; x q0; x q2; }
gate ccry(param0) q0,q1,q2 { cu(0.3,0,0,0) q1,q2; cx q1,q0; cu(-0.3,0,0,0) q0,q2; cx q1,q0; cu(0.3,0,0,0) q0,q2; }
gate ccswap q0,q1,q2,q3 { mcx q0,q1,q2,q3; mcx q0,q1,q3,q2; mcx q0,q1,q2,q3; }
gate ccswap_o1 q0,q1,q2,q3 { x q1; ccswap q0,q1,q2,q3; x q1; }
gate mcphase(param0) q0,q1,q2,q3 { h q3; cx q1,q3; tdg q3; cx q0,q3; t q3; cx q1,q3; tdg q3; cx q0,q3; t q1; t q3; h q3; cx q0,q1; t q0; tdg q1; cx q0,q1; rz(-0.125) q3; cx q2,q3; rz(0.125) q3; h q3; cx q1,q3; tdg q3; cx q0,q3; t q3; cx q1,q3; tdg q3; cx q0,q3; t q1; t q3; h q3; cx q0,q1; t q0; tdg q1; cx q0,q1; rz(-0.125) q3; cx q2,q3; rz(0.125) q3; cx q0,q2; rz(-0.0625) q2; cx q1,q2; rz(0.0625) q2; cx q0,q2; rz(-0.0625) q2; cx q1,q2; rz(0.0625) q2; crz(0.125) q0,q1; p(0.0625) q0; }
gate mcx_140516914460688 q0,q1,q2,q3,q4 { h q4; cp(pi/2) q3,q4; h q4; h q3; t q3; cx q2,q3; tdg q3; h q3; cx q0,q3; t q3; cx q1,q3; tdg q3; cx q0,q3; t q3; cx q1,q3; tdg q3; h q3; t q3; cx q2,q3; tdg q3; h q3; h q4; cp(-pi/2) q3,q4; h q4; h q3; t q3; cx q2,q3; tdg q3; h q3; t q3; cx q1,q3; tdg q3; cx q0,q3; t q3; cx q1,q3; tdg q3; cx q0,q3; h q3; t q3; cx q2,q3; tdg q3; h q3; h q4; cp(pi/8) q0,q4; h q4; cx q0,q1; h q4; cp(-pi/8) q1,q4; h q4; cx q0,q1; h q4; cp(pi/8) q1,q4; h q4; cx q1,q2; h q4; cp(-pi/8) q2,q4; h q4; cx q0,q2; h q4; cp(pi/8) q2,q4; h q4; cx q1,q2; h q4; cp(-pi/8) q2,q4; h q4; cx q0,q2; h q4; cp(pi/8) q2,q4; h q4; }
gate ccz q0,q1,q2 { h q2; ccx q0,q1,q2; h q2; }
gate cs q0,q1 { t q0; cx q0,q1; tdg q1; cx q0,q1; t q1; }
qreg q[5];
creg c[5];
h q[0];
h q[1];
h q[2];
h q[3];
mcx_o2 q[0],q[1],q[2],q[4];
ccry(0.6) q[0],q[3],q[4];
ccswap_o1 q[0],q[1],q[2],q[3];
cu(0.1,0.2,0.3,0.4) q[1],q[2];
cp(0.9) q[2],q[3];
csx q[0],q[3];
ch q[1],q[4];
cry(0.8) q[4],q[0];
mcphase(0.5) q[0],q[1],q[2],q[3];
mcx_140516914460688 q[0],q[1],q[2],q[3],q[4];
ccz q[0],q[1],q[2];
cs q[0],q[1];
h q[0];
h q[1];
h q[2];
h q[3];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
measure q[3] -> c[3];
measure q[4] -> c[4];
