// Generated from Cirq v1.7.0

OPENQASM 2.0;
include "qelib1.inc";


// Qubits: [q(0), q(1)]
qreg q[2];
creg m_first[1];
creg m_second[1];


h q[0];
measure q[0] -> m_first[0];
reset q[0];
ry(pi*0.3501408748) q[0];
cx q[0],q[1];
measure q[1] -> m_second[0];
