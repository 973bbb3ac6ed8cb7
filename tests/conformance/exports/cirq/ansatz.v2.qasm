// Generated from Cirq v1.7.0

OPENQASM 2.0;
include "qelib1.inc";


// Qubits: [q(0), q(1)]
qreg q[2];
creg m_z[2];


ry(pi*0.2228169203) q[0];
rz(pi*0.4456338407) q[1];
cx q[0],q[1];
rx(pi*0.1114084602) q[1];

// Gate: cirq.MeasurementGate(2, cirq.MeasurementKey(name='z'), ())
measure q[0] -> m_z[0];
measure q[1] -> m_z[1];
