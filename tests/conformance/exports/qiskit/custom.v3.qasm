OPENQASM 3.0;
include "stdgates.inc";
gate rzz(p0) _gate_q_0, _gate_q_1 {
  cx _gate_q_0, _gate_q_1;
  rz(p0) _gate_q_1;
  cx _gate_q_0, _gate_q_1;
}
gate pair _gate_q_0, _gate_q_1 {
  h _gate_q_0;
  rzz(0.3) _gate_q_0, _gate_q_1;
  cx _gate_q_0, _gate_q_1;
}
gate pair_dg _gate_q_0, _gate_q_1 {
  cx _gate_q_0, _gate_q_1;
  rzz(-0.3) _gate_q_0, _gate_q_1;
  h _gate_q_0;
}
gate cpair _gate_q_0, _gate_q_1, _gate_q_2 {
  s _gate_q_1;
  h _gate_q_1;
  t _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  tdg _gate_q_1;
  h _gate_q_1;
  sdg _gate_q_1;
  ccx _gate_q_0, _gate_q_1, _gate_q_2;
  crz(0.3) _gate_q_0, _gate_q_2;
  ccx _gate_q_0, _gate_q_1, _gate_q_2;
  ccx _gate_q_0, _gate_q_1, _gate_q_2;
}
gate unitary _gate_q_0, _gate_q_1 {
  U(pi/2, pi/2, -pi/2) _gate_q_0;
  U(pi/2, 0, -pi/4) _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  U(2.841592653589793, -pi, -pi/2) _gate_q_0;
  U(2*pi/3, 2.526112944919406, -2.526112944919406) _gate_q_1;
  cx _gate_q_0, _gate_q_1;
  U(pi/2, pi/2, -pi/2) _gate_q_0;
  U(pi/2, -2.056194490192345, 0) _gate_q_1;
}
gate unitary_0 _gate_q_0 {
  U(0.3, 0.5, 0.7) _gate_q_0;
}
bit[3] c;
qubit[3] q;
pair q[0], q[2];
pair_dg q[1], q[0];
cpair q[2], q[0], q[1];
unitary q[1], q[2];
unitary_0 q[1];
c[0] = measure q[0];
c[1] = measure q[1];
c[2] = measure q[2];
