// Generated from Cirq v1.7.0

OPENQASM 2.0;
include "qelib1.inc";


// Qubits: [q(0), q(1), q(2)]
qreg q[3];
creg m_xb[1];
creg m_za[1];
creg m_out[1];


ry(pi*0.2228169203) q[0];
h q[1];
cx q[1],q[2];
cx q[0],q[1];
h q[0];
measure q[1] -> m_xb[0];
measure q[0] -> m_za[0];
if (m_xb==1) x q[2];
if (m_za==1) z q[2];
measure q[2] -> m_out[0];
