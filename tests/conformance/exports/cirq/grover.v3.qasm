// Generated from Cirq v1.7.0

OPENQASM 3.0;
include "stdgates.inc";


// Qubits: [q(0), q(1), q(2)]
qubit[3] q;
bit[3] m_found;


h q[0];
h q[1];
h q[2];
x q[1];

// Gate: CCZ
h q[2];
ccx q[0],q[1],q[2];
h q[2];

x q[1];
h q[0];
h q[2];
h q[1];
x q[0];
x q[2];
x q[1];

// Gate: CCZ
h q[2];
ccx q[0],q[1],q[2];
h q[2];

x q[0];
x q[1];
x q[2];
h q[0];
h q[1];
h q[2];
x q[1];

// Gate: CCZ
h q[2];
ccx q[0],q[1],q[2];
h q[2];

x q[1];
h q[0];
h q[2];
h q[1];
x q[0];
x q[2];
x q[1];

// Gate: CCZ
h q[2];
ccx q[0],q[1],q[2];
h q[2];

x q[0];
x q[1];
x q[2];
h q[0];
h q[1];
h q[2];

// Gate: cirq.MeasurementGate(3, cirq.MeasurementKey(name='found'), ())
m_found[0] = measure q[0];
m_found[1] = measure q[1];
m_found[2] = measure q[2];
