// Generated from Cirq v1.7.0

OPENQASM 3.0;
include "stdgates.inc";


// Qubits: [q(0), q(1)]
qubit[2] q;
bit[2] m_z;


ry(pi*0.2228169203) q[0];
rz(pi*0.4456338407) q[1];
cx q[0],q[1];
rx(pi*0.1114084602) q[1];

// Gate: cirq.MeasurementGate(2, cirq.MeasurementKey(name='z'), ())
m_z[0] = measure q[0];
m_z[1] = measure q[1];
