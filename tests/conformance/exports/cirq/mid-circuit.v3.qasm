// Generated from Cirq v1.7.0

OPENQASM 3.0;
include "stdgates.inc";


// Qubits: [q(0), q(1)]
qubit[2] q;
bit[1] m_first;
bit[1] m_second;


h q[0];
m_first[0] = measure q[0];
reset q[0];
ry(pi*0.3501408748) q[0];
cx q[0],q[1];
m_second[0] = measure q[1];
