// Generated from Cirq v1.7.0

OPENQASM 3.0;
include "stdgates.inc";


// Qubits: [q(0), q(1), q(2)]
qubit[3] q;
bit[1] m_q0;
bit[1] m_q1;
bit[1] m_q2;


h q[0];
cx q[0],q[1];
cx q[1],q[2];
m_q0[0] = measure q[0];
m_q1[0] = measure q[1];
m_q2[0] = measure q[2];
