OPENQASM 2.0;
include "qelib1.inc";
gate pair q0,q1 { h q0; rzz(0.3) q0,q1; cx q0,q1; }
gate pair_dg q0,q1 { cx q0,q1; rzz(-0.3) q0,q1; h q0; }
gate cpair q0,q1,q2 { s q1; h q1; t q1; cx q0,q1; tdg q1; h q1; sdg q1; ccx q0,q1,q2; crz(0.3) q0,q2; ccx q0,q1,q2; ccx q0,q1,q2; }
gate unitary q0,q1 { u(pi/2,pi/2,-pi/2) q0; u(pi/2,0,-pi/4) q1; cx q0,q1; u(2.841592653589793,-pi,-pi/2) q0; u(2*pi/3,2.526112944919406,-2.526112944919406) q1; cx q0,q1; u(pi/2,pi/2,-pi/2) q0; u(pi/2,-2.056194490192345,0) q1; }
gate unitary_140516910194576 q0 { u(0.3,0.5,0.7) q0; }
qreg q[3];
creg c[3];
pair q[0],q[2];
pair_dg q[1],q[0];
cpair q[2],q[0],q[1];
unitary q[1],q[2];
unitary_140516910194576 q[1];
measure q[0] -> c[0];
measure q[1] -> c[1];
measure q[2] -> c[2];
