// Generated from Cirq v1.7.0

OPENQASM 3.0;
include "stdgates.inc";


// Qubits: [q(0), q(1), q(2)]
qubit[3] q;
bit[1] m_xb;
bit[1] m_za;
bit[1] m_out;


ry(pi*0.2228169203) q[0];
h q[1];
cx q[1],q[2];
cx q[0],q[1];
h q[0];
m_xb[0] = measure q[1];
m_za[0] = measure q[0];
if (m_xb!=0) x q[2];
if (m_za!=0) z q[2];
m_out[0] = measure q[2];
